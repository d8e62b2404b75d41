"""Both descriptions of the interface against the schemas: every example, and every schema."""

from typing import Any

import pytest

from hamsa_schemas import default_catalogue
from hamsa_schemas.schema_set import SUFFIX
from tests.documents.interfaces import ASYNCAPI, OPENAPI, examples, file_references, interface, validator

BOTH = pytest.mark.parametrize("path", [ASYNCAPI, OPENAPI])


@BOTH
def test_document_has_examples_of_everything_that_it_refers_to(path: str) -> None:
    shown = {file for _, schema, _ in examples(path) for file in file_references(schema)}
    assert shown == set(file_references(interface(path)))


@BOTH
def test_every_example_fits_the_schema_beside_it(path: str) -> None:
    for pointer, _, example in examples(path):
        assert [error.message for error in validator(path, pointer).iter_errors(example)] == [], pointer


@BOTH
def test_every_example_is_one_of_the_schema_itself(path: str) -> None:
    """The tests of the schemas hold their examples to the facts."""
    for pointer, schema, example in examples(path):
        own: list[Any] = []
        for file in file_references(schema):
            own += default_catalogue().schemas[file]["examples"]
        assert example in own or not own, pointer


@BOTH
def test_schema_files_are_named_without_a_format(path: str) -> None:
    """With a schemaFormat AsyncAPI's parser would leave the schemas alone."""
    assert "schemaFormat" not in str(interface(path))


def test_every_schema_of_a_message_is_used_by_one_document() -> None:
    over_websocket = set(file_references(interface(ASYNCAPI)))
    over_rest = set(file_references(interface(OPENAPI)))
    messages = list(default_catalogue().messages("hamsa"))
    rest = {message.name + SUFFIX for message in messages if message.direction.startswith("rest/")}
    assert over_rest == rest
    assert over_websocket == {message.name + SUFFIX for message in messages} - rest
