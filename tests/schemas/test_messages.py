"""The message and body schemas of the package: form, examples, and an invalid example for every rule.

Each test runs for every schema that the catalogue finds, so a new file is judged without a new test.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from hamsa_schemas import JsonValue, MessageSchema, default_catalogue
from tests.schemas.parts import Path, properties, subschemas

MESSAGES = list(default_catalogue().messages())
ANNOTATIONS = {"$schema", "$id", "title", "description", "default", "examples", "contentEncoding"}
# Keywords that only lead to other schemas, whose own rules are judged.
WAYS = {"$ref", "items", "properties"}
# What a description must name: the statements that a claim comes from, or that there are none.
STATEMENTS = re.compile(r"\b[A-Z]{3}-[0-9]+\b|\bno statement speaks of\b")

pytestmark = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)


def rules(message: MessageSchema) -> set[Path]:
    """The path of every keyword that can refuse a message; for `required` once for each name."""
    found: set[Path] = set()
    for path, inner in subschemas(message):
        for keyword in inner.keys() - ANNOTATIONS - WAYS - {"required"}:
            found.add((*path, keyword))
        for name in inner.get("required", []):
            found.add((*path, "required", name))
    return found


def rule_of(error: ValidationError) -> Path:
    path = tuple(error.absolute_schema_path)
    if error.validator == "required":
        names: Any = error.validator_value
        instance: Any = error.instance
        return (*path, *(name for name in names if name not in instance))
    return path


def pointer(path: Any) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def test_schema_is_valid_itself(message: MessageSchema) -> None:
    Draft202012Validator.check_schema(message.schema)
    assert message.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_schema_says_what_how_sure_and_why(message: MessageSchema) -> None:
    assert message.schema["title"]
    for schema in [message.schema, *(schema for _, schema in properties(message))]:
        assert re.search(r"\b(documented|observed|assumed)\b", schema["description"], re.IGNORECASE)
        assert schema["description"].endswith(".")


def test_description_of_a_schema_names_statements(message: MessageSchema) -> None:
    assert STATEMENTS.search(message.description)


def test_description_of_a_required_value_names_statements(message: MessageSchema) -> None:
    required = {name for _, inner in subschemas(message) for name in inner.get("required", [])}
    for name, schema in properties(message):
        if name in required:
            assert STATEMENTS.search(schema["description"]), name


def test_requests_are_open_and_answers_closed(message: MessageSchema) -> None:
    objects = [inner for _, inner in subschemas(message) if inner.get("type") == "object"]
    assert objects
    for schema in objects:
        if message.direction in ("client", "rest/request"):
            assert "additionalProperties" not in schema
        else:
            assert schema["additionalProperties"] is False


def test_defaults_are_valid(message: MessageSchema) -> None:
    for _, schema in subschemas(message):
        if "default" in schema:
            assert message.validator.evolve(schema=schema).is_valid(schema["default"])


def test_examples_are_valid(message: MessageSchema) -> None:
    assert message.examples
    for example in message.examples:
        assert message.explain(example) is None
        assert message.is_valid(example)


def test_each_invalid_example_breaks_exactly_its_rule(message: MessageSchema) -> None:
    for example in message.invalid_examples:
        errors = list(message.validator.iter_errors(example.instance))
        assert [(error.validator, pointer(error.absolute_path)) for error in errors] == [
            (example.keyword, example.path)
        ], example.why
        assert not message.is_valid(example.instance), example.why


def test_every_rule_has_an_invalid_example(message: MessageSchema) -> None:
    broken = {
        rule_of(error)
        for example in message.invalid_examples
        for error in message.validator.iter_errors(example.instance)
    }
    assert broken == rules(message)


def test_every_listed_value_has_a_valid_example(message: MessageSchema) -> None:
    seen = {repr(value) for example in message.examples for value in leaves(example)}
    for _, schema in subschemas(message):
        assert {repr(value) for value in schema.get("enum", [])} <= seen


def leaves(value: JsonValue) -> Iterator[JsonValue]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def test_invalid_examples_are_explained_without_their_values(message: MessageSchema) -> None:
    for example in message.invalid_examples:
        explanation = message.explain(example.instance)
        assert explanation is not None
        assert explanation.keyword == example.keyword
        assert explanation.path == re.sub(r"\.(\d+)", r"[\1]", example.path.replace("/", ".")).removeprefix(".")
        assert len(explanation.text) < 200
        for secret in ("مرحبا", "صباح الخير", "803658e", "UklGR"):
            assert secret not in explanation.text
