"""Everything that changes while a mock runs hangs off one World; nothing lives at module level.

So two mocks in one process never see each other, and a test has a World of its own.
"""

from hamsa_mock.core.chance import Chance
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.live_behaviours import LiveBehaviours
from hamsa_mock.core.scheduler import Scheduler
from hamsa_schemas import Behaviours


class World:
    """Clock, scheduler, seed and chance, behaviours and the numbering of connections (from 1)."""

    def __init__(self, clock: Clock, behaviours: Behaviours, seed: int = 0) -> None:
        self.clock = clock
        self.scheduler = Scheduler()
        self.behaviours = LiveBehaviours(behaviours)
        self.chance = Chance(seed)
        self._start_seed = seed
        self._start_clock = (clock.scale, clock.frozen)
        self._connections = 0

    @property
    def seed(self) -> int:
        """What chance and the voice follow from."""
        return self.chance.seed

    def next_connection(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections

    def keep_clock(self) -> None:
        """The scale of the clock, and whether it stands still, are what `reset` returns to."""
        self._start_clock = (self.clock.scale, self.clock.frozen)

    def reset(self, open_connections: int) -> None:
        """Back to the start: behaviours, seed, and how the clock runs; it goes on from its reading, because open
        connections wait for times that it would otherwise never reach. `open_connections`: the highest number of
        one that is open; new ones are numbered from there.
        """
        scale, frozen = self._start_clock
        self.clock.run(scale)
        if frozen:
            self.clock.freeze()
        self.behaviours.reset()
        self.chance.reseed(self._start_seed)
        self._connections = open_connections
