"""Whether two series of samples differ: events by more than chance, numbers also by more than their own spread."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from math import comb, sqrt
from statistics import NormalDist

MOST_PAIRS = 0.75
"""A series lies higher when in so many of all pairs of samples its own is the higher one. Without a change it is half
of them. For normal distributions three quarters are a shift by one standard deviation. What is less is within the
spread that users see anyway."""


def moved(old: Sequence[float], new: Sequence[float], risk: float) -> bool:
    """Whether the new samples lie elsewhere. `risk`: how likely it may be at most to say so where nothing changed.

    Of numbers, both must hold: that the ranks of the samples would hardly come about by chance (the test of Mann and
    Whitney, which asks for no distribution, and of which one sample more or less is never enough), and that the shift
    is greater than the spread (MOST_PAIRS). Events, 1 or 0, have no spread that users are used to: a server that cuts
    one answer in six, and cut none before, has changed. There chance alone decides.
    """
    if are_events(old, new):
        return chance_of_events(old, new) <= risk
    share = higher_share(old, new)
    return max(share, 1 - share) >= MOST_PAIRS and chance(old, new) <= risk


def higher_share(old: Sequence[float], new: Sequence[float]) -> float:
    """In how many of all pairs the new sample is the higher one, 0 to 1; equal ones count half."""
    ordered = sorted(old)
    wins = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in new)
    return wins / (2 * len(old) * len(new))


def chance(old: Sequence[float], new: Sequence[float]) -> float:
    """How likely it is that ranks differ so much, in one direction or the other, where nothing changed.

    Counted where the series do not overlap, else by the normal approximation with ties.
    """
    share = higher_share(old, new)
    if share in (0, 1):
        return least_chance(len(old), len(new))
    pairs, total = len(old) * len(new), len(old) + len(new)
    ties = sum(count**3 - count for count in Counter([*old, *new]).values())
    variance = pairs / 12 * (total + 1 - ties / (total * (total - 1)))
    return 2 * NormalDist().cdf(-abs(share - 0.5) * pairs / sqrt(variance)) if variance else 1.0


def are_events(*series: Sequence[float]) -> bool:
    """Whether the samples only say whether something happened."""
    return all(sample in (0, 1) for samples in series for sample in samples)


def chance_of_events(old: Sequence[float], new: Sequence[float]) -> float:
    """How likely it is that shares differ so much, in one direction or the other, where nothing changed: Fisher's exact
    test, with twice the smaller one of its tails."""
    total, happened = len(old) + len(new), round(sum(old) + sum(new))
    here = round(sum(new))
    counts = range(max(happened - len(old), 0), min(happened, len(new)) + 1)
    ways = {count: comb(len(new), count) * comb(len(old), happened - count) for count in counts}
    fewer = sum(number for count, number in ways.items() if count <= here)
    more = sum(number for count, number in ways.items() if count >= here)
    return min(2 * min(fewer, more) / comb(total, happened), 1.0)


def least_chance(old: int, new: int) -> float:
    """The chance that so many samples do not overlap: two of all arrangements. Nothing is less likely."""
    return 2 / comb(old + new, old)
