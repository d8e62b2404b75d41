"""Explanations: what a person reads when a schema refuses a message."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hamsa_schemas.explanation import Explanation, explanation_of, words_for

SECRET = "sk_live_0123456789"


def explain(schema: dict[str, Any], instance: Any) -> Explanation:
    return explanation_of(next(Draft202012Validator(schema).iter_errors(instance)))


def inside(schema: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"payload": {"properties": {"field": schema}}}}


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        ({"type": "string"}, 1, "payload.field is a number, must be a string"),
        ({"type": "number"}, "1", "payload.field is a string, must be a number"),
        ({"type": "integer"}, 1.5, "payload.field is a number, must be a whole number"),
        ({"type": "boolean"}, None, "payload.field is null, must be a boolean"),
        ({"type": "object"}, [], "payload.field is an array, must be an object"),
        ({"type": ["array", "null"]}, {}, "payload.field is an object, must be an array or null"),
        ({"type": "array"}, True, "payload.field is a boolean, must be an array"),
        ({"const": "tts"}, SECRET, 'payload.field must be "tts"'),
        ({"enum": ["8k", 16, None]}, SECRET, 'payload.field must be one of "8k", 16, null'),
        ({"minLength": 1}, "", "payload.field has 0 characters, at least 1 is needed"),
        ({"minLength": 3}, "ب", "payload.field has 1 character, at least 3 are needed"),
        ({"maxLength": 1}, SECRET, "payload.field has 18 characters, at most 1 is allowed"),
        ({"maxLength": 2000}, "ب" * 2001, "payload.field has 2001 characters, at most 2000 are allowed"),
        ({"minItems": 2}, [SECRET], "payload.field has 1 item, at least 2 are needed"),
        ({"maxItems": 0}, [SECRET], "payload.field has 1 item, at most 0 are allowed"),
        ({"minimum": 0}, -0.25, "payload.field is below the minimum of 0"),
        ({"maximum": 2}, 2.25, "payload.field is above the maximum of 2"),
        ({"exclusiveMinimum": 0}, 0, "payload.field is not above the limit of 0"),
        ({"required": ["a", "b"]}, {"a": SECRET}, "payload.field.b is missing"),
        (
            {"properties": {"a": {}, "b": {}}, "additionalProperties": False},
            {"a": 1, SECRET: 1},
            "payload.field has a field that is not allowed; allowed: a, b",
        ),
        ({"pattern": "^v_"}, SECRET, "payload.field has not the form ^v_"),
        ({"anyOf": [{"type": "null"}]}, SECRET, "payload.field breaks the rule anyOf of the schema"),
        (
            {"anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]},
            {"b": SECRET},
            "payload.field needs at least one of: a, b and c",
        ),
        (
            {"not": {"type": "object", "required": ["a", "b"]}},
            {"a": SECRET, "b": SECRET},
            "payload.field must not have these together: a, b",
        ),
        (
            {"dependentRequired": {"a": [], "b": ["a", "c"]}},
            {"a": SECRET, "b": SECRET},
            "payload.field has b, which needs c beside it",
        ),
        ({"not": {"type": "string"}}, SECRET, "payload.field breaks the rule not of the schema"),
    ],
)
def test_explanation_names_place_and_rule(schema: dict[str, Any], value: Any, text: str) -> None:
    explanation = explain(inside(schema), {"payload": {"field": value}})
    assert explanation == Explanation(keyword=next(reversed(schema)), path="payload.field", text=text)


@pytest.mark.parametrize(
    ("schema", "instance", "text"),
    [
        ({"type": "object"}, [], "the message is an array, must be an object"),
        ({"required": ["type"]}, {}, "type is missing"),
        (
            {"properties": {"type": {}}, "additionalProperties": False},
            {"x": 1},
            "the message has a field that is not allowed; allowed: type",
        ),
    ],
)
def test_explanation_calls_the_whole_the_message(schema: dict[str, Any], instance: Any, text: str) -> None:
    explanation = explain(schema, instance)
    assert explanation.path == ""
    assert explanation.text == text


def test_value_can_be_given_another_name() -> None:
    error = next(Draft202012Validator({"minItems": 1}).iter_errors([]))
    assert words_for(error, "hamsa.keys") == "hamsa.keys has 0 items, at least 1 is needed"
    assert words_for(error, "") == "the message has 0 items, at least 1 is needed"


@pytest.mark.parametrize(
    ("schema", "instance", "path"),
    [
        ({"items": {"type": "number"}}, [0, 0, SECRET], "[2]"),
        ({"properties": {"a": {"items": {"items": {"type": "null"}}}}}, {"a": [[], [SECRET]]}, "a[1][0]"),
        ({"additionalProperties": {"type": "null"}}, {SECRET: 1}, "*"),
        (
            {"properties": {"a": {"additionalProperties": {"properties": {"b": {"type": "null"}}}}}},
            {"a": {SECRET: {"b": 1}}},
            "a.*.b",
        ),
        ({"patternProperties": {"": {"type": "null"}}}, {SECRET: 1}, "*"),
        (
            {"properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"properties": {"c": {"const": 1}}}}},
            {"a": {"c": SECRET}},
            "a.c",
        ),
    ],
)
def test_path_names_only_what_the_schema_describes(schema: dict[str, Any], instance: Any, path: str) -> None:
    explanation = explain(schema, instance)
    assert explanation.path == path
    assert explanation.text.startswith(path)
    assert SECRET not in explanation.text


@settings(deadline=None)
@given(
    st.sampled_from(
        [
            {"type": "null"},
            {"const": 1},
            {"enum": [1, 2]},
            {"maxLength": 1, "maxItems": 0, "maxProperties": 0},
            {"additionalProperties": {"type": "null"}},
            {"properties": {"a": {}}, "additionalProperties": False},
            {"not": {}},
        ]
    ),
    st.sampled_from([SECRET, [SECRET], {SECRET: 1}, {"a": SECRET, SECRET: {SECRET: SECRET}}]),
)
def test_explanation_never_repeats_the_message(schema: dict[str, Any], instance: Any) -> None:
    for error in Draft202012Validator(inside(schema)).iter_errors({"payload": {"field": instance}}):
        assert SECRET not in repr(explanation_of(error))
