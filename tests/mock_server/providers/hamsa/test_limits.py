"""What is counted and spent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.providers.hamsa.accounts import Project
from hamsa_mock.providers.hamsa.limits import LoadedVoices, SlidingWindow, Wallets

PROJECT = Project("shop", "maha", wallet=10)


def test_window_counts_what_came_within_its_length() -> None:
    window = SlidingWindow(lambda: 60)
    assert [window.add("key", now) for now in (0, 10, 20)] == [1, 2, 3]
    assert window.count("key", 59.999) == 3
    assert window.count("other", 59.999) == 0


@pytest.mark.parametrize("came", [0, 0.1, 0.3, 7.7, 1234.567])
def test_event_leaves_the_window_exactly_after_its_length(came: float) -> None:
    window = SlidingWindow(lambda: 60)
    window.add("key", came)
    assert window.count("key", came + 59.999) == 1
    assert window.count("key", came + 60) == 0


def test_events_leave_the_window_one_by_one() -> None:
    window = SlidingWindow(lambda: 60)
    for now in (0, 10, 10, 50):
        window.add("key", now)
    assert [window.count("key", now) for now in (59, 60, 69, 70, 109, 110)] == [4, 3, 3, 1, 1, 0]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 100)), max_size=60).map(
        lambda events: sorted(events, key=lambda event: event[1])
    )
)
def test_window_agrees_with_counting_all_events_anew(events: list[tuple[str, int]]) -> None:
    window = SlidingWindow(lambda: 30)
    for place, (name, now) in enumerate(events):
        earlier = [at for other, at in events[:place] if other == name and now - at < 30]
        assert window.add(name, now) == len(earlier) + 1


def test_length_of_a_window_can_change_while_it_counts() -> None:
    seconds = 60.0
    window = SlidingWindow(lambda: seconds)
    window.add("key", 0)
    seconds = 10
    assert window.count("key", 20) == 0


def test_window_that_is_reset_has_counted_nothing() -> None:
    window = SlidingWindow(lambda: 60)
    window.add("key", 0)
    window.reset()
    assert window.count("key", 0) == 0


# Wallets


def test_wallet_holds_what_its_project_has_until_something_is_charged() -> None:
    wallets = Wallets()
    assert wallets.balance(PROJECT) == 10
    assert wallets.charge(PROJECT, 4) == 4
    assert wallets.balance(PROJECT) == 6
    assert wallets.balance(Project("else", "maha", wallet=10)) == 10


@pytest.mark.parametrize(
    ("seconds", "charged"), [(0, 0), (0.02, 1), (0.28, 1), (1, 1), (1.0001, 2), (3, 3), (64.99, 65)]
)
def test_whole_seconds_are_charged_rounded_up(seconds: float, charged: int) -> None:
    wallets = Wallets()
    assert wallets.charge(PROJECT, seconds) == charged
    assert wallets.balance(PROJECT) == 10 - charged


def test_each_amount_is_rounded_up_on_its_own() -> None:
    wallets = Wallets()
    assert [wallets.charge(PROJECT, 0.1) for _ in range(3)] == [1, 1, 1]
    assert wallets.balance(PROJECT) == 7


def test_wallet_can_fall_below_zero() -> None:
    wallets = Wallets()
    wallets.charge(PROJECT, 12.5)
    assert wallets.balance(PROJECT) == -3


def test_wallet_without_end_is_charged_and_never_empties() -> None:
    wallets = Wallets()
    endless = Project("shop", "maha")
    assert wallets.charge(endless, 1_000_000.5) == 1_000_001
    assert wallets.balance(endless) == float("inf")


def test_wallet_that_is_reset_is_full_again() -> None:
    wallets = Wallets()
    wallets.charge(PROJECT, 7)
    wallets.reset()
    assert wallets.balance(PROJECT) == 10


@pytest.mark.parametrize(("seconds", "left"), [(None, 10), (3, 3), (0, 0), (-2, -2)])
def test_wallet_can_be_filled_to_any_balance(seconds: int | None, left: int) -> None:
    wallets = Wallets()
    wallets.charge(PROJECT, 7)
    wallets.fill(PROJECT, seconds)
    assert wallets.balance(PROJECT) == left
    wallets.charge(PROJECT, 1)
    assert wallets.balance(PROJECT) == left - 1


def test_wallet_without_end_stays_so_when_it_is_filled() -> None:
    wallets = Wallets()
    wallets.fill(Project("endless", "user"), 5)
    assert wallets.balance(Project("endless", "user")) == float("inf")


def test_wallets_that_are_reset_hold_what_was_kept() -> None:
    wallets = Wallets()
    wallets.fill(PROJECT, 4)
    wallets.keep()
    for _ in range(2):
        wallets.charge(PROJECT, 1)
        wallets.reset()
        assert wallets.balance(PROJECT) == 4


# Voices


def test_voice_that_nobody_loads_is_not_waited_for() -> None:
    assert LoadedVoices().wait("voice", 0) is None


def test_loaded_voice_is_ready_till_it_expires() -> None:
    voices = LoadedVoices()
    voices.load("voice", 10, 100)
    assert [voices.wait("voice", now) for now in (10, 99.999)] == [0, 0]
    assert voices.wait("voice", 100) is None
    assert voices.wait("other", 50) is None


def test_voice_that_is_being_loaded_is_waited_for() -> None:
    voices = LoadedVoices()
    voices.load("voice", 10, 100)
    assert [voices.wait("voice", now) for now in (7, 9.5)] == [3, 0.5]


def test_voice_can_be_loaded_again() -> None:
    voices = LoadedVoices()
    voices.load("voice", 0, 100)
    voices.load("voice", 50, 150)
    assert voices.wait("voice", 149) == 0


def test_voices_that_are_reset_are_not_loaded() -> None:
    voices = LoadedVoices()
    voices.load("voice", 0, 100)
    voices.reset()
    assert voices.wait("voice", 50) is None
