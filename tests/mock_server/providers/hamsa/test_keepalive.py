"""When the server pings, and when it gives up."""

import pytest

from hamsa_mock.core.live_behaviours import LiveBehaviours
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
def test_behaviour_says_whether_frames_count_as_activity(choice: str, count: bool) -> None:
    for frame in (KeepAlive.control_frame, KeepAlive.answered):
        keepalive = opened(activity=choice, ping_interval=86_400)
        frame(keepalive, 100)
        assert keepalive.deadline == (3700 if count else 3600)


def test_pings_need_no_answer_by_default() -> None:
    keepalive = opened()
    assert keepalive.ping_due(30)
    assert keepalive.deadline == 60
    assert not keepalive.unanswered(3599)


def test_ping_is_unanswered_exactly_when_its_time_is_over() -> None:
    keepalive = opened(pong_timeout=20)
    assert keepalive.deadline == 30
    assert not keepalive.unanswered(1e9), "there was none"
    assert keepalive.ping_due(30)
    assert keepalive.deadline == 50
    assert not keepalive.unanswered(49.999)
    assert keepalive.unanswered(50)


def test_pong_answers_all_pings_before_it() -> None:
    keepalive = opened(pong_timeout=50)
    assert keepalive.ping_due(30)
    assert keepalive.ping_due(60)
    assert keepalive.deadline == 80, "the first of them counts"
    keepalive.answered(61)
    assert keepalive.deadline == 90
    assert not keepalive.unanswered(1e9)


def test_ping_of_the_client_answers_none_of_the_server() -> None:
    keepalive = opened(pong_timeout=20)
    assert keepalive.ping_due(30)
    keepalive.control_frame(40)
    assert keepalive.unanswered(50)


def test_nothing_is_unanswered_after_the_connection_was_closed() -> None:
    keepalive = opened(pong_timeout=20)
    assert keepalive.ping_due(30)
    keepalive.closed()
    assert not keepalive.unanswered(1e9)


def test_behaviour_that_changes_counts_on_connections_that_are_open() -> None:
    behaviours = LiveBehaviours(load_behaviours())
    keepalive = KeepAlive(behaviours)
    keepalive.opened(0)
    assert keepalive.ping_due(30)
    behaviours.change({"hamsa.keepalive.pong_timeout": 5})
    assert keepalive.deadline == 35
    behaviours.change({"hamsa.keepalive.inactivity": 33})
    assert keepalive.deadline == 33


def test_both_times_can_be_chosen() -> None:
    keepalive = opened(ping_interval=7, inactivity=20)
    assert keepalive.deadline == 7
    assert keepalive.ping_due(14)
    assert keepalive.deadline == 20, "the end comes before the next ping"
    assert keepalive.given_up(20)
