"""A broken body over REST as a fault."""

from hamsa_mock.core.http import BreakOff, HttpAnswer
from hamsa_mock.faults.kinds.rest_broken_body import RestBrokenBody


def test_body_breaks_off() -> None:
    assert RestBrokenBody(500).answer(HttpAnswer(200)).broken == BreakOff(500, "end")


def test_garbage_stands_in_the_place_of_a_chunk() -> None:
    assert RestBrokenBody(0, garbage=True).answer(HttpAnswer(200)).broken == BreakOff(0, "garbage")
