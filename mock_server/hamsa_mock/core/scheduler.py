"""Who has to be woken, and when. One scheduler per World, driven by the shell."""

from heapq import heapify, heappop, heappush
from itertools import count
from typing import Protocol

FORGOTTEN = 64
"""Fewer entries of sleepers that were forgotten are not worth a clearing."""


class Entry:
    """A place in the scheduler's heap. `behind`: the next later one of the same sleeper."""

    __slots__ = ("behind", "sleeper", "time")

    def __init__(self, time: float, sleeper: "Sleeper", behind: "Entry | None") -> None:
        self.time = time
        self.sleeper: Sleeper | None = sleeper
        self.behind = behind


class Sleeper(Protocol):
    """Something with a deadline, in seconds of the World's clock.

    `alarm` belongs to the scheduler: the earliest entry it holds for this sleeper.
    """

    alarm: Entry | None

    @property
    def deadline(self) -> float | None: ...

    @property
    def settled(self) -> bool:
        """Whether all that was ordered has left, and nothing is awaited of the peer."""
        ...

    def wake(self) -> None:
        """The deadline has come."""
        ...


class Scheduler:
    """A heap of entries, several for a sleeper whose deadline moved forward: each is earlier than those before it.

    A deadline that moves back leaves the entries where they are: when the first comes up, the sleeper is asked again.
    So nothing is pushed while a deadline only moves further away, which is what happens with every message, nor
    when it returns to where it was before, which is what happens at the end of every answer.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Entry]] = []
        self._order = count()
        self._forgotten = 0

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._heap)

    def watch(self, sleeper: Sleeper) -> bool:
        """Take note of a sleeper's deadline. True if it is now the earliest of all."""
        deadline = sleeper.deadline
        if deadline is None or (sleeper.alarm is not None and sleeper.alarm.time <= deadline):
            return False
        entry = sleeper.alarm = Entry(deadline, sleeper, sleeper.alarm)
        heappush(self._heap, (deadline, next(self._order), entry))
        return self._heap[0][2] is entry

    def forget(self, sleeper: Sleeper) -> None:
        """Let go of a sleeper that will not wake any more."""
        entry, sleeper.alarm = sleeper.alarm, None
        while entry is not None:
            entry.sleeper = None
            self._forgotten += 1
            entry = entry.behind
        if self._forgotten > max(FORGOTTEN, len(self._heap) // 2):
            self._heap = [place for place in self._heap if place[2].sleeper is not None]
            heapify(self._heap)
            self._forgotten = 0

    def next_deadline(self) -> float | None:
        """When somebody has to be woken next; None: nobody waits."""
        while self._heap:
            time, _, entry = self._heap[0]
            sleeper = entry.sleeper
            if sleeper is not None and sleeper.deadline is not None and sleeper.deadline <= time:
                return time
            self._pop()
            if sleeper is not None:
                self.watch(sleeper)
        return None

    def due(self, now: float) -> list[Sleeper]:
        """Take out the sleepers whose deadline has come, the earliest first."""
        woken: dict[Sleeper, None] = {}  # several entries of a sleeper may have come up
        while self._heap and self._heap[0][0] <= now:
            sleeper = self._pop()
            if sleeper is None:
                continue
            deadline = sleeper.deadline
            if deadline is not None and deadline <= now:
                woken[sleeper] = None
            else:
                self.watch(sleeper)
        return list(woken)

    def _pop(self) -> Sleeper | None:
        """Take out the first entry; None: its sleeper was forgotten."""
        entry = heappop(self._heap)[2]
        sleeper = entry.sleeper
        if sleeper is None:
            self._forgotten -= 1
        else:
            sleeper.alarm = entry.behind
        return sleeper
