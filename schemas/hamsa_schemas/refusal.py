"""Says what is wrong with something that a user wrote by hand: where it stands, and the nearest right name.

Unlike an explanation it repeats names that the user gave. Values it does not repeat: one may be a key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from hamsa_schemas.errors import shown, suggestion
from hamsa_schemas.explanation import words_for

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

__all__ = ["Place", "Refusal", "refusal_of", "shown_place"]

Place: TypeAlias = tuple[str | int, ...]
"""The names and numbers (from 0) that lead to a value."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong, in one line, and the place of the value that is; of an unknown name, its own."""

    place: Place
    text: str


def refusal_of(validator: "Draft202012Validator", value: Any, within: Place = ()) -> Refusal | None:
    """The first reason, in the order of the schema, to refuse a value; None where it is valid.

    `within`: where the value stands, if it is a part of something.
    """
    error = next(validator.iter_errors(value), None)
    return _refusal(error, within) if error else None


def shown_place(place: Iterable[str | int]) -> str:
    """A place as people write it, such as `hamsa.keys[0].limits`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _refusal(error: "ValidationError", within: Place) -> Refusal:
    place = (*within, *error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        place = (*place, str(error.instance))
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            allowed = schema["properties"]
            value: Any = error.instance
            name = next(name for name in value if name not in allowed)
            where = shown_place(place)
            words = f"{where} has no {shown(name)}" if where else f"there is no {shown(name)}"
            return Refusal((*place, name), f"{words}; {suggestion(name, allowed)}")
        case "pattern" if "description" in schema:
            return Refusal(place, f"{shown_place(place)} does not fit; it must be: {schema['description']}")
        case _:
            return Refusal(place, words_for(error, shown_place(place)))
