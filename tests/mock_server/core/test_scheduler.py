"""Who has to be woken, and when."""

from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.core.scheduler import Scheduler


class Sleeper:
    """A sleeper whose deadline the test moves."""

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self.alarm: float | None = None

    def wake(self) -> None:
        self.deadline = None


def test_scheduler_without_sleepers_has_nothing_to_wait_for() -> None:
    scheduler = Scheduler()
    assert scheduler.next_deadline() is None
    assert scheduler.due(1e9) == []


def test_sleeper_without_deadline_is_not_watched() -> None:
    scheduler = Scheduler()
    assert not scheduler.watch(Sleeper())
    assert scheduler.next_deadline() is None


def test_only_the_earliest_deadline_moves_the_alarm() -> None:
    scheduler = Scheduler()
    assert scheduler.watch(Sleeper(5))
    assert not scheduler.watch(Sleeper(6))
    assert scheduler.watch(Sleeper(4))
    assert scheduler.next_deadline() == 4


def test_sleepers_are_woken_in_the_order_of_their_deadlines() -> None:
    scheduler = Scheduler()
    late, early, later = Sleeper(3), Sleeper(1), Sleeper(9)
    for sleeper in (late, early, later):
        scheduler.watch(sleeper)
    assert scheduler.due(3) == [early, late]
    assert scheduler.due(3) == []
    assert scheduler.next_deadline() == 9


def test_sleepers_with_the_same_deadline_are_woken_in_the_order_they_came() -> None:
    scheduler = Scheduler()
    sleepers = [Sleeper(1) for _ in range(5)]
    for sleeper in sleepers:
        scheduler.watch(sleeper)
    assert scheduler.due(1) == sleepers


def test_deadline_that_moved_back_is_asked_for_again_when_its_old_entry_comes_up() -> None:
    scheduler = Scheduler()
    sleeper = Sleeper(1)
    scheduler.watch(sleeper)
    sleeper.deadline = 10
    assert not scheduler.watch(sleeper), "nothing is pushed for a deadline that moves back"
    assert scheduler.due(1) == []
    assert scheduler.next_deadline() == 10
    assert scheduler.due(10) == [sleeper]


def test_deadline_that_moved_forward_leaves_a_stale_entry_that_wakes_nobody() -> None:
    scheduler = Scheduler()
    sleeper = Sleeper(10)
    scheduler.watch(sleeper)
    sleeper.deadline = 2
    assert scheduler.watch(sleeper)
    assert scheduler.due(2) == [sleeper]
    sleeper.deadline = None
    assert scheduler.due(10) == []


def test_deadline_that_was_dropped_wakes_nobody() -> None:
    scheduler = Scheduler()
    sleeper = Sleeper(1)
    scheduler.watch(sleeper)
    sleeper.deadline = None
    assert scheduler.due(1) == []
    assert scheduler.next_deadline() is None


@given(st.lists(st.tuples(st.integers(0, 4), st.none() | st.floats(0, 100)), max_size=40), st.floats(0, 100))
def test_exactly_those_whose_last_deadline_has_come_are_woken(
    moves: list[tuple[int, float | None]], now: float
) -> None:
    scheduler = Scheduler()
    sleepers = [Sleeper() for _ in range(5)]
    for index, deadline in moves:
        sleepers[index].deadline = deadline
        scheduler.watch(sleepers[index])
    due = {sleeper for sleeper in sleepers if sleeper.deadline is not None and sleeper.deadline <= now}
    woken = scheduler.due(now)
    assert set(woken) == due
    assert len(woken) == len(due)
    left = [sleeper.deadline for sleeper in sleepers if sleeper.deadline is not None and sleeper.deadline > now]
    if left:
        earliest = scheduler.next_deadline()
        assert earliest is not None
        assert now < earliest <= min(left)
