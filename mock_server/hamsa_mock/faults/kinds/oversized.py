"""A message that is larger than clients expect."""

from collections.abc import Iterable
from dataclasses import dataclass

from websockets.frames import Opcode

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Oversized(MessageChange):
    summary = "The message is filled up, audio with zeros and text with spaces, which JSON allows."
    example = "oversized(1048577) instead of chunk 1"

    bytes: int = parameter(
        4_194_305, "Size. The default is above the limits that websockets and aiohttp have.", 1, 64_000_000
    )

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        filling = b" " if message.opcode is Opcode.TEXT else b"\0"
        return [Message(message.opcode, message.payload.ljust(self.bytes, filling))]
