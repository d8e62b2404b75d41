"""Schemas without references, for those who go through them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from hamsa_schemas.schema_set import BASE_URI, Schema, SchemaSet

Place = tuple[str | int, ...]
"""The names and numbers (from 0) that lead to a value in a message."""

UNDERSTOOD = frozenset(
    {
        *("type", "const", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum"),
        *("items", "minItems", "maxItems", "properties", "required", "additionalProperties", "anyOf", "not"),
    }
)
"""The keywords for which messages can be made."""

_SILENT = frozenset({"$schema", "$id", "title", "description", "examples", "default", "contentEncoding"})
_NESTED = ("items", "not")


class NotUnderstood(ValueError):
    """A schema that says more than the strategies here understand: they need an addition."""


def resolved(schemas: SchemaSet, path: str) -> Schema:
    """The schema with this path, with what its references lead to in their places, and without annotations.

    Errors: NotUnderstood; KeyError for an unknown path.
    """
    return _resolved(schemas, schemas[path], BASE_URI + path)


def _resolved(schemas: SchemaSet, schema: Schema, base: str) -> Schema:
    if "$ref" in schema:
        uri = urljoin(base, schema["$ref"])
        return _resolved(schemas, schemas[uri.removeprefix(BASE_URI)], uri)
    found: Schema = {}
    for keyword, value in schema.items():
        if keyword in _SILENT:
            continue
        if keyword not in UNDERSTOOD:
            raise NotUnderstood(f"{base}: no messages can be made for the keyword {keyword}")
        found[keyword] = _value(schemas, keyword, value, base)
    return found


def _value(schemas: SchemaSet, keyword: str, value: Any, base: str) -> Any:
    if keyword in _NESTED:
        return _resolved(schemas, value, base)
    if keyword == "properties":
        properties: Mapping[str, Schema] = value
        return {name: _resolved(schemas, schema, base) for name, schema in properties.items()}
    if keyword == "anyOf":
        return [_resolved(schemas, schema, base) for schema in value]
    return value
