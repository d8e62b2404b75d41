"""An event that does not come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import MESSAGES, Chances, Element, Fault, Place


@dataclass(frozen=True)
class Drop(Fault):
    summary = "The event does not come; what is behind it does."
    example = "drop instead of chunk 2"
    events: ClassVar[tuple[str, ...]] = (*MESSAGES, "ping", "pong", "close")
    places = ("instead of",)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        return []
