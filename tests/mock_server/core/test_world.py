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


def test_reset_world_is_as_it_was_but_its_clock_goes_on() -> None:
    now = 0.0
    world = World(Clock(lambda: now), load_behaviours("instant"), seed=5)
    world.behaviours.change({"hamsa.tts.truncation": "never"})
    world.chance.reseed(6)
    world.next_connection()
    now = 7.0
    world.reset(open_connections=0)
    assert world.behaviours == load_behaviours("instant")
    assert world.seed == 5
    assert world.next_connection() == 1
    assert world.clock.now() == 7


def test_clock_that_stood_still_at_the_start_does_so_after_a_reset() -> None:
    world = World(Clock(lambda: 0), load_behaviours("instant"))
    world.clock.run(5)
    world.clock.freeze()
    world.keep_clock()
    world.clock.run(1)
    world.reset(open_connections=0)
    assert (world.clock.scale, world.clock.frozen) == (5, True)


def test_clock_runs_in_real_time_after_a_reset_otherwise() -> None:
    world = World(Clock(lambda: 0), load_behaviours("instant"))
    world.clock.run(5)
    world.clock.freeze()
    world.reset(open_connections=0)
    assert (world.clock.scale, world.clock.frozen) == (1, False)


def test_new_connections_are_numbered_behind_the_open_ones() -> None:
    world = World(Clock(lambda: 0), load_behaviours("instant"))
    world.reset(open_connections=3)
    assert world.next_connection() == 4
