"""Chunks that end in the middle of a sample."""

from collections.abc import Iterable
from dataclasses import dataclass

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class OddSplit(MessageChange):
    summary = "The chunk comes in two messages, the first with an odd number of bytes: a sample of two bytes is torn."
    example = "odd_split(641) instead of chunk 1"
    events = ("chunk",)

    bytes: int = parameter(641, "About the size of the first message; of an even number one less.", 1, 64_000_000)

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        payload = message.payload
        size = min(self.bytes, len(payload) - 1)
        size -= 1 - size % 2
        pieces = [payload[:size], payload[size:]] if size > 0 else [payload]
        return [Message(message.opcode, piece) for piece in pieces]
