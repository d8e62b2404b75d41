"""Text as binary, binary as text."""

from collections.abc import Iterable
from dataclasses import dataclass

from websockets.frames import Opcode

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange


@dataclass(frozen=True)
class WrongOpcode(MessageChange):
    summary = "A text message comes as a binary one, and audio as a text message, which is seldom valid UTF-8."
    example = "wrong_opcode instead of ack"
    events = ("ack", "chunk", "end", "error", "info", "transcript", "message")

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        opcode = Opcode.BINARY if message.opcode is Opcode.TEXT else Opcode.TEXT
        return [Message(opcode, message.payload)]
