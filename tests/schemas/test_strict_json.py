"""Strict JSON: what is refused, what is accepted and how it is read."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsa_schemas.strict_json import MAX_DEPTH, MAX_OPENINGS, JsonValue, MalformedJson, parse

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("abبت"), inner))


@settings(deadline=None)
@given(VALUES)
def test_parser_reads_what_the_standard_library_writes(value: JsonValue) -> None:
    assert parse(json.dumps(value)) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NaN", id="not a number"),
        pytest.param('{"a": NaN}', id="not a number inside"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("-Infinity", id="negative infinity"),
        pytest.param("1e400", id="number beyond a float"),
        pytest.param("9" * 400, id="whole number beyond a float"),
        pytest.param('"\\ud800"', id="lone high surrogate, escaped"),
        pytest.param('"\\udc00"', id="lone low surrogate, escaped"),
        pytest.param('{"\\ud800": 1}', id="lone surrogate in a key"),
        pytest.param('"\ud800"', id="lone surrogate in the text"),
        pytest.param(b'"\xed\xa0\x80"', id="lone surrogate in the bytes"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param("", id="empty text"),
        pytest.param(b"", id="empty bytes"),
        pytest.param(" \n", id="only white space"),
        pytest.param("\ufeff{}", id="byte order mark"),
        pytest.param("{} {}", id="something after the document"),
        pytest.param('{"a": 1}\x00', id="zero byte after the document"),
        pytest.param("[1,]", id="trailing comma"),
        pytest.param("{'a': 1}", id="single quotes"),
        pytest.param('{"a": 1', id="cut off"),
        pytest.param('"a\nb"', id="bare control character"),
        pytest.param("مرحبا", id="plain text"),
    ],
)
def test_parser_refuses(text: str | bytes) -> None:
    with pytest.raises(MalformedJson) as refusal:
        parse(text)
    assert 0 < len(str(refusal.value)) < 200


def test_refusal_keeps_nothing_of_the_text() -> None:
    with pytest.raises(MalformedJson) as refusal:
        parse('{"api_key": "secret", "a": }')
    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None


def test_last_of_duplicate_keys_wins() -> None:
    assert parse('{"a": 1, "b": 2, "a": 3}') == {"a": 3, "b": 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("18446744073709551616", float(2**64)),
        ("-9223372036854775809", float(-(2**63) - 1)),
        ("1e-400", 0.0),
        ("1.0", 1.0),
        ("-0", 0),
    ],
)
def test_parser_reads_number(text: str, value: float) -> None:
    number = parse(text)
    assert type(number) is type(value)
    assert number == value


def test_parser_keeps_the_sign_of_a_negative_zero() -> None:
    number = parse("-0.0")
    assert isinstance(number, float)
    assert math.copysign(1, number) == -1


def nested_arrays(depth: int) -> str:
    return "[" * depth + "]" * depth


def nested_objects(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def test_parser_accepts_the_deepest_nesting_allowed() -> None:
    for text in (nested_arrays(MAX_DEPTH), nested_objects(MAX_DEPTH)):
        assert parse(text) == parse(text.encode()) == json.loads(text)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 254, 255, 1024, 1025, 100_000])
def test_parser_refuses_deeper_nesting(depth: int) -> None:
    for text in (nested_arrays(depth), nested_objects(depth), "[" * depth, '{"a":' * depth):
        with pytest.raises(MalformedJson):
            parse(text)
        with pytest.raises(MalformedJson):
            parse(text.encode())


def test_refusal_of_depth_tells_the_limit() -> None:
    with pytest.raises(MalformedJson, match=r"^nested more than 100 levels deep$"):
        parse(nested_arrays(MAX_DEPTH + 1))


def test_parser_accepts_many_brackets_that_do_not_nest() -> None:
    value: JsonValue = {"text": "[{" * 200, "list": [[1], {"a": [2]}] * 200}
    assert parse(json.dumps(value)) == value


def test_document_of_very_many_arrays_is_refused_before_it_is_read() -> None:
    within = "[" + ",".join(["[]"] * (MAX_OPENINGS - 1)) + "]"
    assert parse(within) == [[]] * (MAX_OPENINGS - 1)
    with pytest.raises(MalformedJson, match="10001 arrays and objects, more than the 10000"):
        parse(within.replace("[]", "[[]]", 1))
