"""Another status of a REST answer."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from hamsa_mock.core.actions import Why
from hamsa_mock.core.http import HttpAnswer, error_answer
from hamsa_mock.faults.fault import HttpFault
from hamsa_mock.faults.parameters import choice, parameter


@dataclass(frozen=True)
class RestStatus(HttpFault):
    summary = "A REST request gets an error."
    example = "rest_status(503, retry_after=30) instead of request"

    status: int = choice(
        500, "HTTP status.", 400, 401, 402, 403, 404, 408, 409, 413, 415, 422, 429, 500, 501, 502, 503, 504
    )
    retry_after: int = parameter(0, "Seconds in the header Retry-After; 0: without it.", 0, 86400)
    message: str = parameter("", "Message in the JSON body; empty: the phrase of the status.")

    def answer(self, answer: HttpAnswer) -> HttpAnswer:
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else None
        message = self.message or HTTPStatus(self.status).phrase
        error = error_answer(self.status, message, Why("a fault"), headers)
        return replace(error, request=answer.request, ended=lambda nbytes: answer.ended(0))
