"""A REST answer with a body that does not end as it should."""

from dataclasses import dataclass, replace

from hamsa_mock.core.http import BreakOff, HttpAnswer
from hamsa_mock.faults.fault import HttpFault
from hamsa_mock.faults.parameters import parameter


@dataclass(frozen=True)
class RestBrokenBody(HttpFault):
    summary = "The body of a REST answer breaks off: its last chunk, or what its length promises, never comes."
    example = "rest_broken_body(1000) instead of answer"
    events = ("answer",)

    after: int = parameter(1000, "Bytes of the body that come first.", 0, 1_000_000_000)
    garbage: bool = parameter(False, "Whether bytes follow that are no chunk of a chunked body.")

    def answer(self, answer: HttpAnswer) -> HttpAnswer:
        return replace(answer, broken=BreakOff(self.after, "garbage" if self.garbage else "end"))
