"""An error over REST as a fault."""

import json

from hamsa_mock.core.http import HttpAnswer
from hamsa_mock.faults.kinds.rest_status import RestStatus
from tests.mock_server.faults.virtual import request


def test_answer_is_an_error_and_nothing_of_it_was_sent() -> None:
    sent: list[int] = []
    asked = request()
    answer = RestStatus(503, 30).answer(HttpAnswer(200, [b"audio"], ended=sent.append, request=asked))
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "30"
    assert json.loads(b"".join(answer.body)) == {"code": 503, "message": "Service Unavailable"}
    assert answer.request is asked
    answer.ended(100)
    assert sent == [0]


def test_message_can_be_chosen_and_retry_after_left_out() -> None:
    answer = RestStatus(429, message="too many").answer(HttpAnswer(200))
    assert json.loads(b"".join(answer.body)) == {"code": 429, "message": "too many"}
    assert "Retry-After" not in answer.headers
