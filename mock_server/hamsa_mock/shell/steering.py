"""Moves the clock of a running mock, and lets everything that thereby falls due happen in order."""

import asyncio
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from weakref import WeakSet

from hamsa_mock.core.scheduler import Sleeper
from hamsa_mock.core.world import World
from hamsa_mock.shell.alarm import Alarm
from hamsa_schemas.errors import shown

GRACE = 0.25
"""Seconds of real time that a client has to read, and to answer a ping, before the clock moves on without it."""

TURNS_TO_ARRIVE = 10
"""So many turns of the loop are enough for a request that was sent on a new connection to be taken in."""

QUICK_TURNS = 100
"""So many turns of the loop are taken at once for a client that answers at once; then a millisecond for each."""

LONGEST_MOMENT = 10.0
"""Seconds of real time in which everything that is due at one reading of the clock has to be done."""

LONGEST_ADVANCE = 366 * 86_400.0
"""Seconds."""

SLOWEST, FASTEST = 0.001, 10_000.0


class WrongTime(ValueError):
    """The clock cannot be moved by so much, or run at this speed. The text says what is allowed."""


class StillBusy(RuntimeError):
    """Clients ask for more faster than it is answered, so that one moment finds no end. The clock stays there."""


class Steering:
    """What users may do with the World's clock. Bound to the loop of the mock, and used in its thread only.

    `members`: the connections there are, at any time.
    """

    def __init__(self, world: World, alarm: Alarm, members: Collection[Sleeper]) -> None:
        self._clock = world.clock
        self._scheduler = world.scheduler
        self._alarm = alarm
        self._members = members
        self._moving = asyncio.Lock()
        self._silent: WeakSet[Sleeper] = WeakSet()

    async def advance(self, seconds: float) -> None:
        """Move the clock. Everything that falls due on the way happens in order, each at its own time.

        Returns when it has been written. Where that takes the peer, because it does not read or owes a pong, it
        has `GRACE` seconds of real time, and no more until it has answered once. A clock that was frozen is so
        afterwards. An advance waits for the end of another. One that is cancelled leaves the clock where it came to.

        Raises WrongTime for what is not a number from 0 to `LONGEST_ADVANCE`, and StillBusy.
        """
        if not 0 <= seconds <= LONGEST_ADVANCE:
            allowed = f"0 to {LONGEST_ADVANCE:.0f} (366 days)"
            raise WrongTime(f"the clock cannot be advanced by {shown(seconds)} seconds; allowed: {allowed}")
        async with self._moving:
            with self._held():
                await self._take_in()
                await self._move(self._clock.now() + seconds)

    async def advance_to_next_deadline(self) -> float:
        """Move the clock to when something falls due next, as `advance` does; how many seconds that was.

        What is due already happens first and does not count. 0: nothing waits, and the clock stays as it is.

        Raises StillBusy.
        """
        async with self._moving:
            with self._held():
                await self._take_in()
                begin = self._clock.now()
                await self._move(begin)
                deadline = self._scheduler.next_deadline()
                if deadline is None:
                    return 0.0
                await self._move(deadline)
                return deadline - begin

    def freeze(self) -> None:
        """Let the clock stand still. An advance moves it all the same."""
        self._clock.freeze()
        self._alarm.clock_changed()

    def unfreeze(self) -> None:
        """Let the clock run on, at its scale."""
        self._clock.run(self._clock.scale)
        self._alarm.clock_changed()

    def scale(self, factor: float) -> None:
        """Let the clock run so many times as fast as real time; a frozen one, once it is unfrozen.

        Raises WrongTime for what is not a number from `SLOWEST` to `FASTEST`.
        """
        if not SLOWEST <= factor <= FASTEST:
            allowed = f"{SLOWEST:g} to {FASTEST:g}"
            raise WrongTime(f"the clock cannot run {shown(factor)} times as fast as real time; allowed: {allowed}")
        self._clock.set_scale(factor)
        self._alarm.clock_changed()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else wakes anybody meanwhile."""
        self._clock.hold()
        self._alarm.stop()
        try:
            yield
        finally:
            self._clock.release()
            self._alarm.clock_changed()

    async def _take_in(self) -> None:
        """Let what clients sent before come in, and be answered as far as it is due."""
        for _ in range(TURNS_TO_ARRIVE):
            await asyncio.sleep(0)
        await self._settle(self._members)

    async def _move(self, target: float) -> None:
        reached = time.monotonic()
        while (deadline := self._scheduler.next_deadline()) is not None and deadline <= target:
            if deadline > self._clock.now():
                reached = time.monotonic()
            elif time.monotonic() - reached > LONGEST_MOMENT:
                moment = f"{self._clock.now():.3f} s"
                raise StillBusy(f"the clock cannot leave {moment}: clients ask on and on for what is due at once")
            self._clock.move_to(deadline)
            await self._settle(self._alarm.wake_due())
        self._clock.move_to(target)

    async def _settle(self, sleepers: Iterable[Sleeper]) -> None:
        """Return when all that these ordered has left and their peers have answered, or have had their time."""
        waiting = list(sleepers)
        end, turns = time.monotonic() + GRACE, 0
        while True:
            # uvloop writes at the end of a turn, and what a task writes, it writes in the turn after it was woken.
            await asyncio.sleep(0 if turns < QUICK_TURNS else 0.001)
            turns += 1
            settled = {sleeper for sleeper in waiting if sleeper.settled}
            self._silent -= settled
            waiting = [sleeper for sleeper in waiting if sleeper not in settled and sleeper not in self._silent]
            if not waiting:
                return
            if turns >= QUICK_TURNS and time.monotonic() >= end:  # both: the mock itself may have had no time
                self._silent.update(waiting)
                return
