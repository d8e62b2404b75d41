"""Chance that follows from a seed."""

from statistics import fmean

from hamsa_mock.core.chance import Chance


def draws(seed: int, count: int) -> list[float]:
    chance = Chance(seed)
    return [chance() for _ in range(count)]


def test_same_seed_draws_the_same_numbers_and_another_seed_others() -> None:
    assert draws(1, 5) == draws(1, 5) != draws(-1, 5)


def test_numbers_are_spread_evenly_from_zero_to_one() -> None:
    numbers = draws(0, 10_000)
    assert 0 <= min(numbers) < 0.001
    assert 0.999 < max(numbers) < 1
    assert abs(fmean(numbers) - 0.5) < 0.02
    assert len(set(numbers)) == len(numbers)


def test_reseeded_chance_begins_anew() -> None:
    chance = Chance(1)
    chance()
    chance.reseed(2)
    assert chance.seed == 2
    assert [chance(), chance()] == draws(2, 2)
