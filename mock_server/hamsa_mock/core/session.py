"""The contract between a connection and what answers on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hamsa_mock.core.actions import Action
from hamsa_mock.core.events import Event


class Session(Protocol):
    """One side of one connection, without I/O: events in, actions out, time as an argument.

    Times are seconds of the World's clock. `deadline`: call `tick` then; None: nothing to wait for.
    `hungry`: False asks the shell to hold further messages back, until a step has made it True again.
    """

    @property
    def deadline(self) -> float | None: ...

    @property
    def hungry(self) -> bool: ...

    def receive(self, event: Event, now: float) -> list[Action]:
        """Take one event, order what follows from it at once."""
        ...

    def tick(self, now: float) -> list[Action]:
        """The deadline has come: order what is due."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """A path that takes an upgrade: what makes the session of a new connection, the size in bytes above
    which a message fails the connection with 1009, and whether permessage-deflate is accepted (RFC 7692)."""

    make: Callable[[], Session]
    message_bytes: int
    compression: bool = False


class Stage(Protocol):
    """Something between session and shell that sees, and may change, every step of a connection."""

    def step(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        """Take what the session ordered in one step; return what is to be done.

        `event` is what the session received; None: it was a tick.
        """
        ...


class Staged:
    """A session seen through its stages, in order: itself a session."""

    __slots__ = ("_session", "_stages")

    def __init__(self, session: Session, stages: list[Stage]) -> None:
        self._session = session
        self._stages = stages

    @property
    def deadline(self) -> float | None:
        return self._session.deadline

    @property
    def hungry(self) -> bool:
        return self._session.hungry

    def receive(self, event: Event, now: float) -> list[Action]:
        return self._through(event, self._session.receive(event, now), now)

    def tick(self, now: float) -> list[Action]:
        return self._through(None, self._session.tick(now), now)

    def _through(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        for stage in self._stages:
            actions = stage.step(event, actions, now)
        return actions
