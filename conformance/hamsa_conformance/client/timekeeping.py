"""Letting time pass: the clock of a mock, moved from deadline to deadline, or real time."""

import selectors
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from hamsa_kit.mock_client import MockClock

ARRIVAL = 0.02
"""Seconds of real time after which what a steered server has written has arrived for sure."""


SENDING = 0.1
"""Seconds of real time after which a request has been sent for sure."""


class Stream(Protocol):
    """Something that is read from. `fileno` is -1 once it has ended."""

    def fileno(self) -> int: ...

    def pump(self) -> bool:
        """Take in what has arrived; whether anything had."""
        ...


class Time(Protocol):
    """Seconds on the clock that counts, and waiting by it."""

    def now(self) -> float: ...

    def wait(self, until: float, streams: Iterable[Stream]) -> bool:
        """Return True once something has arrived on a stream, or may soon, False at `until`."""
        ...

    def disturbed(self) -> None:
        """Something was sent or steered, so that something may be due earlier than was known."""
        ...

    def skip(self, seconds: float, streams: Iterable[Stream]) -> None:
        """Let time pass in one go; what arrives meanwhile is taken in, as if it had come at its end."""
        ...

    def call(self, work: Callable[[], None], streams: Iterable[Stream]) -> None:
        """Do something that blocks, while time passes as it must for it to end. Raises what it raises."""
        ...


class RealTime:
    """Time as it passes."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, until: float, streams: Iterable[Stream]) -> bool:
        return _arrives(streams, until - time.monotonic())

    def disturbed(self) -> None:
        """Nothing is known of what is due."""

    def skip(self, seconds: float, streams: Iterable[Stream]) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            _arrives(streams, left)

    def call(self, work: Callable[[], None], streams: Iterable[Stream]) -> None:
        work()


class MockTime:
    """The clock of a mock that stands still but for what is done here. While it is moved, what arrives is taken in and
    pings are answered, so that the mock need not wait for its clients.
    """

    def __init__(self, clock: MockClock) -> None:
        self._clock = clock
        self._now = clock.now()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="clock")
        self._waker = Waker()
        self._due: float | None = None
        self._is_due_known = False
        self._sender: Waker | None = None

    def close(self) -> None:
        """Let the helper thread end."""
        self._thread.shutdown()
        self._waker.close()

    def now(self) -> float:
        return self._now

    def restart(self) -> None:
        """Stand still, from what the clock shows now: after a reset of the mock."""
        self._now = self._clock.freeze().now
        self._is_due_known = False

    def wait(self, until: float, streams: Iterable[Stream]) -> bool:
        streams = list(streams)
        if _arrives(streams, 0):
            return True
        arrived = self._now < until and self._move(until, streams)
        if arrived or self._now < until:
            return True
        is_open = any(stream.fileno() >= 0 for stream in streams)
        return is_open and _arrives(streams, ARRIVAL)

    def disturbed(self) -> None:
        self._is_due_known = False
        if self._sender is not None:
            self._sender.wake()

    def skip(self, seconds: float, streams: Iterable[Stream]) -> None:
        self._advance(seconds, list(streams))

    def call(self, work: Callable[[], None], streams: Iterable[Stream]) -> None:
        streams = list(streams)
        self._is_due_known = False
        with Waker() as waker, ThreadPoolExecutor(1) as thread:
            future = thread.submit(work)
            future.add_done_callback(waker.wake)
            self._sender = waker
            _arrives([waker], SENDING)  # a clock that is moved earlier goes to a deadline of somebody else
            self._sender = None
            if not future.done():
                self._advance(0, streams)
                _arrives([waker], ARRIVAL)
            while not future.done():
                self._move(None, streams)
                _arrives([waker], ARRIVAL)
            future.result()

    def _move(self, until: float | None, streams: list[Stream]) -> bool:
        """To the next deadline, `until` at the latest; whether anything has arrived."""
        # What was sent is taken in first: it may be answered at once, and the next deadline may be that of its answer.
        arrived = False if self._is_due_known else self._advance(0, streams)
        due = self._due
        if until is not None:
            due = until if due is None else min(due, until)
        if arrived or due is None:
            return arrived
        return self._advance(max(due - self._now, 0), streams)

    def _advance(self, seconds: float, streams: list[Stream]) -> bool:
        """Whether anything has arrived. What is due next is known then, unless something is sent meanwhile."""
        self._is_due_known = True
        self._now += seconds  # what arrives from now on is due then
        future = self._thread.submit(self._clock.advance, seconds)
        future.add_done_callback(self._waker.wake)
        seen = [_Seen(stream) for stream in streams]
        while not future.done():
            _arrives([self._waker, *seen], 1)
        reading = future.result()
        _arrives(seen, 0)
        self._now, self._due = reading.now, reading.next_deadline
        return any(stream.arrived for stream in seen)


class Waker:
    """Ends a wait from another thread."""

    def __init__(self) -> None:
        self._mine, self._other = socket.socketpair()
        self._mine.setblocking(False)

    def __enter__(self) -> "Waker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the sockets back."""
        self._mine.close()
        self._other.close()

    def wake(self, future: "Future[Any] | None" = None) -> None:
        """Also as the callback of a future."""
        self._other.send(b"!")

    def fileno(self) -> int:
        return self._mine.fileno()

    def pump(self) -> bool:
        try:
            return bool(self._mine.recv(16))
        except BlockingIOError:
            return False


class _Seen:
    """A stream that remembers whether anything has arrived on it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.arrived = False

    def fileno(self) -> int:
        return self._stream.fileno()

    def pump(self) -> bool:
        arrived = self._stream.pump()
        self.arrived |= arrived
        return arrived


def _arrives(streams: Iterable[Stream], seconds: float) -> bool:
    """Whether something arrives within so many seconds of real time. What only TLS needs, or half of a record, is not
    anything yet."""
    streams = list(streams)
    end = time.monotonic() + seconds
    arrived = _pumped(streams)
    while not arrived and (left := end - time.monotonic()) > 0:
        _wait_to_read(streams, left)
        arrived = _pumped(streams)
    return arrived


def _pumped(streams: list[Stream]) -> bool:
    return any([stream.pump() for stream in streams if stream.fileno() >= 0])


def _wait_to_read(streams: list[Stream], seconds: float) -> None:
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            if stream.fileno() >= 0:
                selector.register(stream.fileno(), selectors.EVENT_READ)
        if selector.get_map():
            selector.select(seconds)
        else:
            time.sleep(seconds)
