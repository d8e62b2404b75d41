"""Lateness over REST as a fault."""

from hamsa_mock.core.http import HttpAnswer
from hamsa_mock.faults.kinds.rest_delay import RestDelay


def test_answer_and_its_pieces_come_later() -> None:
    answer = RestDelay(2, gap=0.5).answer(HttpAnswer(200, delay=1, gap=0.1))
    assert (answer.delay, answer.gap) == (3, 0.6)
