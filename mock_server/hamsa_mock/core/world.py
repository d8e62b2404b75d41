"""Everything that changes while a mock runs hangs off one World; nothing lives at module level.

So two mocks in one process never see each other, and a test has a World of its own.
"""

from itertools import count

from hamsa_mock.core.chance import Chance
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.scheduler import Scheduler
from hamsa_schemas import Behaviours


class World:
    """Clock, scheduler, seed and chance, behaviours and the numbering of connections (from 1)."""

    def __init__(self, clock: Clock, behaviours: Behaviours, seed: int = 0) -> None:
        self.clock = clock
        self.scheduler = Scheduler()
        self.behaviours = behaviours
        self.seed = seed
        self.chance = Chance(seed)
        self._connections = count(1)

    def next_connection(self) -> int:
        """The number of a new connection."""
        return next(self._connections)
