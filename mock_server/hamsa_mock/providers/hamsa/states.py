"""The states of a Hamsa connection. Every transition is in this table; the drawing in the docs is made from it.

A message type that the table does not list for a state is answered with the documented wire error, and the
state stays as it is.
"""

from collections.abc import Mapping
from enum import Enum


class State(Enum):
    """Where a connection stands."""

    OPENING = "opening"
    AUTHENTICATING = "authenticating"
    IDLE = "idle"
    ANSWERING = "answering"
    CLOSED = "closed"


class Trigger(Enum):
    """What moves a connection on. The values are the names in the drawing."""

    UPGRADE = "upgrade accepted"
    KEY_ACCEPTED = "key accepted / info"
    KEY_REFUSED = "key refused / error, close 4001, 4003 or 4500"
    TTS = "tts / ack"
    STT = "stt"
    QUEUE_EMPTY = "last answer given / end or transcript"
    BROKE = "wallet empty / error, close 4003"
    HEARD_NOTHING = "nothing heard / close 1000, if so chosen"
    INACTIVE = "60 minutes without activity / close 1000"
    UNANSWERED = "ping not answered / close 1011, if so chosen"
    SHUTDOWN = "shutdown / close 1001"
    GONE = "client closed, failed or lost"


MESSAGE_TYPES: Mapping[str, Trigger] = {"tts": Trigger.TTS, "stt": Trigger.STT}
"""The message types a client may send."""

TRANSITIONS: Mapping[State, Mapping[Trigger, State]] = {
    State.OPENING: {
        Trigger.UPGRADE: State.AUTHENTICATING,
        Trigger.SHUTDOWN: State.CLOSED,
        Trigger.GONE: State.CLOSED,
    },
    State.AUTHENTICATING: {
        Trigger.KEY_ACCEPTED: State.IDLE,
        Trigger.KEY_REFUSED: State.CLOSED,
        Trigger.SHUTDOWN: State.CLOSED,
        Trigger.GONE: State.CLOSED,
    },
    State.IDLE: {
        Trigger.TTS: State.ANSWERING,
        Trigger.STT: State.ANSWERING,
        Trigger.BROKE: State.CLOSED,
        Trigger.INACTIVE: State.CLOSED,
        Trigger.UNANSWERED: State.CLOSED,
        Trigger.SHUTDOWN: State.CLOSED,
        Trigger.GONE: State.CLOSED,
    },
    State.ANSWERING: {
        Trigger.HEARD_NOTHING: State.CLOSED,
        Trigger.TTS: State.ANSWERING,
        Trigger.STT: State.ANSWERING,
        Trigger.QUEUE_EMPTY: State.IDLE,
        Trigger.BROKE: State.CLOSED,
        Trigger.INACTIVE: State.CLOSED,
        Trigger.UNANSWERED: State.CLOSED,
        Trigger.SHUTDOWN: State.CLOSED,
        Trigger.GONE: State.CLOSED,
    },
    State.CLOSED: {
        Trigger.GONE: State.CLOSED,
    },
}
