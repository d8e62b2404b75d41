"""Who has to be woken, and when. One scheduler per World, driven by the shell."""

from heapq import heappop, heappush
from itertools import count
from typing import Protocol


class Sleeper(Protocol):
    """Something with a deadline, in seconds of the World's clock.

    `alarm` belongs to the scheduler: the time of the earliest entry it holds for this sleeper.
    """

    alarm: float | None

    @property
    def deadline(self) -> float | None: ...

    def wake(self) -> None:
        """The deadline has come."""
        ...


class Scheduler:
    """A heap with at most one current entry per sleeper.

    A deadline that moves back leaves its old entry where it is: when that comes up, the sleeper is asked again.
    So nothing is pushed while a deadline only moves further away, which is what happens with every message.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Sleeper]] = []
        self._order = count()

    def watch(self, sleeper: Sleeper) -> bool:
        """Take note of a sleeper's deadline. True if it is now the earliest of all."""
        deadline = sleeper.deadline
        if deadline is None or (sleeper.alarm is not None and sleeper.alarm <= deadline):
            return False
        sleeper.alarm = deadline
        heappush(self._heap, (deadline, next(self._order), sleeper))
        return self._heap[0][2] is sleeper

    def next_deadline(self) -> float | None:
        """When `due` is to be called next; None: nothing waits. It may come early, never late."""
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> list[Sleeper]:
        """Take out the sleepers whose deadline has come, the earliest first."""
        woken: list[Sleeper] = []
        while self._heap and self._heap[0][0] <= now:
            alarm, _, sleeper = heappop(self._heap)
            if alarm != sleeper.alarm:
                continue  # an earlier deadline was pushed later, this entry is stale
            sleeper.alarm = None
            deadline = sleeper.deadline
            if deadline is not None and deadline <= now:
                woken.append(sleeper)
            else:
                self.watch(sleeper)
        return woken
