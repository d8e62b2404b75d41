"""The contract between a connection and what answers on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hamsa_mock.core.actions import Action, Pong, Request, Why
from hamsa_mock.core.events import Blocked, Event, Pinged, Writable


class Session(Protocol):
    """One side of one connection, without I/O: events in, actions out, time as an argument.

    Times are seconds of the World's clock. `deadline`: call `tick` then; None: nothing to wait for.
    `hungry`: False asks the shell to hold further messages back, until a step has made it True again. `request`: the
    one it took last; None: there was none.
    """

    @property
    def deadline(self) -> float | None: ...

    @property
    def hungry(self) -> bool: ...

    @property
    def request(self) -> Request | None: ...

    def receive(self, event: Event, now: float) -> list[Action]:
        """Take one event, order what follows from it at once."""
        ...

    def tick(self, now: float) -> list[Action]:
        """The deadline has come: order what is due."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """A path that takes an upgrade: what makes the session of a new connection, the size in bytes above
    which a message fails the connection with 1009, the reason for that, and whether permessage-deflate is
    accepted (RFC 7692)."""

    make: Callable[[], Session]
    message_bytes: int
    too_large: Why
    compression: bool = False


class Stage(Protocol):
    """Something between session and shell that sees, and may change, every step of a connection."""

    def step(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        """Take what the session ordered in one step; return what is to be done.

        `event` is what the session received; None: it was a tick.
        """
        ...


class HoldingStage(Stage, Protocol):
    """A stage that may hold actions back for a time.

    `deadline`: what it holds is due then, in seconds of the World's clock, and leaves by a `step` without an event;
    None: it holds nothing. `full`: it holds so much that the session should make nothing more.
    """

    @property
    def deadline(self) -> float | None: ...

    @property
    def full(self) -> bool: ...


class Staged:
    """A session seen through its stages, in order: itself a session.

    It orders the pong to a ping, so that a stage can hold it back or drop it like anything else. The session is told
    that it is blocked while the peer does not read, or while the first stage, if that is `holding`, is full.
    """

    __slots__ = ("_holding", "_peer_blocked", "_session", "_stages", "_told_blocked")

    def __init__(self, session: Session, stages: list[Stage], holding: HoldingStage | None = None) -> None:
        """`stages` come behind the holding one, and so see what really goes out."""
        self._session = session
        self._stages = stages if holding is None else [holding, *stages]
        self._holding = holding
        self._peer_blocked = False
        self._told_blocked = False

    @property
    def deadline(self) -> float | None:
        """The earlier one of the session's and the holding stage's."""
        deadline = self._session.deadline
        held = None if self._holding is None else self._holding.deadline
        if held is None or deadline is None:
            return deadline if held is None else held
        return min(deadline, held)

    @property
    def hungry(self) -> bool:
        return self._session.hungry and not (self._holding is not None and self._holding.full)

    @property
    def request(self) -> Request | None:
        return self._session.request

    def receive(self, event: Event, now: float) -> list[Action]:
        if isinstance(event, Blocked | Writable):
            self._peer_blocked = isinstance(event, Blocked)
            return self._through(event, [], now)
        actions = self._session.receive(event, now)
        if isinstance(event, Pinged):
            actions = [Pong(event.payload), *actions]
        return self._through(event, actions, now)

    def tick(self, now: float) -> list[Action]:
        deadline = self._session.deadline
        due = deadline is not None and deadline <= now
        return self._through(None, self._session.tick(now) if due else [], now)

    def insert(self, action: Action, now: float) -> list[Action]:
        """Let the stages see an action that nobody in here has ordered; what is to be done."""
        return self._through(None, [action], now)

    def _through(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        for stage in self._stages:
            actions = stage.step(event, actions, now)
        blocked = self._peer_blocked or (self._holding is not None and self._holding.full)
        if blocked is not self._told_blocked:
            self._told_blocked = blocked
            told = Blocked() if blocked else Writable()
            return actions + self._through(None, self._session.receive(told, now), now)
        return actions
