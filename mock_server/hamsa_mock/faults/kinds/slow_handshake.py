"""A handshake that takes its time."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import Chances, Element, Fault, Later, Place
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class SlowHandshake(Fault):
    summary = "The upgrade is answered late."
    example = "slow_handshake(0.2)"
    events = ("accept",)
    places = ("before",)

    seconds: float = parameter(1.0, "Seconds.", 0, 86400)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        return [Later(self.seconds), action]
