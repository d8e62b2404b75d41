"""When the server pings, and when it gives up."""

import pytest

from hamsa_mock.providers.hamsa.keepalive import KeepAlive
from hamsa_schemas import BehaviourValue, load_behaviours


def opened(now: float = 0, **changes: BehaviourValue) -> KeepAlive:
    keepalive = KeepAlive(load_behaviours("instant", {f"hamsa.keepalive.{k}": v for k, v in changes.items()}))
    keepalive.opened(now)
    return keepalive


def test_nothing_is_due_before_the_connection_is_open() -> None:
    keepalive = KeepAlive(load_behaviours())
    assert keepalive.deadline is None
    assert not keepalive.ping_due(1e9)
    assert not keepalive.given_up(1e9)


def test_nothing_is_due_after_the_connection_was_closed() -> None:
    keepalive = opened()
    keepalive.closed()
    assert keepalive.deadline is None
    assert not keepalive.ping_due(1e9)
    assert not keepalive.given_up(1e9)


def test_ping_is_due_every_30_seconds_from_the_opening_on() -> None:
    keepalive = opened(now=5)
    pings: list[float] = []
    for _ in range(119):
        now = keepalive.deadline
        assert now is not None
        assert not keepalive.ping_due(now - 0.001)
        assert keepalive.ping_due(now)
        assert not keepalive.ping_due(now), "once"
        pings.append(now)
    assert pings == [5 + 30 * number for number in range(1, 120)]


def test_one_ping_follows_a_pause_of_several_intervals() -> None:
    keepalive = opened()
    assert keepalive.ping_due(100)
    assert not keepalive.ping_due(100)
    assert keepalive.deadline == 120


def test_client_is_given_up_exactly_60_minutes_after_it_was_heard_of() -> None:
    keepalive = opened(ping_interval=86_400)
    keepalive.activity(100)
    assert keepalive.deadline == 3700
    assert not keepalive.given_up(3699.999)
    assert keepalive.given_up(3700)


def test_activity_does_not_put_off_the_pings() -> None:
    keepalive = opened()
    keepalive.activity(29)
    assert keepalive.deadline == 30


@pytest.mark.parametrize(("choice", "count"), [("messages", False), ("frames", True)])
def test_behaviour_says_whether_frames_count(choice: str, count: bool) -> None:
    assert opened(activity=choice).frames_count is count


def test_both_times_can_be_chosen() -> None:
    keepalive = opened(ping_interval=7, inactivity=20)
    assert keepalive.deadline == 7
    assert keepalive.ping_due(14)
    assert keepalive.deadline == 20, "the end comes before the next ping"
    assert keepalive.given_up(20)
