"""What is held back of a connection, and when it leaves.

An answer keeps its order and holds up nothing but what comes behind it: errors, pings and pongs have lanes of their
own. What ends the connection leaves behind everything else.
"""

from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from hamsa_mock.core.actions import Abort, Close, Fin, Raw, Reject, Reset, Send, Single
from hamsa_mock.faults.fault import Gap, Hold, Later, Mute, event_of, request_of

ASIDES = frozenset({"error", "ping", "pong"})
ANSWERS = "answers"
"""The lane of everything else."""

ENDS = (Close, Fin, Reset, Abort, Reject, Mute)
"""Behind these nothing leaves."""

Leaving: TypeAlias = Single | Mute


def lane_of(action: Leaving) -> str:
    """The name of the lane in which an action leaves."""
    event = None if isinstance(action, Mute) else event_of(action)
    return event if event in ASIDES else ANSWERS


class Lanes:
    """Actions with the time at which they leave, in seconds of the World's clock; of one lane in the order in which
    they came."""

    def __init__(self) -> None:
        self.nbytes = 0
        """Bytes of messages that are held."""
        self._held: list[tuple[float, int, Leaving]] = []
        self._order = count()
        self._free: dict[str, float] = {}
        self._gathered: dict[str, float] = {}
        self._all_free = 0.0
        self._waiting: list[Hold] = []

    @property
    def deadline(self) -> float | None:
        """When the next one leaves; None: nothing is held by time."""
        return self._held[0][0] if self._held else None

    @property
    def idle(self) -> bool:
        """Whether nothing is held, and nothing that comes has to wait."""
        return not (self._held or self._free or self._gathered or self._waiting or self._all_free)

    def put(self, action: Leaving, lane: str, now: float) -> None:
        """Another action, and those that wait for it behind it."""
        self._push(action, lane, now)
        for hold in self._waiting[:]:
            if _ends_waiting(hold, action, lane):
                self._waiting.remove(hold)
                self.nbytes -= _nbytes(hold.action)
                self._push(hold.action, lane, now)

    def hold(self, hold: Hold) -> None:
        """An action that leaves behind another one, which has not come yet."""
        self._waiting.append(hold)
        self.nbytes += _nbytes(hold.action)

    def wait(self, wait: Later | Gap, lane: str, now: float) -> None:
        """What comes next has to wait."""
        if isinstance(wait, Gap):
            self._gathered[lane] = self._gathered.get(lane, 0) + wait.seconds
            if not wait.gathered:
                self._free[lane] = max(self._free.get(lane, 0), now) + self._gathered.pop(lane)
        elif wait.everything:
            self._all_free = max(self._all_free, now + wait.seconds)
        else:
            self._free[lane] = max(self._free.get(lane, 0), now + wait.seconds)

    def due(self, now: float) -> list[Leaving]:
        """Take out what leaves now. With an end of the connection the rest is forgotten."""
        out: list[Leaving] = []
        while self._held and self._held[0][0] <= now:
            action = heappop(self._held)[2]
            self.nbytes -= _nbytes(action)
            out.append(action)
            if isinstance(action, ENDS):
                self.clear()
        self._free = {lane: free for lane, free in self._free.items() if free > now}
        self._all_free = self._all_free if self._all_free > now else 0.0
        return out

    def clear(self) -> None:
        """Forget all that is held, and all waiting."""
        self.nbytes = 0
        self._held.clear()
        self._free.clear()
        self._gathered.clear()
        self._all_free = 0.0
        self._waiting.clear()

    def _push(self, action: Leaving, lane: str, now: float) -> None:
        due = max(now, self._all_free, self._free.get(lane, 0))
        if isinstance(action, Abort):
            due = now
        elif isinstance(action, ENDS):
            due = self._all_free = max([due, *self._free.values()])
        heappush(self._held, (due, next(self._order), action))
        self.nbytes += _nbytes(action)


def _ends_waiting(hold: Hold, action: Leaving, lane: str) -> bool:
    if hold.until is None:
        return lane == lane_of(hold.action)
    return (
        isinstance(action, Send | Raw) and action.event == hold.until and request_of(action) is request_of(hold.action)
    )


def _nbytes(action: Leaving) -> int:
    match action:
        case Send():
            return action.message.nbytes
        case Raw():
            return len(action.data)
        case _:
            return 0
