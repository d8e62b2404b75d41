"""Wakes connections at their deadlines."""

import asyncio
from math import ceil

from hamsa_mock.core.scheduler import Sleeper
from hamsa_mock.core.world import World


class Alarm:
    """One timer of the loop, set to the earliest deadline of the World's scheduler.

    Delays are rounded up to whole milliseconds: uvloop's timers have that resolution and would fire up to half a
    millisecond early. So nothing is early, and nothing spins to find out.
    """

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self._world = world
        self._loop = loop
        self._timer: asyncio.Handle | None = None

    def watch(self, sleeper: Sleeper) -> None:
        """Take note of a sleeper's deadline."""
        if self._world.scheduler.watch(sleeper):
            self._set()

    def stop(self) -> None:
        """Wake nobody any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self) -> None:
        self.stop()
        deadline = self._world.scheduler.next_deadline()
        if deadline is None:
            return
        milliseconds = ceil((deadline - self._world.clock.now()) * 1000)
        if milliseconds <= 0:
            self._timer = self._loop.call_soon(self._ring)
        else:
            self._timer = self._loop.call_later(milliseconds / 1000, self._ring)

    def _ring(self) -> None:
        self._timer = None
        for sleeper in self._world.scheduler.due(self._world.clock.now()):
            try:
                sleeper.wake()
            except Exception as error:  # reported, and the others are woken all the same
                words = "a connection could not be woken"
                self._loop.call_exception_handler({"message": words, "exception": error})
        self._set()
