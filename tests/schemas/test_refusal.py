"""Refusals: what a user reads who wrote something wrong by hand."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hamsa_schemas.refusal import Place, Refusal, refusal_of, shown_place

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "port": {"type": "integer"},
        "keys": {
            "type": "array",
            "items": {
                "required": ["id"],
                "properties": {"id": {"pattern": "^[0-9]+$", "description": "Digits."}, "limits": {"enum": ["real"]}},
                "additionalProperties": False,
            },
        },
        "values": {
            "propertyNames": {"pattern": "^[a-z.]+$", "description": "A slug."},
            "additionalProperties": {"type": ["string", "number"]},
        },
        "bare": {"propertyNames": {"pattern": "^[a-z]+$"}},
    },
    "additionalProperties": False,
}


def refused(value: Any, within: Place = ()) -> Refusal | None:
    return refusal_of(Draft202012Validator(SCHEMA), value, within)


def test_valid_value_is_not_refused() -> None:
    assert refused({"port": 1, "keys": [{"id": "1"}]}) is None


@pytest.mark.parametrize(
    ("value", "place", "text"),
    [
        ({"prot": 1}, ("prot",), "there is no 'prot'; did you mean 'port'? known: bare, keys, port, values"),
        (
            {"keys": [{"id": "1"}, {"id": "2", "limit": "real"}]},
            ("keys", 1, "limit"),
            "keys[1] has no 'limit'; did you mean 'limits'? known: id, limits",
        ),
        ({"keys": [{}]}, ("keys", 0), "keys[0].id is missing"),
        ({"keys": [{"id": "x"}]}, ("keys", 0, "id"), "keys[0].id does not fit; it must be: Digits."),
        ({"port": "1"}, ("port",), "port is a string, must be a whole number"),
        ({"values": {"a.b": None}}, ("values", "a.b"), "values.a.b is null, must be a string or a number"),
        ({"values": {"A b": 1}}, ("values", "A b"), "values.A b does not fit; it must be: A slug."),
        ({"bare": {"A b": 1}}, ("bare", "A b"), "bare.A b has not the form ^[a-z]+$"),
    ],
)
def test_refusal_names_place_and_what_is_right(value: Any, place: Place, text: str) -> None:
    assert refused(value) == Refusal(place, text)


def test_refusal_of_a_part_names_its_place_in_the_whole() -> None:
    assert refused({"prot": 1}, ("hamsa",)) == Refusal(
        ("hamsa", "prot"), "hamsa has no 'prot'; did you mean 'port'? known: bare, keys, port, values"
    )
    assert refused({"keys": [{}]}, ("hamsa",)) == Refusal(("hamsa", "keys", 0), "hamsa.keys[0].id is missing")


def test_refusal_repeats_no_value() -> None:
    for value in ({"port": "sk_live"}, {"keys": [{"id": "sk_live"}]}, {"keys": [{"id": "1", "limits": "sk_live"}]}):
        refusal = refused(value)
        assert refusal is not None
        assert "sk_live" not in refusal.text


def test_place_is_shown_as_people_write_it() -> None:
    assert shown_place(("hamsa", "keys", 0, "limits")) == "hamsa.keys[0].limits"
    assert shown_place((2, "id")) == "[2].id"
    assert shown_place(()) == ""
