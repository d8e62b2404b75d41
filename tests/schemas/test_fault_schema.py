"""The JSON form of faults, as far as it can be judged without knowing the kinds."""

from typing import Any

import pytest

from hamsa_schemas import default_catalogue

SCHEMAS = default_catalogue().schemas
PATH = "meta/fault.schema.json"
SCHEMA = SCHEMAS.validator(PATH)


def test_examples_are_valid() -> None:
    examples: list[Any] = SCHEMAS[PATH]["examples"]
    assert examples
    assert all(SCHEMA.is_valid(example) for example in examples)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": 1},
        {"kind": "Close"},
        {"kind": "close", "plce": "after"},
        {"kind": "close", "place": "behind"},
        {"kind": "close", "event": "chunks"},
        {"kind": "close", "ordinal": 0},
        {"kind": "close", "parameters": {"code": None}},
        {"kind": "close", "when": {"speakers": "Majd"}},
        {"kind": "close", "probability": 1.1},
        {"kind": "close", "times": 0},
    ],
)
def test_what_is_no_fault_is_refused(wrong: Any) -> None:
    assert not SCHEMA.is_valid(wrong)
