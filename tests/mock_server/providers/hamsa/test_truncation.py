"""Which answers are cut short."""

from collections.abc import Sequence

import pytest

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.chance import Chance
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.truncation import Truncation
from hamsa_schemas import BehaviourValue
from tests.mock_server.changed import behaviours

KEY, OTHER = Key("one", "shop"), Key("two", "shop")


def truncation(seed: int = 0, **changes: BehaviourValue) -> Truncation:
    return Truncation(behaviours(**changes), Chance(seed))


def request() -> Request:
    return Request(1, "tts", 0)


def connect(rules: Truncation, times: Sequence[float], key: Key = KEY, address: str = "192.0.2.1") -> list[bool]:
    """Open connections at these times; which of them are above a limit."""
    return [rules.connected(key, address, now) is not None for now in times]


def cuts(rules: Truncation, key: Key, answers: int, of_connection: Why | None = None) -> list[bool]:
    """Which of so many answers of one connection are cut short."""
    return [rules.of_answer(request(), key, number == 0, of_connection) is not None for number in range(answers)]


# Connections


def test_sixth_new_connection_of_a_key_within_a_minute_is_above_the_limit() -> None:
    rules = truncation()
    assert connect(rules, range(0, 54, 9)) == [False] * 5 + [True]
    why = rules.connected(KEY, "192.0.2.1", 59)
    assert why == Why("7th new connection of this key in 60 s", "hamsa.tts.truncation")


def test_connections_leave_the_window_exactly_after_a_minute() -> None:
    rules = truncation()
    assert connect(rules, [0] * 5) == [False] * 5
    assert connect(rules, [59.999, 60]) == [True, False], "the five have left, the cut one counts"


def test_another_key_has_connections_of_its_own() -> None:
    rules = truncation()
    assert connect(rules, [0] * 6)[-1]
    assert connect(rules, [1], OTHER, "192.0.2.2") == [False]


def test_first_connection_of_a_key_from_a_busy_address_is_above_the_limit() -> None:
    rules = truncation(limit__connections_per_key=1000)
    assert connect(rules, [0] * 20) == [False] * 20
    why = rules.connected(OTHER, "192.0.2.1", 1)
    assert why == Why("21st new connection of the address 192.0.2.1 in 60 s", "hamsa.tts.truncation")
    assert connect(rules, [1], OTHER, "192.0.2.2") == [False]


@pytest.mark.parametrize(
    ("limit", "ordinal"),
    [
        (0, "1st"),
        (1, "2nd"),
        (2, "3rd"),
        (3, "4th"),
        (10, "11th"),
        (11, "12th"),
        (12, "13th"),
        (20, "21st"),
        (110, "111th"),
        (121, "122nd"),
    ],
)
def test_connection_above_the_limit_is_counted_in_words(limit: int, ordinal: str) -> None:
    rules = truncation(limit__connections_per_key=limit, limit__connections_per_address=1000)
    connect(rules, [0] * limit)
    why = rules.connected(KEY, "192.0.2.1", 0)
    assert why is not None
    assert why.words.startswith(f"{ordinal} new connection")


def test_length_of_the_window_can_be_chosen() -> None:
    rules = truncation(limit__connections_window=2, limit__connections_per_key=1)
    assert connect(rules, [0, 1, 3, 4.5]) == [False, True, False, True]


@pytest.mark.parametrize("choice", ["random", "first_answer", "never"])
def test_connections_do_not_matter_where_something_else_decides(choice: str) -> None:
    assert connect(truncation(tts__truncation=choice), [0] * 50) == [False] * 50


# Answers

ABOVE = Why("6th new connection of this key in 60 s", "hamsa.tts.truncation")


def test_first_answer_of_a_connection_above_the_limit_is_cut_and_the_next_is_not() -> None:
    assert cuts(truncation(), KEY, 3, ABOVE) == [True, False, False]
    assert truncation().of_answer(request(), KEY, True, ABOVE) is ABOVE


def test_answers_of_any_other_connection_are_whole() -> None:
    assert cuts(truncation(), KEY, 3) == [False] * 3


def test_first_answer_of_every_connection_is_cut_where_the_behaviour_says_so() -> None:
    rules = truncation(tts__truncation="first_answer")
    assert cuts(rules, KEY, 3) == [True, False, False]
    assert rules.of_answer(request(), KEY, True, None) == Why(
        "the first answer of each connection", "hamsa.tts.truncation"
    )


def test_no_answer_is_cut_where_the_behaviour_says_so() -> None:
    assert cuts(truncation(tts__truncation="never"), KEY, 3) == [False] * 3


def test_chance_cuts_as_many_answers_as_its_probability_says() -> None:
    rules = truncation(tts__truncation="random", tts__truncation_probability=0.3)
    found = cuts(rules, KEY, 10_000)
    assert 2_800 < sum(found) < 3_200
    assert found == cuts(truncation(tts__truncation="random", tts__truncation_probability=0.3), KEY, 10_000), (
        "the same seed"
    )
    assert found != cuts(truncation(1, tts__truncation="random", tts__truncation_probability=0.3), KEY, 10_000), (
        "another seed"
    )


@pytest.mark.parametrize(("probability", "cut"), [(0, False), (1, True)])
def test_chance_can_be_certain(probability: float, cut: bool) -> None:
    rules = truncation(tts__truncation="random", tts__truncation_probability=probability)
    assert cuts(rules, KEY, 100) == [cut] * 100
    if cut:
        assert rules.of_answer(request(), KEY, False, None) == Why("by chance", "hamsa.tts.truncation")


# Keys that have a rule of their own


def test_first_answer_of_the_truncated_key_is_cut_whatever_the_behaviour() -> None:
    key = Key("hamsa-test-truncated", "shop", truncation="first_answer")
    assert cuts(truncation(tts__truncation="never"), key, 3) == [True, False, False]
    why = truncation().of_answer(request(), key, True, None)
    assert why == Why("the first answer of each connection with the key hamsa-test-truncated"), (
        "no behaviour: none would switch it off"
    )


def test_answers_of_a_key_that_is_never_cut_say_what_would_have_cut_them() -> None:
    key = Key("hamsa-test-unlimited", "shop", truncation="never")
    first, second, usual = request(), request(), request()
    rules = truncation()
    assert rules.of_answer(first, key, True, ABOVE) is None
    assert rules.of_answer(second, key, False, ABOVE) is None
    assert rules.of_answer(usual, key, True, None) is None
    assert first.notes == [
        Why("6th new connection of this key in 60 s, which cuts nothing short for this one", "hamsa.tts.truncation")
    ]
    assert second.notes == usual.notes == []


def test_key_that_is_never_cut_is_not_cut_by_chance_either() -> None:
    key = Key("hamsa-test-unlimited", "shop", truncation="never")
    rules = truncation(tts__truncation="random", tts__truncation_probability=1)
    assert cuts(rules, key, 5) == [False] * 5


def test_reset_forgets_all_connections() -> None:
    rules = truncation()
    connect(rules, [0] * 5)
    rules.reset()
    assert connect(rules, [0] * 6) == [False] * 5 + [True]
