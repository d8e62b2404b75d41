"""A session seen through its stages."""

import pytest

from hamsa_mock.core.actions import Accept, Action, Close, Ping, Pong, Request
from hamsa_mock.core.events import Blocked, Event, Opened, Opening, Pinged, Shutdown, Writable
from hamsa_mock.core.session import Staged


class Script:
    """A session that answers every event and every tick as it was told to."""

    hungry = False
    request = Request(1, "tts", 0)

    def __init__(self, deadline: float | None = 7.0) -> None:
        self.deadline = deadline
        self.received: list[Event] = []

    def receive(self, event: Event, now: float) -> list[Action]:
        self.received.append(event)
        answers: dict[type[Event], list[Action]] = {Opening: [Accept()], Writable: [Ping(b"again")]}
        return answers.get(type(event), [])

    def tick(self, now: float) -> list[Action]:
        return [Close(1000, "tick")]


class Adding:
    """A stage that adds a close and remembers what it saw."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.seen: list[tuple[Event | None, list[Action], float]] = []

    def step(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        self.seen.append((event, list(actions), now))
        return [*actions, Close(1000, self.reason)]


def test_stages_see_each_step_in_order_and_may_change_it() -> None:
    first, second = Adding("first"), Adding("second")
    staged = Staged(Script(), [first, second])
    opening = Opening("/")
    assert staged.receive(opening, 1.5) == [Accept(), Close(1000, "first"), Close(1000, "second")]
    assert first.seen == [(opening, [Accept()], 1.5)]
    assert second.seen == [(opening, [Accept(), Close(1000, "first")], 1.5)]


def test_stages_see_ticks_as_steps_without_an_event() -> None:
    stage = Adding("stage")
    assert Staged(Script(), [stage]).tick(7) == [Close(1000, "tick"), Close(1000, "stage")]
    assert stage.seen == [(None, [Close(1000, "tick")], 7)]


def test_request_that_was_taken_last_is_that_of_the_session() -> None:
    assert Staged(Script(), [Adding("stage")]).request is Script.request


def test_session_is_not_woken_before_its_time() -> None:
    stage = Adding("stage")
    assert Staged(Script(), [stage]).tick(2) == [Close(1000, "stage")]
    assert Staged(Script(deadline=None), []).tick(2) == []


def test_ping_is_answered_in_front_of_what_the_session_orders() -> None:
    staged = Staged(Script(), [Adding("stage")])
    assert staged.receive(Pinged(b"x"), 1) == [Pong(b"x"), Close(1000, "stage")]


class Holding(Adding):
    """A stage that holds as the test says."""

    deadline: float | None = None
    full = False


@pytest.mark.parametrize(
    ("of_session", "of_stage", "earlier"), [(7, 3, 3), (3, 7, 3), (None, 3, 3), (3, None, 3), (None, None, None)]
)
def test_deadline_is_the_earlier_one(of_session: float | None, of_stage: float | None, earlier: float | None) -> None:
    stage = Holding("stage")
    stage.deadline = of_stage
    assert Staged(Script(of_session), [], stage).deadline == earlier


def test_what_is_held_leaves_by_a_step_through_the_other_stages() -> None:
    holding, behind = Holding("held"), Adding("behind")
    staged = Staged(Script(), [behind], holding)
    assert staged.tick(3) == [Close(1000, "held"), Close(1000, "behind")]
    assert behind.seen == [(None, [Close(1000, "held")], 3)]


def test_session_is_told_once_that_it_is_blocked_whoever_blocks() -> None:
    session, stage = Script(), Holding("held")
    session.hungry = True
    staged = Staged(session, [], stage)
    stage.full = True
    staged.receive(Opened(), 1)
    staged.receive(Blocked(), 2)
    assert session.received == [Opened(), Blocked()]
    assert not staged.hungry
    stage.full = False
    staged.receive(Opened(), 3)
    assert staged.hungry
    assert session.received == [Opened(), Blocked(), Opened()], "the peer still does not read"
    assert Ping(b"again") in staged.receive(Writable(), 4)
    assert session.received[-1] == Writable()


def test_what_a_session_orders_that_may_go_on_goes_through_the_stages() -> None:
    behind = Adding("behind")
    staged = Staged(Script(), [behind])
    staged.receive(Blocked(), 1)
    staged.receive(Writable(), 2)
    assert behind.seen[-1] == (None, [Ping(b"again")], 2)


def test_session_without_stages_is_unchanged() -> None:
    staged = Staged(Script(), [])
    assert staged.receive(Opened(), 0) == []
    assert staged.receive(Shutdown(), 0) == []
    assert staged.deadline == 7
    assert not staged.hungry


def test_action_that_nobody_in_it_ordered_is_seen_by_the_stages() -> None:
    stage = Adding("stage")
    assert Staged(Script(), [stage]).insert(Ping(), 1) == [Ping(), Close(1000, "stage")]
    assert stage.seen == [(None, [Ping()], 1)]
