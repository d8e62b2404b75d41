"""An event comes later."""

from collections.abc import Sequence
from dataclasses import dataclass

from hamsa_mock.core.actions import Single
from hamsa_mock.faults.fault import CONNECTION, Chances, Element, Fault, Gap, Later, Place
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class Delay(Fault):
    summary = (
        "The event leaves later than it would, and what belongs behind it stays behind it; with `after`, what comes"
        " behind the event keeps a distance. Errors, pings and pongs are not held up by answers."
    )
    example = "delay(0.2, jitter=0.1) before chunk"
    events = ("chunk", *(event for event in CONNECTION if event != "chunk"))
    places = ("before", "after")

    seconds: float = parameter(1.0, "Seconds.", 0, 86400)
    jitter: float = parameter(0.0, "Up to so many seconds more, by chance.", 0, 86400)

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        seconds = self.seconds + self.jitter * chance()
        return [Later(seconds), action] if place == "before" else [action, Gap(seconds)]
