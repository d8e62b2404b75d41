"""What stands between the cases and a server that is not ours."""

import pytest

from hamsa_conformance.case import Cost
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.running.gate import Limits, LimitsGate


class Clock:
    """Shows what time it would be."""

    def __init__(self) -> None:
        self.time = 0.0

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def gate_of(limits: Limits, clock: Clock) -> LimitsGate:
    return LimitsGate(limits, lambda: clock.time, clock.sleep, lambda seconds, why: None)


def test_connections_and_requests_have_limits_of_their_own() -> None:
    clock = Clock()
    gate = gate_of(Limits(connections_per_minute=1, requests_per_minute=3), clock)
    gate(0, Cost())
    gate(1, Cost())
    gate(1, Cost())
    assert clock.time == 0
    gate(0, Cost())
    assert clock.time == 61


def test_what_may_not_be_spent_is_neither_waited_for_nor_counted() -> None:
    clock = Clock()
    gate = gate_of(Limits(requests_per_minute=1, characters=10), clock)
    with pytest.raises(NotTried):
        gate(1, Cost(characters=11))
    gate(1, Cost(characters=10))
    assert clock.time == 0
    assert gate.budget.spent == 10


def test_whoever_comes_after_another_process_waits() -> None:
    clock = Clock()
    gate_of(Limits(is_used_up=True), clock)(1, Cost())
    assert clock.time == 61
