"""Parameters of faults."""

from dataclasses import dataclass
from typing import Any

import pytest

from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.parameters import Value, accepted, choice, parameter, parameters_of, text_of


@dataclass(frozen=True)
class Example:
    count: int = parameter(1, "How many.", 1, 9)
    seconds: float = parameter(0.5, "How long.", 0, 10)
    words: str = parameter("", "What.")
    sure: bool = parameter(False, "Whether.")
    status: int = choice(500, "Which.", 500, 503)


KNOWN = parameters_of(Example)


def test_parameters_are_the_fields_in_their_order() -> None:
    assert list(KNOWN) == ["count", "seconds", "words", "sure", "status"]
    assert [entry.default for entry in KNOWN.values()] == [1, 0.5, "", False, 500]
    assert KNOWN["count"].meaning == "How many."


def test_values_are_accepted_as_their_types() -> None:
    given = {"count": 9, "seconds": 3, "words": "هل", "sure": True, "status": 503}
    judged = accepted("example", KNOWN, given)
    assert judged == {"count": 9, "seconds": 3.0, "words": "هل", "sure": True, "status": 503}
    assert isinstance(judged["seconds"], float)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("count", 10, "example: count cannot be 10; allowed: 1 to 9"),
        ("count", 0, "example: count cannot be 0; allowed: 1 to 9"),
        ("count", 1.5, "example: count cannot be 1.5; allowed: 1 to 9"),
        ("count", True, "example: count cannot be True; allowed: 1 to 9"),
        ("count", "two", "example: count cannot be 'two'; allowed: 1 to 9"),
        ("seconds", float("nan"), "example: seconds cannot be nan; allowed: 0 to 10"),
        ("seconds", float("inf"), "example: seconds cannot be inf; allowed: 0 to 10"),
        ("seconds", None, "example: seconds cannot be None; allowed: 0 to 10"),
        ("words", 1, "example: words cannot be 1; allowed: text"),
        ("words", "x" * 2001, "example: words cannot be 'xxxxxxxxxx"),
        ("sure", 1, "example: sure cannot be 1; allowed: true or false"),
        ("status", 501, "example: status cannot be 501; allowed: 500, 503"),
    ],
)
def test_value_that_is_not_allowed_is_refused_in_one_line(name: str, value: object, words: str) -> None:
    with pytest.raises(WrongFault) as refused:
        accepted("example", KNOWN, {name: value})
    assert str(refused.value).startswith(words)
    assert "\n" not in str(refused.value)


def test_wrong_name_is_refused_with_the_nearest_right_one() -> None:
    with pytest.raises(WrongFault, match=r"example has no parameter 'secnds'; did you mean 'seconds'\?"):
        accepted("example", KNOWN, {"secnds": 1})


def test_kind_without_parameters_says_so() -> None:
    with pytest.raises(WrongFault, match="example has no parameter 'count'; it has none"):
        accepted("example", {}, {"count": 1})


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (3, "3"), (0.25, "0.25"), (2.0, "2"), ("a", '"a"'), ('a"b\\', r'"a\"b\\"')],
)
def test_value_is_written_as_the_text_form_has_it(value: Value, text: str) -> None:
    assert text_of(value) == text


def test_text_may_be_as_long_as_a_text_to_be_spoken() -> None:
    judged: dict[str, Any] = accepted("example", KNOWN, {"words": "x" * 2000})
    assert len(judged["words"]) == 2000
