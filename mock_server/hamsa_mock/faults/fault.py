"""The contract of a fault: what it can be addressed to, and what it makes of the action that it is addressed to."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

from hamsa_mock.core.actions import Accept, Close, Ping, Pong, Raw, Request, Send, Single
from hamsa_mock.core.http import HttpAnswer
from hamsa_mock.core.messages import Message

Place: TypeAlias = Literal["before", "after", "instead of"]
PLACES: tuple[Place, ...] = ("before", "after", "instead of")

TEXTS = ("info", "ack", "end", "error", "transcript")
"""The events that are text messages."""
MESSAGES = ("chunk", *TEXTS, "message")
"""The events that are messages; `message` is any of them."""
CONNECTION = (*MESSAGES, "accept", "ping", "pong", "close")
"""Everything that can be addressed on a WebSocket."""
COUNTED = "chunk"
"""The event that an answer has several of."""

Chances: TypeAlias = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Later:
    """What follows in the same lane leaves so many seconds after it was ordered, at the earliest. `everything`: what
    follows in any lane."""

    seconds: float
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What follows in the same lane leaves so many seconds after what was before it. `gathered`: that is only noted,
    and waited for with the next gap that is not."""

    seconds: float
    gathered: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """The action leaves behind the next event of this name of the same request; None: behind the next of its lane."""

    action: Single
    until: str | None


@dataclass(frozen=True, slots=True)
class Mute:
    """Nothing leaves any more."""


Element: TypeAlias = Single | Later | Gap | Hold | Mute
"""What a fault makes of an action is a row of these."""


class Kind(ABC):
    """What all kinds tell of themselves. Their fields are their parameters."""

    summary: ClassVar[str]
    example: ClassVar[str]
    """In the text form. The tests play it on a wire."""
    events: ClassVar[tuple[str, ...]]
    """What it can be addressed to; the first one where nothing is said."""
    places: ClassVar[tuple[Place, ...]]
    """Where it can stand; the first one where nothing is said."""


class Fault(Kind):
    """A fault of a WebSocket connection."""

    @abstractmethod
    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        """What happens instead of the action alone. `chance` draws from 0 up to, not including, 1."""


class Insertion(Fault):
    """Something happens before, after or instead of an event."""

    events: ClassVar[tuple[str, ...]] = CONNECTION
    places: ClassVar[tuple[Place, ...]] = ("after", "before", "instead of")

    @abstractmethod
    def inserted(self) -> Sequence[Element]:
        """What happens."""

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        match place:
            case "before":
                return [*self.inserted(), action]
            case "after":
                return [action, *self.inserted()]
            case _:
                return self.inserted()


class MessageChange(Fault):
    """Other messages stand instead of the one that was ordered."""

    events: ClassVar[tuple[str, ...]] = MESSAGES
    places: ClassVar[tuple[Place, ...]] = ("instead of",)

    @abstractmethod
    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        """What goes out instead of a message."""

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        if not isinstance(action, Send):
            return [action]  # an earlier fault has made bytes of it
        return [replace(action, message=message) for message in self.changed(action.message, chance)]


class FrameChange(Fault):
    """Bytes stand instead of the frame of a message."""

    events: ClassVar[tuple[str, ...]] = MESSAGES
    places: ClassVar[tuple[Place, ...]] = ("instead of",)

    @abstractmethod
    def frames(self, message: Message) -> bytes:
        """The bytes."""

    @abstractmethod
    def readable(self, message: Message) -> int:
        """How many bytes of the message's payload a client can read out of them."""

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        if not isinstance(action, Send):
            return [action]  # an earlier fault has made bytes of it
        message = action.message
        return [Raw(self.frames(message), action.event, action.request, action.ordinal, self.readable(message))]


class HttpFault(Kind):
    """A fault of a REST answer. `request`: nothing is done of what was asked; `answer`: only the answer suffers."""

    events: ClassVar[tuple[str, ...]] = ("answer", "request")
    places: ClassVar[tuple[Place, ...]] = ("instead of",)

    @abstractmethod
    def answer(self, answer: HttpAnswer) -> HttpAnswer:
        """What is answered instead."""


def request_of(action: Single) -> Request | None:
    """The request that an action answers, if it does."""
    return action.request if isinstance(action, Send | Raw) else None


def event_of(action: Single) -> str | None:
    """The name by which a fault is addressed to an action; None: no fault can be."""
    match action:
        case Send() | Raw():
            return action.event
        case Accept():
            return "accept"
        case Ping():
            return "ping"
        case Pong():
            return "pong"
        case Close():
            return "close"
        case _:
            return None
