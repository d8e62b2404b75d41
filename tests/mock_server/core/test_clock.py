"""Time as the mock sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.core.clock import Clock


class Source:
    """Real time, which the test lets pass."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock(source: Source) -> Clock:
    return Clock(source)


def test_clock_starts_at_zero_whatever_its_source_says() -> None:
    assert Clock(lambda: 1_000_000.5).now() == 0


def test_clock_runs_with_its_source() -> None:
    times = iter([10.0, 10.25, 70.0])
    clock = Clock(lambda: next(times))
    assert clock.now() == 0.25
    assert clock.now() == 60


def test_frozen_clock_stands_still_until_it_is_run(clock: Clock, source: Source) -> None:
    source.time += 5
    clock.freeze()
    source.time += 100
    assert (clock.now(), clock.frozen) == (5, True)
    clock.run(1)
    source.time += 2
    assert (clock.now(), clock.frozen) == (7, False)


def test_new_speed_counts_from_the_present_reading_on(clock: Clock, source: Source) -> None:
    source.time += 5
    clock.run(100)
    source.time += 2
    assert (clock.now(), clock.scale) == (205, 100)
    clock.set_scale(0.5)
    source.time += 2
    assert clock.now() == 206


def test_speed_that_a_frozen_clock_is_given_counts_when_it_runs_again(clock: Clock, source: Source) -> None:
    clock.freeze()
    clock.set_scale(10)
    source.time += 1
    assert (clock.now(), clock.frozen) == (0, True)
    clock.run(clock.scale)
    source.time += 1
    assert clock.now() == 10


def test_clock_that_is_moved_goes_on_from_there(clock: Clock, source: Source) -> None:
    source.time += 5
    clock.move_to(3600)
    source.time += 1
    assert clock.now() == 3601


def test_clock_is_not_moved_to_a_time_that_has_passed(clock: Clock, source: Source) -> None:
    source.time += 5
    clock.move_to(3)
    assert clock.now() == 5


def test_frozen_clock_that_is_moved_stays_frozen(clock: Clock, source: Source) -> None:
    clock.freeze()
    clock.move_to(60)
    source.time += 1
    assert (clock.now(), clock.frozen) == (60, True)


def test_held_clock_only_moves_when_it_is_moved_and_then_is_what_it_was(clock: Clock, source: Source) -> None:
    clock.run(2)
    clock.hold()
    source.time += 10
    assert (clock.now(), clock.frozen) == (0, False)
    clock.move_to(60)
    assert clock.now() == 60
    clock.release()
    source.time += 1
    assert clock.now() == 62


def test_clock_that_is_frozen_while_it_is_held_is_frozen_afterwards(clock: Clock, source: Source) -> None:
    clock.hold()
    clock.freeze()
    clock.release()
    source.time += 1
    assert (clock.now(), clock.frozen) == (0, True)


def test_restarted_clock_goes_on_from_its_reading_in_real_time(clock: Clock, source: Source) -> None:
    clock.run(50)
    clock.freeze()
    clock.move_to(3600)
    clock.run(1)
    source.time += 1
    assert (clock.now(), clock.scale, clock.frozen) == (3601, 1, False)


def test_real_time_until_a_reading_depends_on_the_speed(clock: Clock) -> None:
    assert clock.real_seconds_until(60) == 60
    clock.run(100)
    assert clock.real_seconds_until(60) == 0.6
    clock.move_to(90)
    assert clock.real_seconds_until(60) == -0.3


def test_frozen_clock_comes_to_no_time_but_the_present(clock: Clock) -> None:
    clock.move_to(60)
    clock.freeze()
    assert clock.real_seconds_until(60.001) is None
    assert clock.real_seconds_until(60) == 0


def test_held_clock_comes_to_no_time(clock: Clock) -> None:
    clock.hold()
    assert clock.real_seconds_until(0) is None
    assert clock.real_seconds_until(1) is None


MOVES = st.one_of(
    st.sampled_from(["freeze", "hold", "release"]).map(lambda name: (name,)),
    st.tuples(st.sampled_from(["run", "set_scale"]), st.floats(0.001, 10_000)),
    st.tuples(st.just("move_to"), st.floats(-10, 1e9)),
    st.tuples(st.just("pass"), st.floats(0, 1e6)),
)


@given(st.lists(MOVES, max_size=30))
def test_reading_never_goes_back_whatever_is_done_to_the_clock(moves: list[tuple[str, *tuple[float, ...]]]) -> None:
    source = Source()
    clock = Clock(source)
    reading = clock.now()
    for name, *arguments in moves:
        if name == "pass":
            source.time += arguments[0]
        else:
            getattr(clock, name)(*arguments)
        assert clock.now() >= reading
        reading = clock.now()
