"""Answers that are cut short, where and how the observed service does not."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from hamsa_mock.core.actions import Action, Close, Send, Single, Why
from hamsa_mock.core.events import Event
from hamsa_mock.core.messages import binary_message
from hamsa_mock.faults.fault import event_of
from hamsa_mock.providers.hamsa.truncation import Truncation
from tests.conformance.mutants.mutant import Change, chosen, mutant, replaced
from tests.conformance.mutants.wire import Rewrite, each, message, steps

CUT_BYTES = 640
BYTES = "hamsa.tts.truncated_bytes"


def _is_cut(action: Single) -> bool:
    return event_of(action) == "chunk" and isinstance(action, Send) and action.message.nbytes == CUT_BYTES


def _cut_chunk(rewrite: Rewrite) -> Change:
    """Other things stand for the one chunk of an answer that is cut short."""
    return each("chunk", lambda chunk: rewrite(chunk) if _is_cut(chunk) else [chunk])


def _in_halves(chunk: Single) -> Iterable[Single]:
    assert isinstance(chunk, Send)
    audio = chunk.message.payload
    for ordinal, half in enumerate((audio[: CUT_BYTES // 2], audio[CUT_BYTES // 2 :]), 1):
        yield replace(chunk, message=binary_message(half), ordinal=ordinal)


def _behind_cut(*instead: Single) -> Change:
    """Other things stand for the end of an answer that is cut short."""

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        cut = any(map(_is_cut, actions))
        for action in actions:
            yield from instead if cut and event_of(action) == "end" else [action]

    return steps(lambda: step)


def _cuts(decide: Any) -> Change:
    """Which answers are cut is decided otherwise, by the usual decision, whether it is the first of its connection, and
    what is known of the connection."""

    def of_answer(original: Any) -> Any:
        def decided(self: Any, request: Any, key: Any, first: bool, of_connection: Why | None) -> Why | None:
            usual = original(self, request, key, first, of_connection)
            why: Why | None = decide(usual, first, of_connection)
            return why

        return decided

    return replaced(Truncation, "of_answer", of_answer)


def _cuts_all(original: Any) -> Any:
    return lambda self, key, address, now: Why("every connection")


def _without_address(original: Any) -> Any:
    addresses = count()
    return lambda self, key, address, now: original(self, key, str(next(addresses)), now)


MUTANTS = (
    mutant(
        "truncation.of_all_connections",
        "The first answer of every connection is cut short.",
        "FAQ-1",
        replaced(Truncation, "connected", _cuts_all),
    ),
    mutant(
        "truncation.addresses_uncounted",
        "Connections of an address are not counted.",
        "FAQ-3",
        replaced(Truncation, "connected", _without_address),
    ),
    mutant("truncation.639_bytes", "An answer that is cut short has 639 bytes.", "FAQ-1", chosen(BYTES, 639)),
    mutant("truncation.641_bytes", "An answer that is cut short has 641 bytes.", "FAQ-1", chosen(BYTES, 641)),
    mutant("truncation.no_bytes", "An answer that is cut short has no bytes.", "FAQ-1", chosen(BYTES, 0)),
    mutant(
        "truncation.two_chunks", "An answer that is cut short comes in two chunks.", "FAQ-1", _cut_chunk(_in_halves)
    ),
    mutant("truncation.without_end", "An answer that is cut short has no end.", "FAQ-1", _behind_cut()),
    mutant(
        "truncation.with_error",
        "An answer that is cut short ends with an error.",
        "FAQ-1",
        _behind_cut(message("error", "TTS stream error: aborted")),
    ),
    mutant(
        "truncation.closes", "An answer that is cut short ends with a close.", "FAQ-1", _behind_cut(Close(1011, ""))
    ),
    mutant(
        "truncation.of_later_answers",
        "Every answer but the first of a connection is cut short.",
        "FAQ-2",
        _cuts(lambda usual, first, of_connection: usual if first else Why("not the first")),
    ),
    mutant(
        "truncation.9000_bytes",
        "Later answers of a connection have 9000 bytes.",
        "FAQ-2",
        chosen(BYTES, 9000),
        _cuts(lambda usual, first, of_connection: usual if first else Why("not the first")),
    ),
    mutant(
        "truncation.of_connection",
        "All answers of a connection are cut short if the first one is.",
        "FAQ-5",
        _cuts(lambda usual, first, of_connection: usual or of_connection),
    ),
    mutant(
        "truncation.after_600_seconds",
        "Answers are whole again only after 600 seconds.",
        "FAQ-4",
        chosen("hamsa.limit.connections_window", 600),
    ),
)
