"""Time as the mock sees it."""

from hamsa_mock.core.clock import Clock


def test_clock_starts_at_zero_whatever_its_source_says() -> None:
    assert Clock(lambda: 1_000_000.5).now() == 0


def test_clock_runs_with_its_source() -> None:
    times = iter([10.0, 10.25, 70.0])
    clock = Clock(lambda: next(times))
    assert clock.now() == 0.25
    assert clock.now() == 60
