"""How connections end: of clients without money, of those who are turned away, after inactivity."""

from collections.abc import Iterable
from typing import Any

from hamsa_mock.core import events
from hamsa_mock.core.actions import Action, Close, Fin, Single
from hamsa_mock.core.events import Event, Opening
from hamsa_mock.faults.fault import event_of
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.authentication import Doorkeeper
from hamsa_mock.providers.hamsa.keepalive import KeepAlive
from tests.conformance.mutants.mutant import chosen, mutant, replaced
from tests.conformance.mutants.wire import Steps, closing, each, message, steps


def _never_broke(original: Any) -> Any:
    return lambda self, key: None


def _broke_at_the_door(original: Any) -> Any:
    """Money is looked at when a client connects, and never again."""

    def judge(self: Any, opening: Opening) -> Any:
        key = self.judge_key(self.key_sent(opening) or "")
        refusal = _broke(self, key) if isinstance(key, Key) else None
        return refusal or original(self, opening)

    return judge


_broke = Doorkeeper.broke


def _broke_below_zero(original: Any) -> Any:
    def broke(self: Any, key: Key) -> Any:
        return original(self, key) if self._wallets.balance(self._accounts.project_of(key)) < 0 else None

    return broke


def _error_instead_of_close() -> Steps:
    """A client without money gets an error for each request, and stays."""

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        return [action for action in actions if not (isinstance(action, Close) and action.code == 4003)]

    return step


def _silently_refused(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    closes = any(isinstance(action, Close) and action.code >= 4000 for action in actions)
    for action in actions:
        if closes and isinstance(action, Close):
            yield Close(action.code, "")
        elif not (closes and event_of(action) == "error"):
            yield action


def _wrong_way_round(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    """The error comes behind the close, where it goes nowhere, and the close has no reason."""
    return sorted(_silently_refused(event, actions), key=lambda action: not isinstance(action, Close))


def _closes_after(count: int) -> Steps:
    taken = 0

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        nonlocal taken
        taken += isinstance(event, events.Text)
        yield from actions
        if taken == count and any(event_of(action) in ("end", "transcript", "error") for action in actions):
            yield closing(1000)

    return lambda event, actions: step(event, actions)


def _not_active(original: Any) -> Any:
    return lambda self, now: None


def _active_by_pings(original: Any) -> Any:
    def ping_due(self: Any, now: float) -> bool:
        due: bool = original(self, now)
        if due:
            self._active = now
        return due

    return ping_due


MUTANTS = (
    mutant(
        "closes.not",
        "A client with a wrong key gets its error and may stay.",
        "API-17",
        each("close", lambda action: [] if isinstance(action, Close) and action.code == 4001 else [action]),
    ),
    mutant("closes.without_code", "Close frames have no code.", "API-17", each("close", lambda action: [closing(0)])),
    mutant(
        "closes.without_frame",
        "The connection of a client with a wrong key ends without a close frame.",
        "API-17",
        each("close", lambda action: [Fin()]),
    ),
    mutant(
        "closes.never_broke", "An empty wallet is not noticed.", "API-18", replaced(Doorkeeper, "broke", _never_broke)
    ),
    mutant(
        "closes.broke_below_zero",
        "A wallet counts as empty only below zero.",
        "API-25",
        replaced(Doorkeeper, "broke", _broke_below_zero),
    ),
    mutant(
        "closes.broke_later",
        "A wallet that empties itself while a client is connected is not noticed.",
        "API-18",
        replaced(Doorkeeper, "judge", _broke_at_the_door),
        replaced(Doorkeeper, "broke", _never_broke),
    ),
    mutant(
        "closes.broke_stays",
        "A client without money gets an error for each request, and may stay.",
        "API-18",
        steps(_error_instead_of_close),
    ),
    mutant(
        "closes.silent",
        "A client that is turned away is not told why, neither before nor in the close.",
        "API-22",
        steps(lambda: _silently_refused),
    ),
    mutant(
        "closes.no_funds_silent",
        "A client without money is not told why it is turned away.",
        "API-25",
        steps(lambda: _wrong_way_round),
    ),
    mutant(
        "closes.after_59_minutes",
        "Inactivity ends a connection after 59 minutes.",
        "API-3",
        chosen("hamsa.keepalive.inactivity", 3540),
    ),
    mutant(
        "closes.after_61_minutes",
        "Inactivity ends a connection after 61 minutes.",
        "API-3",
        chosen("hamsa.keepalive.inactivity", 3660),
    ),
    mutant(
        "closes.never_inactive",
        "Inactivity never ends a connection.",
        "API-3",
        chosen("hamsa.keepalive.inactivity", 864000),
    ),
    mutant(
        "closes.own_pings_count",
        "The server's own pings count as activity.",
        "API-3",
        replaced(KeepAlive, "ping_due", _active_by_pings),
    ),
    mutant(
        "closes.in_use",
        "A connection ends after 60 minutes though it is used.",
        "FAQ-7",
        replaced(KeepAlive, "activity", _not_active),
    ),
    mutant(
        "closes.after_three", "A connection ends behind its third answer.", "API-1", steps(lambda: _closes_after(3))
    ),
    mutant(
        "closes.inactivity_with_error",
        "An error comes in front of the close after inactivity.",
        "API-20",
        each(
            "close",
            lambda action: (
                [message("error", "inactive"), action]
                if isinstance(action, Close) and action.code == 1000
                else [action]
            ),
        ),
    ),
)
