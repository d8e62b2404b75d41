"""What a WebSocket client sees of its connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The server's answer to the upgrade request. Only with status 101 is the connection open. Header names are in
    lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A whole text message. `frames`: how many it came in. `at`: when its last one did, in seconds of the recorder's
    clock; so with the other events."""

    text: str
    frames: int = 1
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class BinaryMessage:
    """A whole binary message."""

    data: bytes = field(repr=False)
    frames: int = 1
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class PingFrame:
    """A ping of the server. The session answers it, unless it was told not to."""

    payload: bytes
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class PongFrame:
    """A pong of the server."""

    payload: bytes
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class CloseFrame:
    """The server's close frame; code 1005 stands for one without a code (RFC 6455, 7.1.5)."""

    code: int
    reason: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Broken:
    """The server broke HTTP or RFC 6455, and the client fails the connection. `why`: how, in words."""

    why: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """The TCP connection has ended, with or without a close frame before."""

    at: float = 0.0


ClientEvent: TypeAlias = Upgraded | TextMessage | BinaryMessage | PingFrame | PongFrame | CloseFrame | Broken | Ended
