"""A text message that is not text."""

from collections.abc import Iterable
from dataclasses import dataclass

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import TEXTS, Chances, MessageChange

NEVER_IN_UTF8 = b"\xff"


@dataclass(frozen=True)
class InvalidUtf8(MessageChange):
    summary = "The text message has a byte in it that UTF-8 does not know: clients must fail the connection with 1007."
    example = "invalid_utf8 instead of ack"
    events = ("ack", *(event for event in TEXTS if event != "ack"))

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        payload = message.payload
        half = len(payload) // 2
        return [Message(message.opcode, payload[:half] + NEVER_IN_UTF8 + payload[half:])]
