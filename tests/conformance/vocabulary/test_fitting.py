"""Numbers of behaviours from what was seen."""

import pytest

from hamsa_conformance.vocabulary.fitting import border, fitted_seconds, greatest, roundest


def test_single_late_message_does_not_move_a_time() -> None:
    assert fitted_seconds([0.3, 0.3, 9.0], exact=True) == 0.3


@pytest.mark.parametrize(
    ("seen", "expected"),
    [(0.0012, 0), (0.0407, 0.04), (0.3049, 0.3), (1.2034, 1.2), (30.012, 30), (45.26, 45.3), (3600.4, 3600), (-0.1, 0)],
)
def test_real_time_is_rounded_as_far_as_it_means_something(seen: float, expected: float) -> None:
    assert fitted_seconds([seen], exact=False) == expected


def test_time_of_a_steered_clock_is_exact() -> None:
    assert fitted_seconds([1.2344999], exact=True) == 1.234
    assert fitted_seconds([0], exact=True) == 0


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (59.5, 60.0, 60),
        (59.6, 60.2, 60),
        (3584, 3616, 3600),
        (44.8, 45.2, 45),
        (0, 1, 1),
        (0.24, 0.255, 0.25),
        (60, 99, 90),
        (50, 59, 59),
    ],
)
def test_roundest_number_of_a_range_is_found(low: float, high: float, expected: float) -> None:
    assert roundest(low, high) == expected


def test_range_without_a_round_number_gives_its_upper_end() -> None:
    number = 1 / 3
    assert roundest(number - 1e-17, number) == number


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize("limit", [0.5, 10, 45, 60, 3600])
def test_border_is_found(limit: float, factor: float) -> None:
    assert border(lambda x: x < limit, first=1, most=10_000, factor=factor) == limit


def test_border_that_is_at_once_is_zero() -> None:
    assert border(lambda x: False, first=1, most=100) == 0


def test_border_that_does_not_come_is_none() -> None:
    tried: list[float] = []

    def holds(x: float) -> bool:
        tried.append(x)
        return True

    assert border(holds, first=1, most=8) is None
    assert tried == [1, 2, 4, 8]


@pytest.mark.parametrize("limit", [0, 1, 7, 99])
def test_greatest_that_is_accepted_is_found(limit: int) -> None:
    assert greatest(lambda n: n <= limit, 0, 100) == limit
