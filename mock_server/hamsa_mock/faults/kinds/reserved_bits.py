"""A frame with reserved bits."""

from dataclasses import dataclass

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import FrameChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class ReservedBits(FrameChange):
    summary = "The frame has reserved bits set, though nothing was negotiated: clients must fail the connection."
    example = "reserved_bits(4) instead of chunk 1"

    bits: int = parameter(4, "The bits RSV1, RSV2, RSV3 as a number: 4, 2, 1, or a sum of them.", 1, 7)

    def frames(self, message: Message) -> bytes:
        return bytes([message.frame[0] | self.bits << 4]) + message.frame[1:]

    def readable(self, message: Message) -> int:
        return 0
