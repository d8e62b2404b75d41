"""REST answers without I/O."""

import json

from hamsa_mock.core.actions import Why
from hamsa_mock.core.http import HttpAnswer, HttpRequest, HttpRoute, error_answer, json_answer


def test_json_answer_tells_its_type_and_its_length() -> None:
    answer = json_answer(200, {"text": "مرحبا"}, headers={"Allow": "GET"})
    (body,) = answer.body
    assert json.loads(body) == {"text": "مرحبا"}
    assert answer.length == len(body)
    assert answer.headers == {"Content-Type": "application/json", "Allow": "GET"}
    assert (answer.status, answer.delay, answer.why) == (200, 0, None)


def test_error_answer_has_code_and_message_and_keeps_its_reason() -> None:
    why = Why("no such voice")
    answer = error_answer(404, "Voice not found", why)
    (body,) = answer.body
    assert json.loads(body) == {"code": 404, "message": "Voice not found"}
    assert (answer.status, answer.why) == (404, why)


def test_plain_answer_is_empty_and_lets_itself_be_ended() -> None:
    answer = HttpAnswer(204)
    answer.ended(0)
    assert list(answer.body) == []
    assert answer.length is None


def test_route_hands_requests_to_its_handler() -> None:
    def handle(request: HttpRequest, now: float) -> HttpAnswer:
        return json_answer(200, [request.path, now])

    route = HttpRoute(handle, 5)
    assert list(route.handle(HttpRequest("GET", "/x"), 2).body) == [b'["/x",2]']
    assert route.body_bytes == 5
