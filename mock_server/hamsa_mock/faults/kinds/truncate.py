"""A message that is cut."""

from collections.abc import Iterable
from dataclasses import dataclass

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Truncate(MessageChange):
    summary = "Of the message only the beginning comes."
    example = "truncate(640) instead of chunk 1"

    bytes: int = parameter(640, "Size of what comes.", 0, 64_000_000)

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        return [Message(message.opcode, message.payload[: self.bytes])]
