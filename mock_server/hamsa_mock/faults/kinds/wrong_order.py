"""A part of an answer behind the answer's end."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import Chances, Element, Fault, Hold, Place


@dataclass(frozen=True)
class WrongOrder(Fault):
    summary = "The event comes behind the `end` of its answer."
    example = "wrong_order instead of ack"
    events = ("ack", "chunk")
    places = ("instead of",)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        return [Hold(action, until="end")]
