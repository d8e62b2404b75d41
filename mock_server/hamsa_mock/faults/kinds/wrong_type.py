"""A message with a type that it must not have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class WrongType(MessageChange):
    summary = "The `type` of the JSON message is another one."
    example = 'wrong_type("acknowledged") instead of ack'
    events = ("ack", "end", "error", "info")

    type: str = parameter("unknown", "The type that it has.")

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        try:
            content: dict[str, Any] = orjson.loads(message.payload)
        except orjson.JSONDecodeError:
            return [message]  # an earlier fault has broken it
        return [Message(message.opcode, orjson.dumps({**content, "type": self.type}))]
