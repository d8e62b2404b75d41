"""Waits until a question to the journal can be answered."""

import asyncio

from hamsa_kit.transcript_query import Evaluation, Judgement, Query
from hamsa_mock.core.journal import Journal
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.shell.hub import Hub


class Waiter:
    """Waits in the loop of a running mock."""

    def __init__(self, hub: Hub, journal: Journal) -> None:
        self._hub = hub
        self._journal = journal

    async def wait(self, query: Query, seconds: float) -> Judgement:
        """The judgement as soon as it is definite; `not yet` after so many seconds of real time."""
        evaluation = Evaluation(query)
        turn = _Turn()
        stop = self._journal.observe(turn.wake)
        position = query.after
        judgement = evaluation.judge(self._hub.now())
        try:
            async with asyncio.timeout(seconds):
                while True:
                    turn.begin()
                    evaluation.take(self._journal.entries(after=position))
                    position = self._journal.position
                    judgement = evaluation.judge(self._hub.now())
                    if judgement.verdict != "not yet":
                        return judgement
                    turn.deadline = evaluation.deadline
                    self._hub.alarm.watch(turn)
                    await turn.woken()
        except TimeoutError:
            return judgement
        finally:
            stop()
            self._hub.mock.world.scheduler.forget(turn)


class _Turn:
    """Until something is recorded, or the time of a query is over: a Sleeper for the scheduler.

    Who is woken goes on in the loop's next turn, when all others that were due at that time have had theirs.
    """

    def __init__(self) -> None:
        self.alarm: Entry | None = None
        self.deadline: float | None = None
        self.settled = True
        self._event = asyncio.Event()

    def begin(self) -> None:
        self._event.clear()

    def wake(self) -> None:
        self.deadline = None
        self._event.set()

    async def woken(self) -> None:
        await self._event.wait()
