"""A REST answer that comes late."""

from dataclasses import dataclass, replace

from hamsa_mock.core.http import HttpAnswer
from hamsa_mock.faults.fault import HttpFault
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class RestDelay(HttpFault):
    summary = "A REST answer comes later than it would, and each piece of it later behind the one before."
    example = "rest_delay(0.2) before answer"
    events = ("answer",)
    places = ("before",)

    seconds: float = parameter(1.0, "Seconds more until the answer begins.", 0, 86400)
    gap: float = parameter(0.0, "Seconds more between one piece of the body and the next.", 0, 86400)

    def answer(self, answer: HttpAnswer) -> HttpAnswer:
        return replace(answer, delay=answer.delay + self.seconds, gap=answer.gap + self.gap)
