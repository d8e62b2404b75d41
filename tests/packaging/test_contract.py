"""The OpenAPI document as schemathesis gets it."""

from collections.abc import Iterator
from typing import Any

from hamsa_schemas import default_catalogue
from tools.contract import bundled


def references(node: Any) -> Iterator[str]:
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(inner)
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"]


def test_bundled_document_refers_to_nothing_outside() -> None:
    found = set(references(bundled()))
    assert found
    assert all(reference.startswith("#/components/") for reference in found)


def test_bundled_document_holds_the_schemas_of_the_bodies() -> None:
    content = bundled()["components"]["requestBodies"]["Speech"]["content"]["application/json"]
    schema = content["schema"]
    own = default_catalogue().message("hamsa", "rest/request", "tts").schema
    assert schema["title"] == own["title"], "what stands beside a reference goes first"
    assert schema["required"] == ["text", "speaker"]
    assert "$id" not in schema
