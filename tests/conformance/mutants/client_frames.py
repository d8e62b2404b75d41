"""Frames of a client that are taken for others, or treated otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from websockets.frames import Frame

from hamsa_mock.shell.quiet_protocol import QuietProtocol
from tests.conformance.mutants.mutant import Change, replaced

CLOSE = 8


@dataclass(frozen=True)
class ClientFrame:
    """A frame as it came, right or wrong. `reserved`: the three bits, as they stand in the first byte."""

    final: bool
    reserved: int
    opcode: int
    masked: bool
    payload: bytes

    @property
    def is_control(self) -> bool:
        """Whether it is a close, a ping or a pong, or would be one."""
        return self.opcode >= CLOSE

    def bytes(self) -> bytes:
        """As a client sends it, masked with zeros."""
        size = len(self.payload)
        mask_bit = 0x80 if self.masked else 0
        length = (
            bytes([mask_bit | size])
            if size < 126
            else bytes([mask_bit | 126]) + size.to_bytes(2, "big")
            if size < 1 << 16
            else bytes([mask_bit | 127]) + size.to_bytes(8, "big")
        )
        mask = bytes(4) if self.masked else b""
        return bytes([self.final << 7 | self.reserved | self.opcode]) + length + mask + self.payload


Mend: TypeAlias = Callable[[list[ClientFrame]], list[ClientFrame]]
"""What is read instead of frames that came together."""


LARGEST = 1 << 26
"""A frame that claims to have more bytes is not waited for: what there is of it is passed on as it is."""


class FrameReader:
    """Takes frames out of a stream of bytes. `rest`: what is no frame."""

    def __init__(self) -> None:
        self._buffer = b""
        self.rest = b""

    def feed(self, data: bytes) -> list[ClientFrame]:
        """The frames that are whole now."""
        self._buffer += data
        frames: list[ClientFrame] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> ClientFrame | None:
        data = self._buffer
        if len(data) < 2:
            return None
        masked, size, at = bool(data[1] & 0x80), data[1] & 0x7F, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(data[2 : 2 + width], "big"), 2 + width
        if size > LARGEST:
            self._buffer, self.rest = b"", data
            return None
        mask = data[at : at + 4] if masked else b""
        at += 4 * masked
        if len(data) < at + size:
            return None
        payload = data[at : at + size]
        if masked:
            payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self._buffer = data[at + size :]
        return ClientFrame(bool(data[0] & 0x80), data[0] & 0x70, data[0] & 0x0F, masked, payload)


def reading(make: Callable[[], Mend]) -> Change:
    """Frames of a client are taken for others. `make` is called for each connection."""
    connections: WeakKeyDictionary[QuietProtocol, tuple[FrameReader, Mend]] = WeakKeyDictionary()

    def apply(original: Any) -> Any:
        def receive_data(self: QuietProtocol, data: bytes) -> None:
            reader, mend = connections.setdefault(self, (FrameReader(), make()))
            mended = mend(reader.feed(data))
            rest, reader.rest = reader.rest, b""
            original(self, b"".join(frame.bytes() for frame in mended) + rest)

        return receive_data

    return replaced(QuietProtocol, "receive_data", apply)


def mending(mend: Callable[[ClientFrame], ClientFrame]) -> Change:
    """Each frame of a client is taken for another one."""
    return reading(lambda: lambda frames: [mend(frame) for frame in frames])


Treat: TypeAlias = Callable[[Any, Frame, Callable[[], None]], None]
"""What is done with a frame, by the protocol, the frame, and the usual way."""


def treating(treat: Treat) -> Change:
    """Right frames of a client are treated otherwise."""

    def apply(original: Any) -> Any:
        return lambda self, frame: treat(self, frame, lambda: original(self, frame))

    return replaced(QuietProtocol, "recv_frame", apply)
