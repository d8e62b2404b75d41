"""Says in plain words why a schema refused a message, without repeating anything of the message."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["Explanation", "explanation_of", "words_for"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message was refused.

    `keyword` is the keyword of the schema, `path` the place in the message such as `payload.text` (empty
    for the whole message), `text` one short sentence. None of them holds a value from the message, or a
    name that the schema does not describe (shown as `*`): these may be megabytes long or carry a key.
    """

    keyword: str
    path: str
    text: str


def explanation_of(error: "ValidationError") -> Explanation:
    """Explain an error of `jsonschema`."""
    path = _path(error.absolute_path, error.absolute_schema_path)
    return Explanation(str(error.validator), path, words_for(error, path))


def words_for(error: "ValidationError", path: str) -> str:
    """Say in a sentence what is wrong with the value that is to be called `path` (empty: the whole message)."""
    describe = _TEXTS.get(str(error.validator), _other)
    return describe(path, error)


def _path(places: Iterable[str | int], schema_places: Iterable[str | int]) -> str:
    described = {name for keyword, name in pairwise(schema_places) if keyword == "properties"}
    path = ""
    for place in places:
        if isinstance(place, int):
            path += f"[{place}]"
        else:
            path += f".{place if place in described else '*'}"
    return path.removeprefix(".")


def _named(path: str) -> str:
    return path or "the message"


_TYPES = {
    "array": "an array",
    "boolean": "a boolean",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
_PYTHON_TYPES = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "number",
    list: "array",
    str: "string",
    type(None): "null",
}


def _type(path: str, error: "ValidationError") -> str:
    allowed: Any = error.validator_value
    names = [allowed] if isinstance(allowed, str) else allowed
    actual = _TYPES[_PYTHON_TYPES[type(error.instance)]]
    return f"{_named(path)} is {actual}, must be {' or '.join(_TYPES[name] for name in names)}"


def _required(path: str, error: "ValidationError") -> str:
    names: Any = error.validator_value
    instance: Any = error.instance
    missing = next(name for name in names if name not in instance)
    return f"{path}.{missing} is missing".removeprefix(".")


def _additional_properties(path: str, error: "ValidationError") -> str:
    schema: Any = error.schema
    return f"{_named(path)} has a field that is not allowed; allowed: {', '.join(schema['properties'])}"


def _const(path: str, error: "ValidationError") -> str:
    return f"{_named(path)} must be {_json(error.validator_value)}"


def _enum(path: str, error: "ValidationError") -> str:
    values: Any = error.validator_value
    return f"{_named(path)} must be one of {', '.join(_json(value) for value in values)}"


def _any_of(path: str, error: "ValidationError") -> str:
    alternatives: Any = error.validator_value
    if any(alternative.keys() != {"required"} for alternative in alternatives):
        return _other(path, error)
    fields = (" and ".join(alternative["required"]) for alternative in alternatives)
    return f"{_named(path)} needs at least one of: {', '.join(fields)}"


def _not(path: str, error: "ValidationError") -> str:
    forbidden: Any = error.validator_value
    if forbidden.keys() != {"type", "required"}:
        return _other(path, error)
    return f"{_named(path)} must not have these together: {', '.join(forbidden['required'])}"


def _dependent_required(path: str, error: "ValidationError") -> str:
    needs: Any = error.validator_value
    instance: Any = error.instance
    name, missing = next(
        (name, other) for name, others in needs.items() if name in instance for other in others if other not in instance
    )
    return f"{_named(path)} has {name}, which needs {missing} beside it"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _length(unit: str, rule: str) -> "Callable[[str, ValidationError], str]":
    def describe(path: str, error: "ValidationError") -> str:
        instance: Any = error.instance
        count, limit = len(instance), error.validator_value
        units = unit if count == 1 else f"{unit}s"
        verb = "is" if limit == 1 else "are"
        return f"{_named(path)} has {count} {units}, {rule.format(limit=limit, verb=verb)}"

    return describe


def _bound(words: str) -> "Callable[[str, ValidationError], str]":
    return lambda path, error: f"{_named(path)} is {words} of {error.validator_value}"


def _pattern(path: str, error: "ValidationError") -> str:
    return f"{_named(path)} has not the form {error.validator_value}"


def _other(path: str, error: "ValidationError") -> str:
    return f"{_named(path)} breaks the rule {error.validator} of the schema"


_AT_LEAST = "at least {limit} {verb} needed"
_AT_MOST = "at most {limit} {verb} allowed"
_TEXTS: "dict[str, Callable[[str, ValidationError], str]]" = {
    "additionalProperties": _additional_properties,
    "anyOf": _any_of,
    "const": _const,
    "dependentRequired": _dependent_required,
    "enum": _enum,
    "exclusiveMinimum": _bound("not above the limit"),
    "maximum": _bound("above the maximum"),
    "maxItems": _length("item", _AT_MOST),
    "maxLength": _length("character", _AT_MOST),
    "minimum": _bound("below the minimum"),
    "minItems": _length("item", _AT_LEAST),
    "minLength": _length("character", _AT_LEAST),
    "not": _not,
    "pattern": _pattern,
    "required": _required,
    "type": _type,
}
