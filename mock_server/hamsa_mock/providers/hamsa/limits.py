"""What is counted and spent in one World: requests, new connections, money, loaded voices."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from hamsa_mock.providers.hamsa.accounts import Project


class SlidingWindow:
    """Counts events of a name over the last seconds, as many as `length` says at the time. An event leaves the
    window exactly so long after it came.
    """

    def __init__(self, length: Callable[[], float]) -> None:
        self._length = length
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    @property
    def seconds(self) -> float:
        """The length of the window."""
        return self._length()

    def count(self, name: str, now: float) -> int:
        """How many events of a name are in the window."""
        times, seconds = self._times[name], self.seconds
        while times and times[0] + seconds <= now:
            times.popleft()
        if not times:
            del self._times[name]
        return len(times)

    def add(self, name: str, now: float) -> int:
        """One more event; how many there are in the window with it."""
        before = self.count(name, now)
        self._times[name].append(now)
        return before + 1

    def reset(self) -> None:
        """Forget all events."""
        self._times.clear()


@dataclass
class Wallets:
    """What is left of each project's money, in seconds of audio. It can fall below zero: an answer is not
    interrupted for money (assumed)."""

    _spent: dict[str, int] = field(default_factory=dict[str, int])
    _start: dict[str, int] = field(default_factory=dict[str, int])

    def balance(self, project: Project) -> float:
        """Seconds of audio that are still paid for."""
        if project.wallet is None:
            return float("inf")
        return project.wallet - self._spent.get(project.id, 0)

    def charge(self, project: Project, seconds: float) -> int:
        """Charge an amount of audio: whole seconds, rounded up, as a customer measured it (2026-10-07)."""
        charged = ceil(seconds)
        self._spent[project.id] = self._spent.get(project.id, 0) + charged
        return charged

    def fill(self, project: Project, seconds: int | None = None) -> None:
        """From now on so much is left of a project's money; None: all of it."""
        self._spent[project.id] = 0 if seconds is None or project.wallet is None else project.wallet - seconds

    def keep(self) -> None:
        """What is left now is what `reset` returns to."""
        self._start = dict(self._spent)

    def reset(self) -> None:
        """Back to what was left at the start."""
        self._spent = dict(self._start)


@dataclass
class LoadedVoices:
    """From when till when custom voices are loaded."""

    _times: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    def load(self, voice: str, ready: float, until: float) -> None:
        """A voice is loaded from one time to another. Loading it again is harmless (PRE-10)."""
        self._times[voice] = ready, until

    def wait(self, voice: str, now: float) -> float | None:
        """Seconds until a voice is loaded, 0 if it is (PRE-9); None: nobody loads it."""
        ready, until = self._times.get(voice, (now, now))
        return max(0.0, ready - now) if now < until else None

    def reset(self) -> None:
        """No voice is loaded."""
        self._times.clear()
