"""How fast a server is used that is not ours to wear out."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 61.0
"""Seconds in which the server counts, and one more: what was sent a minute apart may arrive a little closer."""

REQUESTS_PER_MINUTE = 90
"""A key has 100 (API-31), and whoever else uses it needs some."""

CONNECTIONS_PER_MINUTE = 10
"""No document gives a limit. A customer's guide suspects one, beyond which answers are cut short (FAQ-1), and each such
answer costs another attempt: less haste is more speed."""

LONG_WAIT = 5.0
"""Seconds. Whoever watches is told of a wait as long as this."""


class Pace:
    """Holds back what comes too fast: connections by `connections_per_minute`; connections and requests together by
    `requests_per_minute`, because a server may count both.

    `sleep` waits so many seconds, and `now` then shows a later time. `tell` gets a wait that is long, before it begins:
    its seconds and its reason. `is_used_up`: as much as is allowed was used just now, by somebody else.
    """

    def __init__(
        self,
        connections_per_minute: int = CONNECTIONS_PER_MINUTE,
        requests_per_minute: int = REQUESTS_PER_MINUTE,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        tell: Callable[[float, str], None] = lambda seconds, why: None,
        is_used_up: bool = False,
    ) -> None:
        self._all = _Window(
            requests_per_minute, "requests a minute (--requests-per-minute)", now() if is_used_up else None
        )
        self._connections = _Window(
            connections_per_minute, "new connections a minute (--connections-per-minute)", now() if is_used_up else None
        )
        self._sleep = sleep
        self._now = now
        self._tell = tell

    def connection(self) -> None:
        """Return when a connection may be opened."""
        self._enter(self._connections, self._all)

    def request(self) -> None:
        """Return when a request may be made."""
        self._enter(self._all)

    def _enter(self, *windows: "_Window") -> None:
        while True:
            now = self._now()
            window = max(windows, key=lambda window: window.free_at(now))
            seconds = window.free_at(now) - now
            if seconds <= 0:
                break
            if seconds >= LONG_WAIT:
                self._tell(seconds, f"no more than {window.most} {window.what}")
            self._sleep(seconds)
        for window in windows:
            window.times.append(now)


class _Window:
    """When the last of something came. `used_up_at`: as many as are allowed came then."""

    def __init__(self, most: int, what: str, used_up_at: float | None) -> None:
        self.most = most
        self.what = what
        self.times = deque([] if used_up_at is None else [used_up_at] * most, maxlen=most)

    def free_at(self, now: float) -> float:
        """When there is room for one more; `now`, if there is."""
        return now if len(self.times) < self.most else max(self.times[0] + WINDOW, now)
