"""A message that is not JSON."""

from collections.abc import Iterable
from dataclasses import dataclass

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange


@dataclass(frozen=True)
class InvalidJson(MessageChange):
    summary = "The JSON message lacks its last brace."
    example = "invalid_json instead of end"
    events = ("end", "ack", "error", "info")

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        return [Message(message.opcode, message.payload[:-1])]
