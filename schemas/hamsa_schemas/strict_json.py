"""Reads JSON strictly: what this accepts, every validator of this project judges alike.

Refused are NaN and Infinity, numbers beyond the range of a float, lone surrogates, bytes that are not
UTF-8, a byte order mark, an empty document, anything after the document, and nesting deeper than
`MAX_DEPTH`.

Accepted, and worth knowing:
- Of duplicate keys in one object the last wins.
- A whole number outside -2**63 .. 2**64 - 1 becomes the nearest float, so it may lose digits.
- `-0` is the integer 0, `-0.0` a float.
"""

from typing import TypeAlias

import orjson

__all__ = ["MAX_DEPTH", "MAX_OPENINGS", "JsonValue", "MalformedJson", "parse"]

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
_Container: TypeAlias = "dict[str, JsonValue] | list[JsonValue]"

MAX_DEPTH = 100
"""Levels of arrays and objects in one another. The messages need 3. orjson writes 254, older versions of
jsonschema-rs take 254, orjson reads 1024: one limit below all of them makes the verdict independent of
their versions."""

MAX_OPENINGS = 10_000
"""Arrays and objects in one document, or brackets in its strings. The messages need 3; millions of them would hold
up every other connection for seconds, and take a hundred bytes each."""


class MalformedJson(ValueError):
    """Text that is not acceptable JSON. Its message is a short reason, never the text."""


def parse(text: str | bytes) -> JsonValue:
    """Return the value of a JSON document, given as str or as UTF-8 bytes.

    Raises MalformedJson. The error does not hold the text, which may be megabytes long or carry a key.
    """
    openings = _count_openings(text)
    if openings > MAX_OPENINGS:
        raise MalformedJson(f"{openings} arrays and objects, more than the {MAX_OPENINGS} that are read")
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        reason = str(error)
    else:
        if openings <= MAX_DEPTH or not _is_deeper_than_allowed(value):
            return value
        reason = f"nested more than {MAX_DEPTH} levels deep"
    raise MalformedJson(reason)


def _count_openings(text: str | bytes) -> int:
    """Return how many arrays and objects the text may open: a cheap upper bound of their number and depth."""
    if isinstance(text, str):
        return text.count("[") + text.count("{")
    return text.count(b"[") + text.count(b"{")


def _is_deeper_than_allowed(value: JsonValue) -> bool:
    level = _containers([value])
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _containers(node)]
    return bool(level)


def _containers(node: _Container) -> list[_Container]:
    children = node.values() if isinstance(node, dict) else node
    return [child for child in children if isinstance(child, dict | list)]
