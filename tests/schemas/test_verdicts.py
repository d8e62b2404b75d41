"""`jsonschema_rs` decides and `jsonschema` explains: they must never disagree.

Both judge all examples, and messages that Hypothesis makes from them by dropping, changing, adding and lengthening.
"""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsa_schemas import JsonValue, MessageSchema, default_catalogue, parse
from tests.schemas.parts import properties

MESSAGES = list(default_catalogue().messages())
# The names that the schemas describe: a new value is most telling there.
NAMES = sorted({name for message in MESSAGES for name, _ in properties(message)})

VOICE_ID = "c803658e-ccec-47e7-ad0f-1caf9ba4babb"

# What orjson can return: no NaN or infinity, no lone surrogates, whole numbers of 64 bits.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from([0, 0.0, -0.0, 1.0, 2, 2.0, 2.0000000000000004, 1e308, 5e-324])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "tts", "stt", "info", "ack", "end", "error", "8k", "16k", "ب" * 2000, "😀" * 2001])
    | st.sampled_from([VOICE_ID, VOICE_ID.upper(), f"{VOICE_ID}\n", f"{VOICE_ID}0", VOICE_ID.replace("-", "")])
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated_messages(draw: st.DrawFn) -> tuple[MessageSchema, JsonValue]:
    """A schema and a message made from one of its examples by up to four changes."""
    message = draw(st.sampled_from(MESSAGES))
    examples = [*message.examples, *(invalid.instance for invalid in message.invalid_examples)]
    document: dict[str, Any] = {"": copy.deepcopy(draw(st.sampled_from(examples)))}
    for _ in range(draw(st.integers(0, 4))):
        mutate(draw, document)
    return message, document.get("")


def mutate(draw: st.DrawFn, document: dict[str, Any]) -> None:
    parent, key = draw(st.sampled_from(places(document)))
    change = draw(st.sampled_from(["drop", "replace", "add", "repeat"]))
    value = parent[key]
    if change == "drop":
        del parent[key]
    elif change == "replace":
        parent[key] = draw(VALUES)
    elif change == "add" and isinstance(value, dict):
        value[draw(st.sampled_from(NAMES) | TEXTS)] = draw(VALUES)
    elif change == "repeat" and isinstance(value, str | list):
        parent[key] = value * draw(st.integers(0, 60))


def places(document: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Every value of a document as its container and its key or index."""
    found: list[tuple[Any, Any]] = [(document, "")] if document else [({"": None}, "")]
    for parent, key in found:
        value = parent[key]
        if isinstance(value, dict):
            found += [(value, name) for name in value]
        elif isinstance(value, list):
            found += [(value, index) for index in range(len(value))]
    return found


def assert_one_verdict(message: MessageSchema, instance: JsonValue) -> None:
    valid = message.is_valid(instance)
    assert message.validator.is_valid(instance) is valid
    assert (message.explain(instance) is None) is valid


@pytest.mark.parametrize("judge", MESSAGES, ids=lambda message: message.name)
def test_validators_agree_on_the_examples_of_every_message(judge: MessageSchema) -> None:
    for author in MESSAGES:
        for example in author.examples:
            assert_one_verdict(judge, example)
        for invalid in author.invalid_examples:
            assert_one_verdict(judge, invalid.instance)


@settings(deadline=None, max_examples=500)
@given(mutated_messages())
def test_validators_agree_on_changed_messages(case: tuple[MessageSchema, JsonValue]) -> None:
    message, instance = case
    assert_one_verdict(message, instance)
    assert_one_verdict(message, parse(json.dumps(instance)))


@settings(deadline=None)
@given(st.sampled_from(MESSAGES), VALUES)
def test_validators_agree_on_any_value(message: MessageSchema, value: JsonValue) -> None:
    assert_one_verdict(message, value)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_validators_agree_on_the_deepest_nesting(message: MessageSchema) -> None:
    deep = parse("[" * 97 + "]" * 97)
    for example in message.examples:
        assert isinstance(example, dict)
        assert_one_verdict(message, {**example, "deep": deep})
        assert_one_verdict(message, {**example, "payload": {"text": "a", "speaker": "b", "deep": deep}})
        assert_one_verdict(message, {**example, "type": deep})
