"""How late the mock itself is."""

import pytest

from hamsa_mock.core.lateness import BOUNDS, Lateness


def test_nothing_was_late_before_anything_was_observed() -> None:
    lateness = Lateness()
    assert (lateness.count, lateness.sum) == (0, 0)
    assert [count for _, count in lateness.buckets()] == [0] * (len(BOUNDS) + 1)


def test_buckets_are_cumulative_and_the_last_one_holds_all() -> None:
    lateness = Lateness()
    for seconds in (0, 0.0015, 0.0015, 0.3, 7):
        lateness.observe(seconds)
    counts = dict(lateness.buckets())
    assert list(counts) == [*BOUNDS, float("inf")]
    assert (counts[0.001], counts[0.002], counts[0.2], counts[0.5], counts[1.0]) == (1, 3, 3, 4, 4)
    assert counts[float("inf")] == lateness.count == 5
    assert lateness.sum == pytest.approx(7.303)


@pytest.mark.parametrize("bound", BOUNDS)
def test_bound_belongs_to_its_bucket(bound: float) -> None:
    lateness = Lateness()
    lateness.observe(bound)
    assert dict(lateness.buckets())[bound] == 1


def test_less_than_nothing_counts_as_nothing() -> None:
    lateness = Lateness()
    lateness.observe(-1e-9)
    assert (lateness.count, lateness.sum) == (1, 0)
    assert dict(lateness.buckets())[BOUNDS[0]] == 1
