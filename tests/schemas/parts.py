"""Walks through a message schema with all its parts, those included that lie in other files."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from hamsa_schemas import MessageSchema, default_catalogue
from hamsa_schemas.schema_set import BASE_URI

Path = tuple[str | int, ...]


def subschemas(message: MessageSchema) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The schema and the schemas of its properties and items, each with the path that `jsonschema` gives to it.

    What a reference leads to follows the reference, with the same path.
    """
    yield from _walk(message.schema, message.id, ())


def _walk(schema: dict[str, Any], base: str, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    yield path, schema
    if "$ref" in schema:
        uri = urljoin(base, schema["$ref"])
        yield from _walk(default_catalogue().schemas[uri.removeprefix(BASE_URI)], uri, path)
    for name, inner in schema.get("properties", {}).items():
        yield from _walk(inner, base, (*path, "properties", name))
    if "items" in schema:
        yield from _walk(schema["items"], base, (*path, "items"))


def properties(message: MessageSchema) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and schema of everything that the message may hold, at any depth; of a reference, what it refers to."""
    parts = dict(subschemas(message))
    for path, schema in parts.items():
        for name in schema.get("properties", {}):
            yield name, parts[*path, "properties", name]
