"""What a connection can experience. The shell makes events, a session receives them.

A session sees only whole messages; frames, fragments and the closing handshake are the shell's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Opening:
    """The client asks for an upgrade; nothing has been answered yet.

    Header names are in lower case. Of a repeated header or query parameter the first value counts.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The 101 has been sent: the connection is open."""


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text message, valid UTF-8."""

    data: str


@dataclass(frozen=True, slots=True)
class Binary:
    """A whole binary message."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pinged:
    """A ping of the client. `Staged` orders the pong (RFC 6455, 5.5.3)."""

    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Ponged:
    """A pong of the client, to a ping or unasked."""

    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The peer does not read: make nothing more until `Writable`."""


@dataclass(frozen=True, slots=True)
class Writable:
    """The peer reads again."""


@dataclass(frozen=True, slots=True)
class PeerClosed:
    """The peer sent a close frame, which the shell has echoed (RFC 6455, 5.5.1). 1005: it gave no code."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The peer broke RFC 6455, or its message is too large; the shell has failed the connection with this code
    (7.1.7)."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone. The last event of every connection, whatever came before."""


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The mock is being stopped."""


Event: TypeAlias = (
    Opening | Opened | Text | Binary | Pinged | Ponged | Blocked | Writable | PeerClosed | Failed | Lost | Shutdown
)
