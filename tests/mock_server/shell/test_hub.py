"""What connections share: that the mock says so when it is itself the bottleneck, and that nobody outlives it."""

import asyncio

import pytest

from hamsa_mock.core.actions import Action
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell import hub as shell_hub
from hamsa_mock.shell.hub import Hub
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas import load_behaviours


class Waiting:
    """Somebody with one deadline."""

    def __init__(self, deadline: float) -> None:
        self.alarm: Entry | None = None
        self.settled = True
        self.deadline: float | None = deadline
        self.woken = asyncio.Event()

    def wake(self) -> None:
        self.deadline = None
        self.woken.set()


class Late:
    """A mock whose real time the test moves, so that it is as late as the test wants."""

    def __init__(self) -> None:
        self.real = 0.0
        self.lines: list[LogLine] = []
        mock = Mock(World(Clock(lambda: self.real), load_behaviours("instant")), self.lines.append)
        self.hub = Hub(mock, asyncio.get_running_loop())

    async def be_late_by(self, seconds: float) -> None:
        """Something is due in a millisecond of the clock, which then shows so much more."""
        waiting = Waiting(self.real + 0.001)
        self.hub.alarm.watch(waiting)
        self.real += 0.001 + seconds
        await waiting.woken.wait()


async def test_mock_that_is_late_says_that_it_is_the_bottleneck() -> None:
    late = Late()
    await late.be_late_by(0.2)
    (line,) = late.lines
    assert line.event == "late"
    assert "this mock, or its machine, is the bottleneck: what was due left 200 ms late" in line.words
    assert late.hub.alarm.lateness.count == 1


async def test_mock_that_is_late_again_says_it_no_more_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Late()
    for _ in range(3):
        await late.be_late_by(0.2)
    assert len(late.lines) == 1
    monkeypatch.setattr(shell_hub, "LATE_PAUSE", 0)
    late.hub._silent_until = 0
    await late.be_late_by(0.2)
    await late.be_late_by(0.2)
    assert len(late.lines) == 3


async def test_mock_that_is_in_time_says_nothing() -> None:
    late = Late()
    await late.be_late_by(0.01)
    assert late.lines == []


class Latecomer(Waiting):
    """A connection whose upgrade comes when the others have been told that the mock stops."""

    number = 1

    def __init__(self) -> None:
        super().__init__(1)
        self.aborted = asyncio.Event()

    def describe(self) -> dict[str, str | int | float]:
        return {}

    def order(self, action: Action) -> bool:
        return False

    def shut_down(self) -> None:
        raise AssertionError("it was not there yet")

    def abort(self) -> None:
        self.aborted.set()


async def test_connection_that_comes_when_the_mock_stops_is_dropped() -> None:
    hub, latecomer = Late().hub, Latecomer()
    await hub.shut_down(grace=1)
    hub.add(latecomer)
    await latecomer.aborted.wait()
