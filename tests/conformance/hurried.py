"""Real time in which fewer seconds pass: what waits for two seconds is done in forty milliseconds."""

from collections.abc import Callable, Iterable

from hamsa_conformance.client.timekeeping import RealTime, Stream

FACTOR = 50.0
"""So many seconds are one of real time."""


class HurriedTime:
    """As `RealTime`. Only for servers that answer at once: their delays look longer than they are."""

    def __init__(self) -> None:
        self._real = RealTime()

    def now(self) -> float:
        return self._real.now() * FACTOR

    def wait(self, until: float, streams: Iterable[Stream]) -> bool:
        return self._real.wait(until / FACTOR, streams)

    def disturbed(self) -> None:
        self._real.disturbed()

    def skip(self, seconds: float, streams: Iterable[Stream]) -> None:
        self._real.skip(seconds / FACTOR, streams)

    def call(self, work: Callable[[], None], streams: Iterable[Stream]) -> None:
        self._real.call(work, streams)
