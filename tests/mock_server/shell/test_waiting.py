"""Who waits for something in the journal."""

import asyncio

import pytest

from hamsa_kit.transcript_query import Query
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.waiting import Waiter
from hamsa_schemas import load_behaviours

LONG = 60.0
"""Seconds of real time that no test waits."""


class Scene:
    """A mock without sockets, whose clock stands still."""

    def __init__(self) -> None:
        self.mock = Mock(World(Clock(lambda: 0.0), load_behaviours("instant")))
        self.mock.world.clock.freeze()
        self.hub = Hub(self.mock, asyncio.get_running_loop())
        self.waiter = Waiter(self.hub, self.mock.journal)

    def happen(self, event: str = "tts") -> None:
        self.mock.journal.note(self.hub.now(), 1, event, "words", {})


QUERY = Query(kind="note", event="tts", exactly=2)


async def test_what_has_happened_already_is_judged_at_once() -> None:
    scene = Scene()
    scene.happen()
    scene.happen()
    assert (await scene.waiter.wait(QUERY, 0)).verdict == "satisfied"
    scene.happen()
    assert (await scene.waiter.wait(QUERY, LONG)).verdict == "violated"


async def test_waiter_wakes_when_it_happens() -> None:
    scene = Scene()
    waiting = asyncio.create_task(scene.waiter.wait(QUERY, LONG))
    for event in ("stt", "tts", "tts"):
        await asyncio.sleep(0)
        assert not waiting.done()
        scene.happen(event)
    judgement = await waiting
    assert (judgement.verdict, judgement.positions) == ("satisfied", (2, 3))


async def test_waiter_wakes_when_the_clock_says_that_the_time_is_over() -> None:
    scene = Scene()
    query = Query(kind="note", event="tts", exactly=1, within=3600)
    waiting = asyncio.create_task(scene.waiter.wait(query, LONG))
    scene.happen()
    await scene.hub.steering.advance(3599)
    assert not waiting.done()
    await scene.hub.steering.advance(1)
    assert (await waiting).verdict == "satisfied"


async def test_what_happens_at_the_very_end_counts() -> None:
    scene = Scene()
    query = Query(kind="note", at_least=1, within=10, since=0)
    waiting = asyncio.create_task(scene.waiter.wait(query, LONG))
    await asyncio.sleep(0)
    sleeper = Sleeper(scene)
    scene.hub.alarm.watch(sleeper)
    await scene.hub.steering.advance(10)
    assert (await waiting).verdict == "satisfied"


async def test_waiter_gives_up_after_its_real_time() -> None:
    scene = Scene()
    scene.happen()
    judgement = await scene.waiter.wait(QUERY, 0.001)
    assert (judgement.verdict, judgement.positions) == ("not yet", (1,))


@pytest.mark.parametrize("seconds", [0.001, LONG])
async def test_waiter_leaves_nothing_behind(seconds: float) -> None:
    scene = Scene()
    query = Query(kind="note", exactly=1, within=5, since=0)
    waiting = asyncio.create_task(scene.waiter.wait(query, seconds))
    await asyncio.sleep(0)
    assert scene.mock.world.scheduler.next_deadline() == 5
    if seconds == LONG:
        waiting.cancel()
    await asyncio.wait([waiting])
    assert scene.mock.world.scheduler.next_deadline() is None
    assert scene.mock.journal._observers == []


class Sleeper:
    """Makes something happen at ten seconds."""

    settled = True

    def __init__(self, scene: Scene) -> None:
        self.alarm: Entry | None = None
        self.deadline: float | None = 10.0
        self._scene = scene

    def wake(self) -> None:
        self.deadline = None
        self._scene.happen()
