"""Time as the mock sees it, in seconds since its World was made."""

from collections.abc import Callable


class Clock:
    """Counts from zero, at the speed of `source` (seconds, never backwards).

    Everything that waits reads this clock and no other, so that whoever steers it steers all of the mock.
    """

    def __init__(self, source: Callable[[], float]) -> None:
        self._source = source
        self._origin = source()

    def now(self) -> float:
        """Seconds since the clock was made."""
        return self._source() - self._origin
