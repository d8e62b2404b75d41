"""When the server pings, and when it gives a silent client up."""

from hamsa_schemas import Behaviours


class KeepAlive:
    """The deadlines of an open connection, in seconds of the World's clock: the next ping (API-4), the end of the
    patience with a client that is not active (API-3), and, where that is chosen, with one that does not answer pings.
    Before `opened` there are none.
    """

    __slots__ = ("_active", "_behaviours", "_next_ping", "_unanswered")

    def __init__(self, behaviours: Behaviours) -> None:
        self._behaviours = behaviours
        self._next_ping: float | None = None
        self._active = 0.0
        self._unanswered: float | None = None
        """When the first ping was sent that has not been answered."""

    @property
    def deadline(self) -> float | None:
        """The earliest of them."""
        if self._next_ping is None:
            return None
        deadline = min(self._next_ping, self._gives_up)
        overdue = self._overdue
        return deadline if overdue is None else min(deadline, overdue)

    def opened(self, now: float) -> None:
        """All clocks start."""
        self._active = now
        self._next_ping = now + self._interval

    def closed(self) -> None:
        """There is nothing to keep alive any more."""
        self._next_ping = None

    def activity(self, now: float) -> None:
        """The client, or an answer to it, was heard of."""
        self._active = now

    def control_frame(self, now: float) -> None:
        """A ping or a pong of the client came, which may count as activity."""
        if self._behaviours.choice("hamsa.keepalive.activity") == "frames":
            self._active = now

    def answered(self, now: float) -> None:
        """A pong came, which may count as activity. It answers all pings before it."""
        self._unanswered = None
        self.control_frame(now)

    def given_up(self, now: float) -> bool:
        """Whether the client was inactive for too long."""
        return self._next_ping is not None and now >= self._gives_up

    def unanswered(self, now: float) -> bool:
        """Whether a ping was not answered for too long."""
        overdue = self._overdue
        return self._next_ping is not None and overdue is not None and now >= overdue

    def ping_due(self, now: float) -> bool:
        """Whether to ping now. After a pause of several intervals one ping is enough."""
        if self._next_ping is None or now < self._next_ping:
            return False
        self._next_ping += self._interval * (1 + (now - self._next_ping) // self._interval)
        if self._unanswered is None:
            self._unanswered = now
        return True

    @property
    def _interval(self) -> float:
        return self._behaviours.number("hamsa.keepalive.ping_interval")

    @property
    def _gives_up(self) -> float:
        return self._active + self._behaviours.number("hamsa.keepalive.inactivity")

    @property
    def _overdue(self) -> float | None:
        """When the unanswered ping is too old; None: there is none, or it does not matter."""
        if self._unanswered is None:
            return None
        timeout = self._behaviours.number("hamsa.keepalive.pong_timeout")
        return self._unanswered + timeout if timeout else None
