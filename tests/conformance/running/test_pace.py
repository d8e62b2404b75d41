"""How fast a server is used that is not ours to wear out. No test waits: the clock is the test's."""

import pytest

from hamsa_conformance.running.pace import Pace


class Clock:
    """Shows what time it would be."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.told: list[tuple[float, str]] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds

    def tell(self, seconds: float, why: str) -> None:
        self.told.append((seconds, why))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pace_of(clock: Clock, connections: int = 10, requests: int = 90, is_used_up: bool = False) -> Pace:
    return Pace(connections, requests, sleep=clock.sleep, now=clock.now, tell=clock.tell, is_used_up=is_used_up)


def most_in_a_minute(times: list[float]) -> int:
    """The largest number of times that lie within 60 seconds."""
    return max(sum(begin <= time < begin + 60 for time in times) for begin in times)


def test_what_is_allowed_in_a_minute_is_done_at_once(clock: Clock) -> None:
    pace = pace_of(clock, connections=2, requests=4)
    for _ in range(2):
        pace.connection()
        pace.request()
    assert clock.time == 1000
    assert clock.told == []


def test_connections_are_held_back_and_it_is_told_for_how_long(clock: Clock) -> None:
    pace = pace_of(clock, connections=2)
    pace.connection()
    clock.time += 20
    for _ in range(2):
        pace.connection()
    assert clock.time == 1061
    assert clock.told == [(41, "no more than 2 new connections a minute (--connections-per-minute)")]


def test_short_wait_is_not_worth_a_word(clock: Clock) -> None:
    pace = pace_of(clock, connections=1)
    pace.connection()
    clock.time += 57
    pace.connection()
    assert clock.time == 1061
    assert clock.told == []


def test_connections_and_requests_count_together(clock: Clock) -> None:
    pace = pace_of(clock, requests=3)
    pace.connection()
    pace.request()
    pace.request()
    pace.request()
    assert clock.told == [(61, "no more than 3 requests a minute (--requests-per-minute)")]
    pace.connection()
    assert clock.time == 1061, "the other two are as old as the first"


def test_no_minute_of_a_long_run_has_more_than_is_allowed(clock: Clock) -> None:
    pace = pace_of(clock, connections=10, requests=90)
    connections: list[float] = []
    requests: list[float] = []
    for number in range(1000):
        clock.time += number % 7 / 10
        if number % 5 == 0:
            pace.connection()
            connections.append(clock.time)
        pace.request()
        requests.append(clock.time)
    assert most_in_a_minute(connections) == 10
    assert most_in_a_minute([*connections, *requests]) <= 90


def test_whoever_follows_somebody_else_waits_a_minute_first(clock: Clock) -> None:
    pace = pace_of(clock, is_used_up=True)
    pace.request()
    assert clock.time == 1061


def test_sleep_that_ends_early_is_continued(clock: Clock) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.time += min(seconds, 50)

    pace = Pace(1, sleep=sleep, now=clock.now)
    pace.connection()
    pace.connection()
    assert slept == [61, 11]
