"""The signals that end a command."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType

HANGUP: int | None = getattr(signal, "SIGHUP", None)
"""Windows has none."""


class Signals:
    """Catches them from the start of the command to the end of the process.

    At once, so that one that comes before the loop runs counts too. After `finish` they are ignored: a second Ctrl-C
    changes nothing any more. `signal.signal` works where a loop has no `add_signal_handler`.
    """

    def __init__(self, *others: str) -> None:
        """`others`: the names of more signals to catch, where the system has them."""
        self.first: int | None = None
        """The number of the first that came; None: none has."""
        self._handle: Callable[[int], object] | None = None
        self._caught: list[int] = [signal.SIGINT, signal.SIGTERM]
        if HANGUP is not None and signal.getsignal(HANGUP) != signal.SIG_IGN:  # ignored: started by nohup
            self._caught.append(HANGUP)
        self._caught += [getattr(signal, name) for name in others if hasattr(signal, name)]
        for number in self._caught:
            signal.signal(number, self._come)

    def event(self) -> asyncio.Event:
        """An event of the running loop, which the signals set."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        self._handle = lambda number: loop.call_soon_threadsafe(stop.set)
        if self.first is not None:
            stop.set()
        return stop

    def pass_on(self, handle: Callable[[int], object]) -> None:
        """Hand all signals on from now on, and the first one that has come already."""
        self._handle = handle
        if self.first is not None:
            handle(self.first)

    def finish(self) -> None:
        """Everything is stopped, and the loop is about to be closed."""
        for number in self._caught:
            signal.signal(number, signal.SIG_IGN)

    def _come(self, number: int, frame: FrameType | None) -> None:
        self.first = self.first or number
        if self._handle is not None:
            self._handle(number)
