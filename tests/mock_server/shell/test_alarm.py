"""Waking connections at their deadlines."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.core.world import World
from hamsa_mock.shell.alarm import Alarm
from hamsa_schemas import load_behaviours


class Handle:
    """A timer that the test rings."""

    def __init__(self, delay: float, callback: Callable[[], None]) -> None:
        self.delay = delay
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """An event loop whose timers the test rings; time stands still but for the test."""

    def __init__(self) -> None:
        self.time = 0.0
        self.handles: list[Handle] = []
        self.reported: list[dict[str, Any]] = []
        self.late: list[float] = []

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.reported.append(context)

    def call_soon(self, callback: Callable[[], None]) -> Handle:
        return self.call_later(0, callback)

    def call_later(self, delay: float, callback: Callable[[], None]) -> Handle:
        self.handles.append(Handle(delay, callback))
        return self.handles[-1]

    @property
    def pending(self) -> list[Handle]:
        return [handle for handle in self.handles if not handle.cancelled]

    def ring(self) -> None:
        (handle,) = self.pending
        handle.cancelled = True
        self.time += handle.delay
        handle.callback()


class Sleeper:
    """Wakes at each of its deadlines and remembers when."""

    def __init__(self, world: World, *deadlines: float) -> None:
        self.alarm: Entry | None = None
        self.settled = True
        self.woken: list[float] = []
        self._world = world
        self._deadlines = list(deadlines)

    @property
    def deadline(self) -> float | None:
        return self._deadlines[0] if self._deadlines else None

    def wake(self) -> None:
        self.woken.append(self._world.clock.now())
        self._deadlines.pop(0)
        self._world.scheduler.watch(self)


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def world(loop: Loop) -> World:
    return World(Clock(lambda: loop.time), load_behaviours("instant"))


@pytest.fixture
def alarm(world: World, loop: Loop) -> Alarm:
    return Alarm(world, cast(asyncio.AbstractEventLoop, loop), late=loop.late.append)


@pytest.mark.parametrize(("deadline", "delay"), [(0.3, 0.3), (0.0004, 0.001), (0.0011, 0.002), (0, 0), (-1, 0)])
def test_delay_is_rounded_up_to_whole_milliseconds(
    alarm: Alarm, world: World, loop: Loop, deadline: float, delay: float
) -> None:
    alarm.watch(Sleeper(world, deadline))
    assert [handle.delay for handle in loop.pending] == [delay]


def test_sleeper_is_woken_at_each_of_its_deadlines_and_never_early(alarm: Alarm, world: World, loop: Loop) -> None:
    deadlines = [0.25, 0.2504, 1.7]
    sleeper = Sleeper(world, *deadlines)
    alarm.watch(sleeper)
    for _ in deadlines:
        loop.ring()
    assert len(sleeper.woken) == 3
    assert all(0 <= woken - deadline < 0.0011 for woken, deadline in zip(sleeper.woken, deadlines, strict=True))
    assert loop.pending == []


def test_one_timer_serves_all_and_moves_to_the_earliest(alarm: Alarm, world: World, loop: Loop) -> None:
    for deadline in (5, 7, 1, 3):
        alarm.watch(Sleeper(world, deadline))
    assert [handle.delay for handle in loop.pending] == [1]


def test_stopped_alarm_wakes_nobody(alarm: Alarm, world: World, loop: Loop) -> None:
    alarm.watch(Sleeper(world, 1))
    alarm.stop()
    alarm.stop()
    assert loop.pending == []


def test_sleeper_that_fails_is_reported_and_the_others_are_woken(alarm: Alarm, world: World, loop: Loop) -> None:
    class Failing(Sleeper):
        def wake(self) -> None:
            raise ZeroDivisionError

    other = Sleeper(world, 1)
    alarm.watch(Failing(world, 1))
    alarm.watch(other)
    loop.ring()
    assert other.woken == [1]
    assert [type(context["exception"]) for context in loop.reported] == [ZeroDivisionError]


def test_timer_rings_sooner_where_the_clock_runs_faster(alarm: Alarm, world: World, loop: Loop) -> None:
    world.clock.run(100)
    sleeper = Sleeper(world, 30)
    alarm.watch(sleeper)
    assert [handle.delay for handle in loop.pending] == [0.3]
    loop.ring()
    assert sleeper.woken == [30]


def test_timer_is_set_anew_when_the_clock_changes(alarm: Alarm, world: World, loop: Loop) -> None:
    alarm.watch(Sleeper(world, 30))
    world.clock.run(10)
    alarm.clock_changed()
    assert [handle.delay for handle in loop.pending] == [3]
    world.clock.freeze()
    alarm.clock_changed()
    assert loop.pending == []
    world.clock.run(1)
    alarm.clock_changed()
    assert [handle.delay for handle in loop.pending] == [30]


def test_frozen_clock_wakes_only_those_who_are_due(alarm: Alarm, world: World, loop: Loop) -> None:
    world.clock.freeze()
    due, later = Sleeper(world, 0), Sleeper(world, 0.001)
    alarm.watch(later)
    assert loop.pending == []
    alarm.watch(due)
    loop.ring()
    assert (due.woken, later.woken) == ([0], [])
    assert loop.pending == []


def test_clock_that_was_frozen_behind_the_back_of_the_timer_wakes_nobody(
    alarm: Alarm, world: World, loop: Loop
) -> None:
    sleeper = Sleeper(world, 30)
    alarm.watch(sleeper)
    world.clock.freeze()
    loop.ring()
    assert (sleeper.woken, loop.pending, alarm.lateness.count) == ([], [], 0)


def test_lateness_is_real_time_after_the_deadline(alarm: Alarm, world: World, loop: Loop) -> None:
    world.clock.run(100)
    alarm.watch(Sleeper(world, 30))
    loop.time += 0.4  # the loop had other things to do
    loop.ring()
    assert alarm.lateness.count == 1
    assert alarm.lateness.sum == pytest.approx(0.4)
    assert loop.late == [pytest.approx(0.4)]


def test_deadline_that_had_passed_when_it_was_named_is_late_from_then_on(
    alarm: Alarm, world: World, loop: Loop
) -> None:
    loop.time = 50
    alarm.watch(Sleeper(world, 30))
    loop.time += 0.02
    loop.ring()
    assert alarm.lateness.sum == pytest.approx(0.02)


def test_deadline_that_passed_while_others_were_woken_is_late(alarm: Alarm, world: World, loop: Loop) -> None:
    class Slow(Sleeper):
        def wake(self) -> None:
            super().wake()
            loop.time += 0.5

    alarm.watch(Slow(world, 1))
    alarm.watch(Sleeper(world, 1.1))
    loop.ring()
    loop.ring()
    assert alarm.lateness.count == 2
    assert alarm.lateness.sum == pytest.approx(0.4)
