"""Time as the mock sees it, in seconds since its World was made."""

from collections.abc import Callable


class Clock:
    """Counts from zero, at `scale` times the speed of `source` (seconds, never backwards), unless it stands still.

    Everything that waits reads this clock and no other, so that whoever steers it steers all of the mock. Whatever is
    done to it, its reading never goes back: open connections wait for times that it shows later.
    """

    def __init__(self, source: Callable[[], float]) -> None:
        self._source = source
        self._since = source()
        self._reading = 0.0
        self._scale = 1.0
        self._frozen = False
        self._held = False

    @property
    def scale(self) -> float:
        """Seconds of this clock in one second of real time, while it runs."""
        return self._scale

    @property
    def frozen(self) -> bool:
        """Whether it stands still until it is run, or moved."""
        return self._frozen

    def now(self) -> float:
        """Seconds since the clock was made."""
        if self._frozen or self._held:
            return self._reading
        return self._reading + (self._source() - self._since) * self._scale

    def freeze(self) -> None:
        """Stand still."""
        self._note_reading()
        self._frozen = True

    def run(self, scale: float) -> None:
        """Run at this speed, from the present reading on. `scale` is positive."""
        self.set_scale(scale)
        self._frozen = False

    def set_scale(self, scale: float) -> None:
        """Take this speed, at once or, while it stands still, from when it runs again. `scale` is positive."""
        self._note_reading()
        self._scale = scale

    def move_to(self, time: float) -> None:
        """Show this time, and go on from there as before. A time that has passed changes nothing."""
        self._note_reading()
        self._reading = max(self._reading, time)

    def hold(self) -> None:
        """Stand still for whoever moves the clock step by step, until `release`: nothing comes by itself."""
        self._note_reading()
        self._held = True

    def release(self) -> None:
        """Be again what it was, or what was asked for meanwhile."""
        self._note_reading()
        self._held = False

    def real_seconds_until(self, time: float) -> float | None:
        """Real time until the clock shows `time`, negative where it has passed; None: it does not come by itself."""
        left = time - self.now()
        if self._held or (self._frozen and left > 0):
            return None
        return left / self._scale

    def _note_reading(self) -> None:
        """What changes from here on counts from the present reading."""
        since = self._source()
        if not self._frozen and not self._held:
            self._reading += (since - self._since) * self._scale
        self._since = since
