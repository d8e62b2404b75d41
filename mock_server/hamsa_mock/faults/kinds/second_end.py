"""An answer that ends twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import Chances, Element, Fault, Place


@dataclass(frozen=True)
class SecondEnd(Fault):
    summary = "A second `end` follows the first."
    example = "second_end"
    events = ("end",)
    places = ("after",)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        return [action, action]
