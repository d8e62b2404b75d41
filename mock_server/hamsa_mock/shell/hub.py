"""What the connections of one running mock share: the mock, the loop, the alarm, and each other."""

import asyncio
from typing import Protocol

from hamsa_mock.mock import Mock
from hamsa_mock.shell.alarm import Alarm


class Member(Protocol):
    """A connection, as far as the hub knows it."""

    def shut_down(self) -> None: ...

    def abort(self) -> None: ...


class Hub:
    """Bound to one event loop; used in its thread only."""

    def __init__(self, mock: Mock, loop: asyncio.AbstractEventLoop) -> None:
        self.mock = mock
        self.loop = loop
        self.alarm = Alarm(mock.world, loop)
        self._members: set[Member] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    def now(self) -> float:
        """Seconds of the World's clock."""
        return self.mock.world.clock.now()

    def add(self, member: Member) -> None:
        """A connection has taken over its transport."""
        self._members.add(member)
        self._empty.clear()

    def remove(self, member: Member) -> None:
        """A connection is gone."""
        self._members.discard(member)
        if not self._members:
            self._empty.set()

    async def shut_down(self, grace: float) -> None:
        """Let every session say good-bye; abort what is still there after `grace` seconds of real time."""
        for member in list(self._members):
            member.shut_down()
        try:
            await asyncio.wait_for(self._empty.wait(), grace)
        except TimeoutError:
            for member in list(self._members):
                member.abort()
            await self._empty.wait()
