"""What a session orders. Every action is due now: the future exists only as a session's deadline.

Actions that answer a request say which, and what they are (`ack`, `chunk`, `end`, ...): stages address them by
that, and never parse what is on its way out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from hamsa_mock.core.messages import Message


@dataclass(frozen=True, slots=True)
class Why:
    """Why the mock refuses, closes or cuts: in plain words, and the behaviour that decides it, if one does. `basis`: of
    the rule that decides where no behaviour does, such as `documented`.
    """

    words: str
    behaviour: str | None = None
    basis: str | None = None

    def on(self, basis: str) -> "Why":
        """The same on this basis, unless a behaviour decides or it has one."""
        return self if self.behaviour is not None or self.basis is not None else replace(self, basis=basis)


@dataclass(slots=True, eq=False)
class Request:
    """One request of a connection: its number (from 1), its type, and what of it is worth telling.

    `arrived` is in seconds of the World's clock. `details` and `notes` grow while the request is worked on;
    a note says why its answer is cut, late, or other than asked for. `text`, where one is to be spoken, is for
    matching: it is never logged.
    """

    number: int
    type: str
    arrived: float
    text: str = field(default="", repr=False, kw_only=True)
    details: dict[str, str | int | float] = field(default_factory=dict[str, str | int | float])
    notes: list[Why] = field(default_factory=list[Why])


@dataclass(frozen=True, slots=True)
class Accept:
    """Answer the upgrade with 101. `key`, the one that came with it, is for matching: it is never logged. `why`: why
    the answer is late, if it is."""

    key: str | None = field(default=None, repr=False, compare=False)
    why: Why | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reject:
    """Answer the upgrade with an HTTP response instead, and end the connection."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Send one message. `ordinal` counts the events of one name within a request, from 1."""

    event: str
    message: Message
    request: Request | None = None
    ordinal: int = 1
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A run of messages of one request, written with one system call.

    `ack` and `end` are there when the run holds the answer's begin or end; `first` is the ordinal of the
    first chunk.
    """

    request: Request
    ack: Message | None
    chunks: Sequence[Message]
    end: Message | None
    first: int = 1

    def sends(self) -> Iterator[Send]:
        """The same as single messages."""
        if self.ack is not None:
            yield Send("ack", self.ack, self.request)
        for ordinal, chunk in enumerate(self.chunks, self.first):
            yield Send("chunk", chunk, self.request, ordinal)
        if self.end is not None:
            yield Send("end", self.end, self.request)


@dataclass(frozen=True, slots=True)
class Ping:
    """Send a ping frame (RFC 6455, 5.5.2)."""

    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Pong:
    """Send a pong frame with the payload of the client's ping (RFC 6455, 5.5.3)."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """Write bytes as they are: frames that no message can be, in place of the event that they are named after.

    `nbytes`: so much of the event's payload a client can read out of them.
    """

    data: bytes
    event: str
    request: Request | None = None
    ordinal: int = 1
    nbytes: int = 0


@dataclass(frozen=True, slots=True)
class Close:
    """Send a close frame, after all that was sent before it. Code 0: without a code."""

    code: int
    reason: str
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Fin:
    """End our side of the TCP connection after all that was sent before it, without a close frame."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the TCP connection (RST). What is still on its way is lost; `drained`: only after everything sent has
    arrived."""

    drained: bool = False


@dataclass(frozen=True, slots=True)
class Abort:
    """Drop the TCP connection now, whatever waits to be sent."""


Single: TypeAlias = Accept | Reject | Send | Raw | Ping | Pong | Close | Fin | Reset | Abort
"""An action that is one thing on the wire."""

Action: TypeAlias = Single | Reply
