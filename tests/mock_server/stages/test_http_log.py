"""What is told of REST requests."""

from dataclasses import replace

import pytest

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.http import BreakOff, HttpAnswer, HttpRequest, error_answer
from hamsa_mock.stages.http_log import Exchange, HttpLog
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas import load_behaviours

SECRET = {"authorization": "Token sesame"}
ASKED = HttpRequest("POST", "/v1/realtime/tts", {"api_key": "sesame"}, SECRET, b'{"sesame": 1}', 3)
BEHAVIOURS = load_behaviours("documented")


def decided(slug: str) -> dict[str, str]:
    entry = BEHAVIOURS.entry(slug)
    return {"behaviour": slug, "certainty": entry.certainty, "switch": entry.switch(BEHAVIOURS[slug])}


def told(answer: HttpAnswer, exchange: Exchange, now: float = 10.5) -> LogLine:
    lines: list[LogLine] = []
    HttpLog(lines.append, BEHAVIOURS).tell(ASKED, answer, exchange, now)
    (line,) = lines
    assert (line.time, line.connection, line.event) == (now, None, "http")
    assert "sesame" not in repr(line)
    return line


def test_answer_is_told_with_what_was_asked_for_and_its_times() -> None:
    request = Request(7, "tts", 10, {"characters": 5, "seconds": 0.4}, [Why("late", "hamsa.tts.unpreloaded_voice")])
    line = told(HttpAnswer(200, request=request), Exchange(10, 10.3, 12_844, whole=True))
    assert line.words.startswith(
        "POST /v1/realtime/tts: 200 (characters 5, seconds 0.40), 12,844 bytes in 0.500 s, the first after 0.300 s"
        "; late (hamsa.tts.unpreloaded_voice, documented; --set hamsa.tts.unpreloaded_voice="
    )
    assert line.data == {
        "request": 3,
        "method": "POST",
        "path": "/v1/realtime/tts",
        "status": 200,
        "type": "tts",
        "characters": 5,
        "seconds": 0.4,
        "why": "late",
        **decided("hamsa.tts.unpreloaded_voice"),
        "bytes": 12844,
        "first_byte": 0.3,
        "total": 0.5,
    }


def test_refusal_is_told_with_its_reason_and_the_switch() -> None:
    answer = error_answer(401, "Unauthorized", Why("no key", "hamsa.rest.auth"))
    line = told(answer, Exchange(10, 10, 39, whole=True))
    assert line.words.startswith("POST /v1/realtime/tts: 401: no key (hamsa.rest.auth, documented; --set hamsa")
    assert line.data == {
        "request": 3,
        "method": "POST",
        "path": "/v1/realtime/tts",
        "status": 401,
        "why": "no key",
        **decided("hamsa.rest.auth"),
    }


def test_refusal_is_told_with_what_was_ignored_besides() -> None:
    asked = Request(1, "preload", 10, notes=[Why("ignored")])
    line = told(replace(error_answer(404, "no", Why("unknown")), request=asked), Exchange(10, 10, 1, whole=True))
    assert line.words == "POST /v1/realtime/tts: 404: unknown; ignored"
    assert line.data["why"] == "unknown; ignored"


def test_refusal_of_a_request_that_was_understood_tells_what_it_was() -> None:
    answer = replace(error_answer(404, "no", Why("unknown")), request=Request(1, "preload", 10, {"voice": "x"}))
    assert told(answer, Exchange(10, 10, 1, whole=True)).words == 'POST /v1/realtime/tts: 404 (voice "x"): unknown'


def test_answer_that_its_client_did_not_wait_for_is_told_as_cut() -> None:
    cut = "; cut: the client went before the answer was whole"
    line = told(HttpAnswer(200, request=Request(1, "tts", 10)), Exchange(10, 10.1, 5))
    assert line.words == f"POST /v1/realtime/tts: 200, 5 bytes in 0.500 s, the first after 0.100 s{cut}"
    assert line.data["cut"] == 1
    assert told(HttpAnswer(200), Exchange(10)).words == f"POST /v1/realtime/tts: 200{cut}"


def test_answer_that_the_end_of_the_mock_cut_is_told_so() -> None:
    line = told(HttpAnswer(200), Exchange(10, 10.1, 5, stopped=True))
    assert line.words.endswith("; cut: the mock was stopped before the answer was whole")
    assert line.data["cut"] == 1


@pytest.mark.parametrize(("stopped", "who"), [(False, "the client went"), (True, "the mock was stopped")])
def test_request_that_never_came_whole_is_told(stopped: bool, who: str) -> None:
    lines: list[LogLine] = []
    HttpLog(lines.append, BEHAVIOURS).tell_unread("POST", "/v1/realtime/tts", 3, stopped=stopped)
    words = f"POST /v1/realtime/tts: {who} before its request was whole"
    assert lines == [LogLine(3, None, "http", words, {"method": "POST", "path": "/v1/realtime/tts"})]


def test_request_that_a_fault_keeps_from_being_answered_is_told_without_a_status() -> None:
    line = told(HttpAnswer(200, broken=BreakOff(None, "reset")), Exchange(10, broken=True))
    assert line.words == "POST /v1/realtime/tts: no answer; cut: a fault"
    assert "status" not in line.data


def test_answer_that_a_fault_broke_off_is_told_as_cut() -> None:
    line = told(HttpAnswer(200), Exchange(10, 10, 5, broken=True))
    assert line.words.endswith("; cut: a fault")
    assert line.data["cut"] == 1
