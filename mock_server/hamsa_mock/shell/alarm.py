"""Wakes connections at their deadlines."""

import asyncio
from collections.abc import Callable
from math import ceil

from hamsa_mock.core.lateness import Lateness
from hamsa_mock.core.scheduler import Sleeper
from hamsa_mock.core.world import World


class Alarm:
    """One timer of the loop, set to the earliest deadline of the World's scheduler, by the World's clock.

    Delays are rounded up to whole milliseconds: uvloop's timers have that resolution and would fire up to half a
    millisecond early. So nothing is early, and nothing spins to find out. `lateness` is how late the timer rang,
    in real time, against the deadline it was set for; the rounding is in it. `late` is told each time, in seconds.
    """

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop, late: Callable[[float], object]) -> None:
        self.lateness = Lateness()
        self._late = late
        self._world = world
        self._loop = loop
        self._timer: asyncio.Handle | None = None
        self._set_for = 0.0

    def watch(self, sleeper: Sleeper) -> None:
        """Take note of a sleeper's deadline. One that has passed already is not late before now."""
        if self._world.scheduler.watch(sleeper):
            self._set(self._world.clock.now())

    def clock_changed(self) -> None:
        """Set the timer anew. To be called whenever the World's clock was set, frozen, or given another speed."""
        self._set(self._world.clock.now())

    def stop(self) -> None:
        """Wake nobody any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def wake_due(self) -> list[Sleeper]:
        """Wake those whose deadline has come by the World's clock, the earliest first; who they were."""
        woken = self._world.scheduler.due(self._world.clock.now())
        for sleeper in woken:
            try:
                sleeper.wake()
            except Exception as error:  # reported, and the others are woken all the same
                words = "a connection could not be woken"
                self._loop.call_exception_handler({"message": words, "exception": error})
        return woken

    def _set(self, not_late_before: float) -> None:
        """`not_late_before`: seconds of the World's clock before which a deadline could not have been kept."""
        self.stop()
        deadline = self._world.scheduler.next_deadline()
        if deadline is None:
            return
        seconds = self._world.clock.real_seconds_until(deadline)
        if seconds is None:
            return
        self._set_for = max(deadline, not_late_before)
        milliseconds = ceil(seconds * 1000)
        if milliseconds <= 0:
            self._timer = self._loop.call_soon(self._ring)
        else:
            self._timer = self._loop.call_later(milliseconds / 1000, self._ring)

    def _ring(self) -> None:
        self._timer = None
        now = self._world.clock.now()
        seconds = self._world.clock.real_seconds_until(self._set_for)
        if seconds is not None:
            self.lateness.observe(-seconds)
            self._late(-seconds)
        self.wake_due()
        self._set(now)
