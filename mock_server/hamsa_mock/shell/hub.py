"""What the connections of one running mock share: the mock, the loop, the alarm, and each other."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from hamsa_mock.core.actions import Action
from hamsa_mock.core.scheduler import Sleeper
from hamsa_mock.mock import Mock
from hamsa_mock.shell.alarm import Alarm
from hamsa_mock.shell.steering import Steering
from hamsa_mock.stages.request_log import LogLine

LATE = 0.05
"""Above so many seconds of real time the mock is worth a warning,"""

LATE_PAUSE = 10.0
"""and no other for so many."""


class Member(Sleeper, Protocol):
    """A connection, as far as the hub knows it."""

    number: int

    def describe(self) -> dict[str, str | int | float]:
        """What somebody who steers the mock wants to know of it."""
        ...

    def order(self, action: Action) -> bool:
        """Carry out what the session did not order. False: the connection is not open."""
        ...

    def shut_down(self) -> None: ...

    def abort(self) -> None: ...


class Hub:
    """Bound to one event loop; used in its thread only."""

    def __init__(self, mock: Mock, loop: asyncio.AbstractEventLoop) -> None:
        self.mock = mock
        self.loop = loop
        self.alarm = Alarm(mock.world, loop, self._tell_late)
        self.stopped = False
        """What is cut from now on is cut by the mock, not by its client."""
        self._silent_until = 0.0
        self._members: dict[Member, None] = {}
        self.steering = Steering(mock.world, self.alarm, self._members.keys())
        self._left = asyncio.Event()
        self._shutting_down = False

    def __len__(self) -> int:
        """How many connections are open."""
        return len(self._members)

    @property
    def members(self) -> tuple[Member, ...]:
        """The open connections, the oldest first."""
        return tuple(self._members)

    def now(self) -> float:
        """Seconds of the World's clock."""
        return self.mock.world.clock.now()

    def add(self, member: Member) -> None:
        """A connection has taken over its transport."""
        self._members[member] = None
        if self._shutting_down:  # its upgrade came too late to be told
            self.loop.call_soon(member.abort)

    def remove(self, member: Member) -> None:
        """A connection is gone."""
        self._members.pop(member, None)
        self.mock.world.scheduler.forget(member)
        self._left.set()

    def behaviours_changed(self) -> None:
        """Deadlines may have moved forward without an event: take note of them."""
        for member in self._members:
            self.alarm.watch(member)

    async def shut_down(self, grace: float) -> None:
        """Let every session say good-bye; drop what is still there after `grace` seconds of real time."""
        self._shutting_down = True
        members = self.members
        for member in members:
            member.shut_down()
        try:
            await asyncio.wait_for(self._until_gone(members), grace)
        except TimeoutError:
            await self.drop_all()

    async def drop_all(self) -> None:
        """Drop all connections that are open now, without a close frame, and return when they are gone."""
        members = self.members
        for member in members:
            member.abort()
        await self._until_gone(members)

    async def _until_gone(self, members: Collection[Member]) -> None:
        while any(member in self._members for member in members):
            self._left.clear()
            await self._left.wait()

    def _tell_late(self, seconds: float) -> None:
        """Say so when whoever measures through this mock measures the mock."""
        real = self.loop.time()
        if seconds > LATE and real >= self._silent_until:
            self._silent_until = real + LATE_PAUSE
            words = (
                f"this mock, or its machine, is the bottleneck: what was due left {1000 * seconds:.0f} ms late"
                " (hamsa_mock_lateness_seconds at /__mock__/metrics)"
            )
            self.mock.tell(LogLine(self.now(), None, "late", words, {"late": round(seconds, 6)}))

    def reset(self) -> None:
        """Let the mock be as it was at its start. Connections stay open."""
        self.mock.reset(max((member.number for member in self._members), default=0))
        self.behaviours_changed()
        self.alarm.clock_changed()
