"""A message in fragments."""

from dataclasses import dataclass

from websockets.frames import Frame, Opcode

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import FrameChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Fragment(FrameChange):
    summary = "The message comes in several frames (RFC 6455, 5.4), which clients must put together."
    example = "fragment(3, pings=true) instead of chunk 1"

    parts: int = parameter(3, "How many frames.", 2, 1000)
    pings: bool = parameter(False, "Whether a ping stands between each two of them.")

    def frames(self, message: Message) -> bytes:
        payload = message.payload
        borders = [part * len(payload) // self.parts for part in range(self.parts + 1)]
        between = Frame(Opcode.PING, b"").serialize(mask=False) if self.pings else b""
        frames: list[bytes] = []
        for part in range(self.parts):
            opcode = message.opcode if part == 0 else Opcode.CONT
            frame = Frame(opcode, payload[borders[part] : borders[part + 1]], fin=part == self.parts - 1)
            frames.append(frame.serialize(mask=False))
        return between.join(frames)

    def readable(self, message: Message) -> int:
        return message.nbytes
