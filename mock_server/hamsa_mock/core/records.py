"""What the journal keeps: references to what happened, and how much of its bounds each of them takes.

Nothing is formatted, hashed or copied here; `core/journal_entries.py` does that for who reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from sys import getsizeof
from typing import TypeAlias, TypeGuard

from websockets.frames import Opcode

from hamsa_kit.transcript import Scalar, start_digest
from hamsa_mock.core import events
from hamsa_mock.core.actions import Action, Raw, Reject, Reply, Request, Send, Single
from hamsa_mock.core.http import HttpRequest

HEAVY = 4096
"""Bytes of audio in one step, from which on letting go of it is worth while."""

_TEXTUAL = ("application/json", "application/x-www-form-urlencoded", "text/")

Recorded: TypeAlias = (
    events.Opening
    | events.Text
    | events.Binary
    | events.Pinged
    | events.Ponged
    | events.PeerClosed
    | events.Failed
    | events.Lost
)
"""The events that make an entry."""


@dataclass(slots=True)
class Numbering:
    """Gives out the sequence numbers of one connection, or of all plain HTTP."""

    taken: int = 0

    def take(self, count: int) -> int:
        """The first of so many new numbers."""
        first = self.taken + 1
        self.taken += count
        return first


@dataclass(slots=True, eq=False, weakref_slot=True)
class Party:
    """Who an entry is about: a connection, or, with `connection` None, one exchange of plain HTTP.

    `secrets`: the keys that came with its handshake or request. `messages`: how many the client has sent.
    """

    connection: int | None
    provider: str | None
    numbering: Numbering
    exchange: int | None = None
    secrets: frozenset[str] = frozenset()
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """A binary message that was sent, without its payload."""

    event: str
    request: Request | None
    ordinal: int
    nbytes: int
    digest: str


@dataclass(slots=True, eq=False)
class Step:
    """One step of a session. `request`: number of the request that the event is, if it is one."""

    event: Recorded | None
    request: int | None
    actions: Sequence[Action | Outline]

    def singles(self) -> Iterator[Recorded | Single | Outline]:
        """The event and the actions, each a thing of its own on the wire."""
        if self.event is not None:
            yield self.event
        for action in self.actions:
            if isinstance(action, Reply):
                yield from action.sends()
            else:
                yield action

    def lighten(self) -> None:
        """Let go of the audio; sizes and hashes stay."""
        actions: list[Action | Outline] = []
        for action in self.actions:
            actions += map(_outlined, action.sends()) if isinstance(action, Reply) else [_outlined(action)]
        self.actions = actions


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was told, and why."""

    event: str
    words: str
    data: Mapping[str, Scalar]


@dataclass(slots=True, eq=False)
class HttpAnswered:
    """An answer, and what has been sent of its body so far, in `pieces` while these are held."""

    status: int
    headers: Mapping[str, str]
    pieces: list[bytes] = field(default_factory=list[bytes])
    nbytes: int = 0
    whole: bool = False
    hashed: blake2b | None = None

    def sent(self, piece: bytes) -> int:
        """So much more of the body has left; how many bytes more are held."""
        self.nbytes += len(piece)
        if self.hashed is not None:
            self.hashed.update(piece)
            return 0
        self.pieces.append(piece)
        return len(piece)

    def lighten(self) -> None:
        """Let go of the body, also of what will still be sent of it; size and hash stay."""
        self.hashed = start_digest(self.pieces)
        self.pieces.clear()


Subject: TypeAlias = Step | Note | HttpRequest | HttpAnswered


@dataclass(slots=True, eq=False)
class Record:
    """One or more entries that came at once, beginning with these numbers.

    `time`: seconds of the World's clock; `real`: seconds since the epoch. `nbytes`: what it holds. `held`: whether it
    is still in the ring.
    """

    party: Party
    position: int
    sequence: int
    count: int
    nbytes: int
    time: float
    real: float
    subject: Subject
    held: bool = True


def count_of(step: Step) -> int:
    """How many entries a step makes."""
    count = 0 if step.event is None else 1
    for action in step.actions:
        if isinstance(action, Reply):
            count += len(action.chunks) + (action.ack is not None) + (action.end is not None)
        else:
            count += 1
    return count


def can_lighten(subject: Subject, nbytes: int) -> TypeGuard[Step | HttpAnswered]:
    """Whether it is worth while to let go of the payload of something that holds so many bytes."""
    match subject:
        case Step():
            return nbytes - _event_bytes(subject.event) >= HEAVY
        case HttpAnswered():
            return not is_text(subject.headers)
        case _:
            return False


def is_text(headers: Mapping[str, str]) -> bool:
    """Whether the body behind these headers is text."""
    types = [value for name, value in headers.items() if name.lower() == "content-type"]
    return bool(types) and types[0].startswith(_TEXTUAL)


def nbytes_of(subject: Subject) -> int:
    """How many bytes something holds in memory, at most. A message that many connections share counts for each."""
    match subject:
        case Step():
            return _event_bytes(subject.event) + sum([_action_bytes(action) for action in subject.actions])
        case Note():
            return 2 * getsizeof(subject.words)
        case HttpRequest():
            return _head_bytes(subject) + len(subject.body or b"")
        case _:  # HttpAnswered
            return sum(map(len, subject.pieces))


def _event_bytes(event: Recorded | None) -> int:
    match event:
        case events.Text():
            return getsizeof(event.data)
        case events.Binary():
            return len(event.data)
        case events.Opening():
            return _head_bytes(event)
        case _:
            return 0


def _outlined(action: Action | Outline) -> Action | Outline:
    if not isinstance(action, Send) or action.message.opcode is not Opcode.BINARY:
        return action
    message = action.message
    return Outline(action.event, action.request, action.ordinal, message.nbytes, message.digest)


def _action_bytes(action: Action | Outline) -> int:
    match action:
        case Reply():
            return sum([chunk.nbytes for chunk in action.chunks])
        case Send():
            return action.message.nbytes
        case Raw():
            return len(action.data)
        case Reject():
            return len(action.body)
        case _:
            return 0


def _head_bytes(head: events.Opening | HttpRequest) -> int:
    fields = (head.query, head.headers)
    return getsizeof(head.path) + sum([getsizeof(text) for each in fields for pair in each.items() for text in pair])
