"""A session seen through its stages."""

from hamsa_mock.core.actions import Accept, Action, Close
from hamsa_mock.core.events import Event, Opened, Opening, Shutdown
from hamsa_mock.core.session import Staged


class Script:
    """A session that answers every event and every tick as it was told to."""

    deadline = 7.0
    hungry = False

    def receive(self, event: Event, now: float) -> list[Action]:
        return [Accept()] if isinstance(event, Opening) else []

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
    assert Staged(Script(), [stage]).tick(2) == [Close(1000, "tick"), Close(1000, "stage")]
    assert stage.seen == [(None, [Close(1000, "tick")], 2)]


def test_session_without_stages_is_unchanged() -> None:
    staged = Staged(Script(), [])
    assert staged.receive(Opened(), 0) == []
    assert staged.receive(Shutdown(), 0) == []
    assert staged.deadline == 7
    assert not staged.hungry
