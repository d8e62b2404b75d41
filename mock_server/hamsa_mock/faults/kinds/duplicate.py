"""An event that comes more than once."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import MESSAGES, Chances, Element, Fault, Place
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Duplicate(Fault):
    summary = "The event comes more than once."
    example = "duplicate instead of chunk 2"
    events = (*MESSAGES, "ping", "pong")
    places = ("instead of",)

    copies: int = parameter(2, "How often it comes.", 2, 100)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        return [action] * self.copies
