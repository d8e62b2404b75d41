"""Two events in the wrong order."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import MESSAGES, Chances, Element, Fault, Hold, Place


@dataclass(frozen=True)
class Reorder(Fault):
    summary = "The event and the one behind it change places. If none comes any more, neither does the event."
    example = "reorder instead of chunk 2"
    events = MESSAGES
    places = ("instead of",)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        return [Hold(action, until=None)]
