"""A reset over REST as a fault."""

from hamsa_mock.core.http import BreakOff, HttpAnswer
from hamsa_mock.faults.kinds.rest_reset import RestReset


def test_connection_is_reset_behind_so_much_of_the_body() -> None:
    assert RestReset(1000).answer(HttpAnswer(200)).broken == BreakOff(1000, "reset")


def test_connection_is_reset_without_an_answer() -> None:
    assert RestReset().answer(HttpAnswer(200)).broken == BreakOff(None, "reset")
