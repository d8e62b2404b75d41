"""A search inside of a case: it shows the plainest value that fails, and costs no more than it may."""

import pytest
from hypothesis import strategies as st

from hamsa_conformance.generated.search import SHOWN_CHARACTERS, Search, as_json, cut
from hamsa_conformance.judgement import CannotTell, Unmet, require

NUMBERS = st.lists(st.sampled_from(range(100)), max_size=8)


def always() -> bool:
    return True


def below_ten(numbers: list[int]) -> None:
    require(all(number < 10 for number in numbers), "numbers below ten", max(numbers, default=0))


def test_search_ends_quietly_where_nothing_fails() -> None:
    tried: list[list[int]] = []
    Search(0, 20, always).run(NUMBERS, tried.append, as_json)
    assert 10 < len(tried) <= 20


def test_failure_shows_the_plainest_value_and_the_seed() -> None:
    with pytest.raises(Unmet) as raised:
        Search(7, 50, always).run(NUMBERS, below_ten, as_json)
    assert raised.value.expected == "numbers below ten"
    assert raised.value.actual == "10; sent was [10] (seed 7)"


def test_failure_keeps_the_axis_on_which_it_was_seen() -> None:
    def check(numbers: list[int]) -> None:
        raise Unmet("a close", "nothing", "close")

    with pytest.raises(Unmet) as raised:
        Search(0, 5, always).run(NUMBERS, check, as_json)
    assert raised.value.axis == "close"


def test_same_seed_tries_the_same_values_and_another_seed_others() -> None:
    def tried(seed: int) -> list[list[int]]:
        values: list[list[int]] = []
        Search(seed, 20, always).run(NUMBERS, values.append, as_json)
        return values

    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


def test_no_value_is_tried_twice() -> None:
    tried: list[int] = []
    Search(0, 100, always).run(st.sampled_from(range(3)), tried.append, as_json)
    assert sorted(tried) == [0, 1, 2]


def test_search_that_may_not_go_on_shows_what_it_has_found() -> None:
    tried: list[list[int]] = []
    failed: list[list[int]] = []

    def check(numbers: list[int]) -> None:
        tried.append(numbers)
        try:
            below_ten(numbers)
        except Unmet:
            failed.append(numbers)
            raise

    with pytest.raises(Unmet) as raised:
        Search(0, 100, lambda: not failed).run(NUMBERS, check, as_json)
    assert tried[-1] == failed[0]
    assert len(failed) == 1
    assert f"sent was {failed[0]} " in raised.value.actual


def test_search_tries_one_value_even_if_it_may_not_go_on() -> None:
    tried: list[list[int]] = []
    Search(0, 20, lambda: False).run(NUMBERS, tried.append, as_json)
    assert len(tried) == 1


@pytest.mark.parametrize("error", [CannotTell("an answer was cut short"), TimeoutError("nothing came")])
def test_search_ends_at_what_says_nothing_of_the_value(error: Exception) -> None:
    tried: list[list[int]] = []

    def check(numbers: list[int]) -> None:
        tried.append(numbers)
        if len(tried) == 3:
            raise error

    with pytest.raises(type(error)) as raised:
        Search(0, 20, always).run(NUMBERS, check, as_json)
    assert raised.value is error
    assert len(tried) == 3


def test_failure_counts_although_another_error_ended_the_search_for_a_plainer_value() -> None:
    failed: list[list[int]] = []

    def check(numbers: list[int]) -> None:
        if failed:
            raise CannotTell("limited")
        try:
            below_ten(numbers)
        except Unmet:
            failed.append(numbers)
            raise

    with pytest.raises(Unmet) as raised:
        Search(0, 50, always).run(NUMBERS, check, as_json)
    assert f"sent was {failed[0]} " in raised.value.actual


def test_messages_are_shown_as_they_are_read_and_not_at_any_length() -> None:
    assert as_json({"text": "مرحبا"}) == '{"text": "مرحبا"}'
    assert cut("a" * SHOWN_CHARACTERS) == "a" * SHOWN_CHARACTERS
    assert cut("a" * (SHOWN_CHARACTERS + 1)) == "a" * SHOWN_CHARACTERS + "…"
