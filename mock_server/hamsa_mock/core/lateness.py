"""How late the mock itself is: real time between the moment when something was due and when it was done."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Upper bounds of the buckets, in seconds; a bound belongs to the bucket below it, as Prometheus has it."""


class Lateness:
    """A histogram with fixed bounds. `count` is how many times were observed, `sum` is their seconds together."""

    def __init__(self) -> None:
        self.count = 0
        self.sum = 0.0
        self._buckets = [0] * (len(BOUNDS) + 1)

    def observe(self, seconds: float) -> None:
        """So late was something. Less than nothing counts as nothing: time is rounded when it is computed with."""
        seconds = max(0.0, seconds)
        self.count += 1
        self.sum += seconds
        self._buckets[bisect_left(BOUNDS, seconds)] += 1

    def buckets(self) -> Iterator[tuple[float, int]]:
        """Each bound, the last of them infinite, and how many were at most so late."""
        return zip((*BOUNDS, float("inf")), accumulate(self._buckets), strict=True)
