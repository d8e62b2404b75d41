"""Who has to be woken, and when."""

from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.core.scheduler import FORGOTTEN, Entry, Scheduler


class Sleeper:
    """A sleeper whose deadline the test moves."""

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self.alarm: Entry | None = None
        self.settled = True

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


def test_deadline_that_moved_forward_and_was_dropped_wakes_nobody() -> None:
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


def test_next_deadline_is_when_somebody_is_really_to_be_woken() -> None:
    scheduler = Scheduler()
    moved, dropped, other = Sleeper(1), Sleeper(2), Sleeper(9)
    for sleeper in (moved, dropped, other):
        scheduler.watch(sleeper)
    moved.deadline, dropped.deadline = 7, None
    assert scheduler.next_deadline() == 7
    assert scheduler.due(7) == [moved]
    assert scheduler.next_deadline() == 9


def test_sleeper_is_woken_once_where_several_of_its_deadlines_have_passed() -> None:
    scheduler = Scheduler()
    sleeper = Sleeper()
    for deadline in (30, 20, 10):
        sleeper.deadline = deadline
        scheduler.watch(sleeper)
    assert scheduler.due(40) == [sleeper]
    assert len(scheduler) == 0


def test_sleeper_that_is_woken_often_before_a_far_deadline_keeps_two_entries_at_most() -> None:
    """A connection pings every 30 s, and answers many requests in between."""
    scheduler = Scheduler()
    sleeper = Sleeper(30)
    scheduler.watch(sleeper)
    for step in range(1000):
        now = step / 100
        sleeper.deadline = now
        scheduler.watch(sleeper)
        assert scheduler.due(now) == [sleeper]
        sleeper.deadline = 30
        scheduler.watch(sleeper)
        assert len(scheduler) <= 2
    assert scheduler.due(30) == [sleeper]
    assert len(scheduler) == 0


def test_sleeper_that_was_forgotten_is_not_woken() -> None:
    scheduler = Scheduler()
    sleeper, other = Sleeper(10), Sleeper(5)
    for deadline in (10, 1):
        sleeper.deadline = deadline
        scheduler.watch(sleeper)
    scheduler.watch(other)
    scheduler.forget(sleeper)
    assert sleeper.alarm is None
    assert scheduler.next_deadline() == 5
    assert scheduler.due(20) == [other]
    assert len(scheduler) == 0


def test_sleeper_that_nobody_watched_can_be_forgotten() -> None:
    scheduler = Scheduler()
    scheduler.forget(Sleeper(1))
    assert scheduler.next_deadline() is None


def test_sleepers_that_come_and_go_do_not_pile_up_while_time_stands_still() -> None:
    scheduler = Scheduler()
    staying = [Sleeper(20 + number) for number in range(10)]
    for sleeper in staying:
        scheduler.watch(sleeper)
    for _ in range(1000):
        sleeper = Sleeper(30)
        scheduler.watch(sleeper)
        scheduler.forget(sleeper)
        assert len(scheduler) <= len(staying) + FORGOTTEN + 1
    assert scheduler.due(40) == staying
    assert len(scheduler) == 0


def test_forgotten_entries_that_came_up_are_not_counted_any_more() -> None:
    scheduler = Scheduler()
    for _ in range(5):
        for deadline in range(FORGOTTEN):
            sleeper = Sleeper(deadline)
            scheduler.watch(sleeper)
            scheduler.forget(sleeper)
        assert len(scheduler) == FORGOTTEN
        assert scheduler.due(FORGOTTEN) == []
        assert len(scheduler) == 0


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
    for sleeper in woken:
        sleeper.wake()
    left = [sleeper.deadline for sleeper in sleepers if sleeper.deadline is not None]
    assert scheduler.next_deadline() == min(left, default=None)
