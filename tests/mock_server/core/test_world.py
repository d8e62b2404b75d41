"""What a World holds."""

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_schemas import load_behaviours


def test_connections_are_numbered_from_one_in_each_world() -> None:
    first = World(Clock(lambda: 0), load_behaviours("instant"))
    second = World(Clock(lambda: 0), load_behaviours("instant"), seed=5)
    assert [first.next_connection(), first.next_connection()] == [1, 2]
    assert second.next_connection() == 1
    assert (first.seed, second.seed) == (0, 5)
    assert first.scheduler is not second.scheduler
