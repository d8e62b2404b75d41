"""Faults of REST answers."""

import pytest

from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.faults.board import FaultBoard
from hamsa_mock.faults.http import HttpFaults
from hamsa_mock.stages.request_log import LogLine
from tests.mock_server.faults.virtual import request

ASKED = HttpRequest("POST", "/v1/realtime/tts", headers={"authorization": "Token sesame"}, number=5)
ANSWER = HttpAnswer(200, request=request(4))


class Faults:
    """Faults of REST, and what was told of them."""

    def __init__(self, *faults: str) -> None:
        self.board = FaultBoard(lambda: 0)
        self.lines: list[LogLine] = []
        self.faults = HttpFaults(self.board, self.lines.append)
        for fault in faults:
            self.board.arm(fault)

    def answer(self, answer: HttpAnswer = ANSWER) -> HttpAnswer:
        return self.faults.answer(ASKED, answer, 1.5)


def test_without_faults_an_answer_is_what_it_was() -> None:
    faults = Faults("fin", "rest_status instead of request")
    assert faults.answer() is ANSWER
    assert faults.lines == []


def test_answer_suffers_and_it_is_told() -> None:
    faults = Faults("rest_status(503)")
    assert faults.answer().status == 503
    (line,) = faults.lines
    assert (line.time, line.event, line.data["request"]) == (1.5, "fault", 5)


def test_request_is_answered_in_place_of_the_mock() -> None:
    faults = Faults("rest_status(503) instead of request times 1")
    answer = faults.faults.instead_of_request(ASKED, 1.5)
    assert answer is not None
    assert answer.status == 503
    assert faults.lines[0].data["request"] == 5
    assert faults.faults.instead_of_request(ASKED, 2) is None


def test_faults_are_applied_one_after_the_other() -> None:
    answer = Faults("rest_delay(2)", "rest_broken_body(10)").answer()
    assert answer.delay == 2
    assert answer.broken is not None


@pytest.mark.parametrize(
    ("when", "applied"),
    [
        ("key=sesame", True),
        ("key=other", False),
        ("speaker=Majd", True),
        ("speaker=Lana", False),
        ('text="بكم"', True),
        ("text=x", False),
    ],
)
def test_fault_is_applied_where_it_matches(when: str, applied: bool) -> None:
    assert (Faults(f"rest_status when {when}").answer().status == 500) is applied


def test_nth_request_is_counted_since_the_arming_among_those_that_match() -> None:
    faults = Faults("rest_status when request=2 speaker=Majd")
    assert faults.answer(HttpAnswer(200, request=request(speaker="Lana"))).status == 200
    assert [faults.answer().status for _ in range(3)] == [200, 500, 200]


def test_text_matches_no_answer_that_was_given_without_reading_the_request() -> None:
    assert Faults("rest_status when text=x").answer(HttpAnswer(401)).status == 401


def test_chance_decides_the_same_way_each_run_and_is_told() -> None:
    def run() -> list[int]:
        faults = Faults("rest_status with probability 0.5")
        statuses = [faults.answer().status for _ in range(20)]
        assert [line.event == "fault" for line in faults.lines] == [status == 500 for status in statuses]
        (armed,) = faults.board.list()
        assert (armed.applied, armed.bypassed) == (statuses.count(500), statuses.count(200))
        return statuses

    assert run() == run()
    assert set(run()) == {200, 500}
