"""Moving the clock of a mock whose connections are the test's."""

import asyncio
from collections.abc import Callable

import pytest

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.core.world import World
from hamsa_mock.shell import steering as steering_module
from hamsa_mock.shell.alarm import Alarm
from hamsa_mock.shell.steering import FASTEST, LONGEST_ADVANCE, SLOWEST, Steering, StillBusy, WrongTime
from hamsa_schemas import load_behaviours

NAN, INFINITE = float("nan"), float("inf")


class Sleeper:
    """Is woken at each of its deadlines, and remembers at which reading of the clock."""

    def __init__(self, stage: "Stage", *deadlines: float) -> None:
        self.alarm: Entry | None = None
        self.settled = True
        self.woken: list[float] = []
        self.stage = stage
        self.deadlines = list(deadlines)

    @property
    def deadline(self) -> float | None:
        return self.deadlines[0] if self.deadlines else None

    def wake(self) -> None:
        now = self.stage.world.clock.now()
        self.woken.append(now)
        self.stage.order.append((now, self))
        self.deadlines.pop(0)
        self.stage.alarm.watch(self)


class Stage:
    """A World in which real time stands still but for the test, and what steers its clock."""

    def __init__(self) -> None:
        self.real = 0.0
        self.world = World(Clock(lambda: self.real), load_behaviours("instant"))
        self.alarm = Alarm(self.world, asyncio.get_running_loop(), late=lambda seconds: None)
        self.members: list[Sleeper] = []
        self.steering = Steering(self.world, self.alarm, self.members)
        self.order: list[tuple[float, Sleeper]] = []

    def add(self, *deadlines: float, kind: Callable[..., Sleeper] = Sleeper) -> Sleeper:
        sleeper = kind(self, *deadlines)
        self.members.append(sleeper)
        self.alarm.watch(sleeper)
        return sleeper

    @property
    def now(self) -> float:
        return self.world.clock.now()


@pytest.fixture
async def stage() -> Stage:
    return Stage()


@pytest.fixture
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not answer costs no time."""
    monkeypatch.setattr(steering_module, "GRACE", 0)


async def test_advance_wakes_all_in_the_order_of_their_deadlines_each_at_its_own_time(stage: Stage) -> None:
    first, second = stage.add(30, 60, 100.5), stage.add(0, 45, 60, 101)
    await stage.steering.advance(100.5)
    assert stage.now == 100.5
    assert stage.order == [
        (0, second),
        (30, first),
        (45, second),
        (60, first),
        (60, second),
        (100.5, first),
    ]
    assert second.deadlines == [101]


async def test_clock_runs_on_after_an_advance_unless_it_was_frozen(stage: Stage) -> None:
    await stage.steering.advance(5)
    assert not stage.world.clock.frozen
    assert stage.world.clock.real_seconds_until(6) == 1
    stage.steering.freeze()
    await stage.steering.advance(5)
    assert stage.world.clock.frozen
    assert stage.now == 10
    stage.steering.unfreeze()
    assert stage.world.clock.real_seconds_until(11) == 1


async def test_real_time_that_an_advance_takes_does_not_count(stage: Stage) -> None:
    class Slow(Sleeper):
        def wake(self) -> None:
            stage.real += 7
            super().wake()

    first, second = stage.add(1, 5, kind=Slow), stage.add(2, 5.5)
    await stage.steering.advance(6)
    assert (first.woken, second.woken) == ([1, 5], [2, 5.5])
    assert stage.now == 6


async def test_advance_by_nothing_wakes_who_is_due(stage: Stage) -> None:
    stage.steering.freeze()
    sleeper = stage.add(0, 0.001)
    await stage.steering.advance(0)
    assert (sleeper.woken, stage.now) == ([0], 0)


async def test_advance_to_the_next_deadline_stops_there_and_tells_how_far_it_was(stage: Stage) -> None:
    sleeper = stage.add(0, 30, 60)
    assert await stage.steering.advance_to_next_deadline() == 30
    assert (sleeper.woken, stage.now) == ([0, 30], 30)
    assert await stage.steering.advance_to_next_deadline() == 30
    assert sleeper.woken == [0, 30, 60]
    assert await stage.steering.advance_to_next_deadline() == 0, "nothing waits"
    assert stage.now == 60


async def test_two_advances_follow_each_other(stage: Stage) -> None:
    sleeper = stage.add(1, 2, 3, 4)
    await asyncio.gather(stage.steering.advance(2), stage.steering.advance(2))
    assert (sleeper.woken, stage.now) == ([1, 2, 3, 4], 4)


async def test_clock_that_is_frozen_during_an_advance_is_frozen_after_it(stage: Stage) -> None:
    stage.add(1, 2)
    advance = asyncio.create_task(stage.steering.advance(5))
    await asyncio.sleep(0)
    stage.steering.freeze()
    stage.steering.scale(10)
    await advance
    assert (stage.now, stage.world.clock.frozen, stage.world.clock.scale) == (5, True, 10)


class Unsettled(Sleeper):
    """After each wake it is unsettled until the test lets it be."""

    def wake(self) -> None:
        super().wake()
        self.settled = False


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_clock_waits_for_what_fell_due_to_be_written_and_answered(stage: Stage) -> None:
    sleeper = stage.add(30, 60, kind=Unsettled)
    other = stage.add(31)
    advance = asyncio.create_task(stage.steering.advance(100))
    await turns()
    assert (stage.now, sleeper.woken, other.woken) == (30, [30], [])
    sleeper.settled = True
    await turns()
    assert (stage.now, sleeper.woken, other.woken) == (60, [30, 60], [31])
    assert not advance.done()
    sleeper.settled = True
    await advance
    assert stage.now == 100


async def test_clock_waits_for_what_is_on_its_way_before_it_moves(stage: Stage) -> None:
    sleeper = stage.add()
    sleeper.settled = False
    advance = asyncio.create_task(stage.steering.advance(100))
    await turns()
    assert stage.now == 0
    sleeper.settled = True
    await advance


@pytest.mark.usefixtures("no_grace")
async def test_clock_moves_on_without_a_client_that_does_not_answer(stage: Stage) -> None:
    sleeper = stage.add(30, 60, 90, kind=Unsettled)
    await stage.steering.advance(100)
    assert (sleeper.woken, stage.now) == ([30, 60, 90], 100)


async def test_client_that_did_not_answer_is_waited_for_again_once_it_has(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = stage.add(10, 20, 30, kind=Unsettled)
    with monkeypatch.context() as patch:
        patch.setattr(steering_module, "GRACE", 0)
        await stage.steering.advance(10)
    monkeypatch.setattr(steering_module, "GRACE", 3600)
    await asyncio.wait_for(stage.steering.advance(10), 20)
    assert sleeper.woken == [10, 20], "it had its time"
    sleeper.settled = True
    advance = asyncio.create_task(stage.steering.advance(20))
    await turns()
    assert sleeper.woken == [10, 20, 30]
    assert not advance.done()
    sleeper.settled = True
    await advance


async def test_advance_that_is_cancelled_leaves_the_clock_where_it_came_to(stage: Stage) -> None:
    sleeper = stage.add(30, 60, kind=Unsettled)
    advance = asyncio.create_task(stage.steering.advance(100))
    await turns()
    advance.cancel()
    await asyncio.wait([advance])
    assert advance.cancelled()
    assert (stage.now, stage.world.clock.frozen) == (30, False)
    assert stage.world.clock.real_seconds_until(60) == 30, "it runs"
    sleeper.settled = True
    await asyncio.wait_for(stage.steering.advance(1), 20)
    assert stage.now == 31


async def test_moment_that_finds_no_end_ends_the_advance_with_the_reason(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steering_module, "LONGEST_MOMENT", 0)
    stage.add(*range(1, 5))
    await stage.steering.advance(10)
    stage.add(12, *[15] * 10_000)
    with pytest.raises(StillBusy, match=r"^the clock cannot leave 15\.000 s: "):
        await stage.steering.advance(10)
    assert stage.now == 15
    assert stage.world.clock.real_seconds_until(16) == 1, "it runs"


async def test_sleeper_that_fails_is_reported_and_the_clock_moves_on(stage: Stage) -> None:
    class Failing(Sleeper):
        def wake(self) -> None:
            raise ZeroDivisionError

    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["exception"]))
    stage.add(30, kind=Failing)
    other = stage.add(31)
    await stage.steering.advance(60)
    assert [type(error) for error in reported] == [ZeroDivisionError]
    assert other.woken == [31]


@pytest.mark.parametrize("seconds", [-1, -0.001, NAN, INFINITE, -INFINITE, LONGEST_ADVANCE + 1, 10**400])
async def test_advance_that_cannot_be_is_refused_and_moves_nothing(stage: Stage, seconds: float) -> None:
    with pytest.raises(WrongTime, match=r"^the clock cannot be advanced by .*; allowed: 0 to 31622400 \(366 days\)$"):
        await stage.steering.advance(seconds)
    assert stage.now == 0


async def test_longest_advance_is_allowed(stage: Stage) -> None:
    await stage.steering.advance(LONGEST_ADVANCE)
    assert stage.now == LONGEST_ADVANCE


@pytest.mark.parametrize("factor", [0, -1, NAN, INFINITE, SLOWEST / 2, FASTEST * 2])
async def test_speed_that_cannot_be_is_refused_and_changes_nothing(stage: Stage, factor: float) -> None:
    with pytest.raises(
        WrongTime, match=r"^the clock cannot run .* times as fast as real time; allowed: 0.001 to 10000$"
    ):
        stage.steering.scale(factor)
    assert stage.world.clock.scale == 1


@pytest.mark.parametrize("factor", [SLOWEST, FASTEST])
async def test_extreme_speeds_are_allowed(stage: Stage, factor: float) -> None:
    stage.steering.scale(factor)
    assert stage.world.clock.scale == factor
