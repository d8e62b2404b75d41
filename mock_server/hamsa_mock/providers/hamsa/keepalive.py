"""When the server pings, and when it gives a silent client up."""

from hamsa_schemas import Behaviours


class KeepAlive:
    """Two deadlines of an open connection, in seconds of the World's clock: the next ping (API-4), and the end
    of its patience (API-3). Before `opened` there are none.
    """

    __slots__ = ("_active", "_inactivity", "_interval", "_next_ping", "frames_count")

    def __init__(self, behaviours: Behaviours) -> None:
        self._interval = behaviours.number("hamsa.keepalive.ping_interval")
        self._inactivity = behaviours.number("hamsa.keepalive.inactivity")
        self.frames_count = behaviours.choice("hamsa.keepalive.activity") == "frames"
        self._next_ping: float | None = None
        self._active = 0.0

    @property
    def deadline(self) -> float | None:
        """The earlier of the two."""
        if self._next_ping is None:
            return None
        return min(self._next_ping, self._active + self._inactivity)

    def opened(self, now: float) -> None:
        """Both clocks start."""
        self._active = now
        self._next_ping = now + self._interval

    def closed(self) -> None:
        """There is nothing to keep alive any more."""
        self._next_ping = None

    def activity(self, now: float) -> None:
        """The client, or an answer to it, was heard of."""
        self._active = now

    def given_up(self, now: float) -> bool:
        """Whether the client was inactive for too long."""
        return self._next_ping is not None and now >= self._active + self._inactivity

    def ping_due(self, now: float) -> bool:
        """Whether to ping now. After a pause of several intervals one ping is enough."""
        if self._next_ping is None or now < self._next_ping:
            return False
        self._next_ping += self._interval * (1 + (now - self._next_ping) // self._interval)
        return True
