"""A handshake that is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import orjson

from hamsa_mock.core.actions import Reject, Single, Why
from hamsa_mock.faults.fault import Chances, Element, Fault, Place
from hamsa_mock.faults.parameters import choice, parameter


@dataclass(frozen=True)
class Refuse(Fault):
    summary = "The upgrade is answered with an HTTP error."
    example = "refuse(503, retry_after=30)"
    events = ("accept",)
    places = ("instead of",)

    status: int = choice(503, "HTTP status.", 400, 401, 402, 403, 404, 408, 429, 500, 502, 503, 504)
    retry_after: int = parameter(0, "Seconds in the header Retry-After; 0: without it.", 0, 86400)
    message: str = parameter("", "Message in the JSON body; empty: the phrase of the status.")

    def script(self, action: Single, place: Place, chance: Chances) -> Sequence[Element]:
        headers = {"Content-Type": "application/json"}
        if self.retry_after:
            headers["Retry-After"] = str(self.retry_after)
        message = self.message or HTTPStatus(self.status).phrase
        body = orjson.dumps({"code": self.status, "message": message})
        return [Reject(self.status, body, headers, Why("a fault"))]
