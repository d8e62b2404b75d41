"""When samples have moved: events by more than chance, numbers also by more than their spread."""

import random
from itertools import combinations
from math import comb, erfc, sqrt

import pytest

from hamsa_conformance.report.spread import chance, chance_of_events, higher_share, least_chance, moved

RISK = 0.001


def bell(seed: int, count: int, middle: float, width: float) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(middle, width) for _ in range(count)]


def events(seed: int, count: int, share: float) -> list[float]:
    chance = random.Random(seed)
    return [float(chance.random() < share) for _ in range(count)]


def test_share_of_pairs_counts_equal_ones_half() -> None:
    assert higher_share([1, 2], [3, 4]) == 1
    assert higher_share([3, 4], [1, 2]) == 0
    assert higher_share([1, 2], [1, 2]) == 0.5
    assert higher_share([1, 3], [2]) == 0.5
    assert higher_share([0, 0, 1], [1]) == pytest.approx((1 + 1 + 0.5) / 3)


def test_share_agrees_with_counting_every_pair() -> None:
    old, new = events(1, 20, 0.3) + bell(2, 9, 0, 1), [*bell(3, 15, 0.4, 1), 0, 1]
    wins = [(b > a) + (b == a) / 2 for a in old for b in new]
    assert higher_share(old, new) == pytest.approx(sum(wins) / len(wins))


@pytest.mark.parametrize(("old", "new"), [(4, 4), (3, 6), (5, 5)])
def test_chance_is_near_what_counting_every_arrangement_gives(old: int, new: int) -> None:
    values = list(range(old + new))
    arrangements = [
        ([values[at] for at in chosen], [value for at, value in enumerate(values) if at not in chosen])
        for chosen in combinations(values, old)
    ]
    off = [abs(higher_share(*arrangement) - 0.5) for arrangement in arrangements]
    for arrangement, own in zip(arrangements, off, strict=True):
        exact = sum(other >= own - 1e-9 for other in off) / len(off)
        assert chance(*arrangement) == pytest.approx(exact, abs=0.13)
    assert chance(values[:old], values[old:]) == least_chance(old, new) == 2 / len(arrangements)


@pytest.mark.parametrize(("old", "new"), [(3, 12), (1, 6), (10, 2)])
def test_chance_of_events_is_that_of_comparing_two_shares(old: int, new: int) -> None:
    """Of 20 each: the deviation of the shares from each other, in units of what their common share lets expect."""
    common = (old + new) / 40
    deviations = abs(old - new) / 20 / sqrt(common * (1 - common) * 2 / 20)
    series = [[1.0] * count + [0.0] * (20 - count) for count in (old, new)]
    assert chance(*series) == pytest.approx(erfc(deviations / sqrt(2)), rel=0.2)


def test_samples_that_are_all_equal_differ_by_chance_only() -> None:
    assert chance([1, 1, 1], [1, 1]) == 1
    assert not moved([1.0] * 30, [1.0] * 30, RISK)


def test_number_that_was_always_the_same_and_is_now_another_has_moved() -> None:
    assert moved([640.0] * 12, [1280.0] * 12, RISK)
    assert moved([1280.0] * 12, [640.0] * 12, RISK)


def test_few_samples_are_never_enough() -> None:
    assert not moved([1.0] * 3, [9.0] * 3, RISK)
    assert least_chance(6, 6) > RISK > least_chance(7, 7)
    assert moved([1.0] * 7, [9.0] * 7, RISK)


def test_single_outlier_is_nothing() -> None:
    assert not moved([0.2] * 20, [*[0.2] * 19, 60.0], RISK)


def test_shift_within_the_spread_is_nothing_however_certain_it_is() -> None:
    old, new = bell(1, 2000, 0.200, 0.02), bell(2, 2000, 0.208, 0.02)
    assert chance(old, new) < 1e-6
    assert not moved(old, new, RISK)


def test_shift_beyond_the_spread_is_seen() -> None:
    assert moved(bell(1, 30, 0.200, 0.02), bell(2, 30, 0.240, 0.02), RISK)


def test_chance_of_events_is_what_counting_every_arrangement_gives() -> None:
    """Three of four new answers are cut, and none of five old ones: 4 of 84 arrangements, and as much for the rest."""
    old, new = [0.0] * 5, [1.0] * 3 + [0.0]
    assert chance_of_events(old, new) == pytest.approx(2 * 4 / comb(9, 3))
    assert chance_of_events(new, old) == pytest.approx(chance_of_events(old, new))
    assert chance_of_events([1.0] * 4, [0.0] * 4) == least_chance(4, 4)
    assert chance_of_events([0.0] * 4, [0.0] * 9) == 1


def test_events_are_seen_as_soon_as_chance_hardly_explains_them() -> None:
    assert moved([0.0] * 82, [1.0] * 18 + [0.0] * 82, RISK)
    assert moved([1.0] * 18 + [0.0] * 82, [0.0] * 82, RISK)
    assert not moved([0.0] * 82, [1.0] * 6 + [0.0] * 94, RISK)
    assert not moved([0.0] * 20, [1.0] * 3 + [0.0] * 17, RISK)


def test_same_server_hardly_ever_seems_to_have_moved() -> None:
    """Of 400 comparisons of 20 answers of which 40 % are cut, and of 400 of latencies with a long tail."""
    for seed in range(400):
        assert not moved(events(seed, 20, 0.4), events(seed + 1000, 20, 0.4), RISK)
        tail = random.Random(seed)
        old, new = ([tail.lognormvariate(0, 1) for _ in range(25)] for _ in range(2))
        assert not moved(old, new, RISK)
