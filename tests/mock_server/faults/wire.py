"""A client that shows each frame as it comes over the wire, and scenarios of faults that are registered by name."""

import json
import select
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.mock_server.conftest import LoggingMock
from tests.mock_server.raw import RawSocket, frame, speech

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA
NAMES = {BINARY: "chunk", CONTINUATION: "continuation", PING: "ping", PONG: "pong"}

SENTENCE = "مرحبا بكم"
WHOLE = ["ack", "chunk 8320", "chunk 8320", "chunk 8960", "end"]
"""The answer to it."""

Scenario: TypeAlias = Callable[[LoggingMock], None]
SCENARIOS: dict[str, Scenario] = {}


def on_the_wire(name: str) -> Callable[[Scenario], None]:
    """Register what shows a fault."""

    def register(scenario: Scenario) -> None:
        SCENARIOS[name] = scenario

    return register


@dataclass(frozen=True)
class Seen:
    """A frame of the server."""

    opcode: int
    fin: bool
    rsv: int
    payload: bytes

    @property
    def name(self) -> str:
        """What it is, in a word or two."""
        more = ("" if self.fin else " ...") + (f" rsv {self.rsv}" if self.rsv else "")
        if self.opcode == CLOSE:
            return f"close {struct.unpack('!H', self.payload[:2])[0]}" if self.payload else "close"
        if self.opcode != TEXT:
            sized = self.opcode in (BINARY, CONTINUATION)
            return NAMES[self.opcode] + (f" {len(self.payload)}" if sized else "") + more
        try:
            return f"{json.loads(self.payload)['type']}{more}"
        except ValueError:
            return f"text {len(self.payload)}{more}"


class WireClient(RawSocket):
    """An open connection, or one that is being opened."""

    def __init__(self, mock: LoggingMock, *, wait: bool = True) -> None:
        super().__init__(mock.url)
        self.rest = b""
        self.upgrade()
        if wait:
            self.opened()

    def opened(self) -> None:
        """Read the 101, and the greeting."""
        status, _, _ = self.read_http()
        assert status == 101
        assert self.next().name == "info"

    def next(self) -> Seen:
        """The next frame. Raises EOFError and ConnectionResetError."""
        first, second = self._take(2)
        nbytes = second & 0x7F
        if nbytes == 126:
            (nbytes,) = struct.unpack("!H", self._take(2))
        elif nbytes == 127:
            (nbytes,) = struct.unpack("!Q", self._take(8))
        return Seen(first & 0x0F, bool(first & 0x80), first >> 4 & 7, self._take(nbytes))

    def until(self, last: str) -> list[str]:
        """The names of all frames up to one of this name."""
        names: list[str] = []
        while last not in names:
            names.append(self.next().name)
        return names

    def to_the_end(self, unless: str | None = None) -> list[str]:
        """The names of all that comes, and how it ends: `fin` or `reset`; unless a frame of a name comes before."""
        names: list[str] = []
        while unless not in names:
            try:
                names.append(self.next().name)
            except EOFError:
                return [*names, "fin"]
            except ConnectionResetError:
                return [*names, "reset"]
        return names

    def silent(self) -> bool:
        """Whether nothing is there to be read now."""
        return not self.rest and not select.select([self.socket], [], [], 0)[0]

    def _take(self, nbytes: int) -> bytes:
        while len(self.rest) < nbytes:
            self.rest += self._more()
        data, self.rest = self.rest[:nbytes], self.rest[nbytes:]
        return data


GOODBYE = frame(CLOSE, b"\x03\xe8")
GOODBYE_SEEN = ["close 1000", "fin"]


def conversation(mock: LoggingMock, last: bytes = frame(PING, b"x"), seen: str = "pong") -> list[str]:
    """What comes for a request and something behind it that is answered with what is `seen`; and then for a close."""
    with WireClient(mock) as client:
        client.send(speech(SENTENCE) + last)
        names = client.to_the_end(unless=seen)
        if seen in names:
            client.send(GOODBYE)
            names += client.to_the_end()
        return names
