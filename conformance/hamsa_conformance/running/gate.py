"""What stands between the cases and a server that is not ours: its pace, and what may be spent."""

from collections.abc import Callable
from dataclasses import dataclass

from hamsa_conformance.case import Cost
from hamsa_conformance.running.budget import Budget
from hamsa_conformance.running.pace import CONNECTIONS_PER_MINUTE, REQUESTS_PER_MINUTE, Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`characters`: so many may be spoken; None: any number. `is_used_up`: a process before this one used the server
    until now, so what is allowed in a minute counts as used."""

    connections_per_minute: int = CONNECTIONS_PER_MINUTE
    requests_per_minute: int = REQUESTS_PER_MINUTE
    characters: int | None = None
    is_used_up: bool = False


class LimitsGate:
    """Asked before each connection and each request."""

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], float],
        sleep: Callable[[float], None],
        tell: Callable[[float, str], None],
    ) -> None:
        """`now`, `sleep`, `tell`: as in `Pace`."""
        self.budget = Budget(limits.characters)
        self._pace = Pace(
            limits.connections_per_minute,
            limits.requests_per_minute,
            now=now,
            sleep=sleep,
            tell=tell,
            is_used_up=limits.is_used_up,
        )

    def __call__(self, requests: int, cost: Cost) -> None:
        """Wait until it may be done. Errors: NotTried where it must not."""
        self.budget.spend(cost.characters)
        if requests:
            self._pace.request()
        else:
            self._pace.connection()
