"""A REST answer that a reset ends."""

from dataclasses import dataclass, replace

from hamsa_mock.core.http import BreakOff, HttpAnswer
from hamsa_mock.faults.fault import HttpFault
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class RestReset(HttpFault):
    summary = "The TCP connection of a REST request is reset (RST), when what was sent before has arrived."
    example = "rest_reset(1000) instead of answer"

    after: int = parameter(
        0, "Bytes of the body that come first; 0: nothing comes, not even a status.", 0, 1_000_000_000
    )

    def answer(self, answer: HttpAnswer) -> HttpAnswer:
        return replace(answer, broken=BreakOff(self.after or None, "reset"))
