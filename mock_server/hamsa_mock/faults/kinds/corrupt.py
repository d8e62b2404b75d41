"""A message with wrong bytes in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from hamsa_mock.core.messages import Message
from hamsa_mock.faults.fault import Chances, MessageChange
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Corrupt(MessageChange):
    summary = "Bytes of the message are inverted, at places that chance chooses."
    example = "corrupt(100) instead of chunk 2"

    bytes: int = parameter(1, "How many; no byte is chosen twice.", 1, 100_000)

    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        payload = bytearray(message.payload)
        for place in _places(len(payload), self.bytes, chance):
            payload[place] ^= 0xFF
        return [Message(message.opcode, bytes(payload))]


def _places(nbytes: int, count: int, chance: Chances) -> set[int]:
    if count >= nbytes:
        return set(range(nbytes))
    places: set[int] = set()
    while len(places) < count:
        places.add(int(chance() * nbytes))
    return places
