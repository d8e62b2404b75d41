"""Messages that a schema allows. They are small: texts of a few letters, lists of a few items.

All is drawn from short lists of choices, so that what is found shrinks to something plain. Fields that the schema does
not describe are left out, because no document says what becomes of them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hamsa_conformance.generated.resolved import NotUnderstood, Place, resolved
from hamsa_schemas import default_catalogue
from hamsa_schemas.schema_set import Schema

Given = Mapping[Place, SearchStrategy[Any]]
"""Other values than the schema alone would have, by place. Whoever gives them answers for their being valid."""

NONE_GIVEN: Given = {}
LETTERS = "ابتسمنورkam"
CHARACTERS = LETTERS + " ،.؟0٣é😀"
SMALL = 8
"""Characters of a text, items of a list, unless the schema asks for more."""
_STEPS = 20


def valid(schema_path: str, given: Given = NONE_GIVEN) -> SearchStrategy[Any]:
    """Values that the schema with this path allows, such as `hamsa/client/tts.schema.json`.

    Errors: NotUnderstood, KeyError.
    """
    return values(resolved(default_catalogue().schemas, schema_path), (), given)


def values(schema: Schema, place: Place, given: Given) -> SearchStrategy[Any]:
    """Values for a place of a message whose schema, without references, is this one."""
    if place in given:
        return given[place]
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _BY_TYPE[_type(schema)](schema, place, given)


def objects(schema: Schema, place: Place, given: Given, having: Collection[str] = ()) -> SearchStrategy[dict[str, Any]]:
    """Objects that have these fields, whether they must or not."""
    made = [
        _with_fields(schema, place, given, needed | {*having}, possible)
        for needed, possible in _combinations(schema)
        if possible >= {*having}
    ]
    return st.one_of(made)


def texts(shortest: int, longest: int) -> SearchStrategy[str]:
    """Texts of so many characters; one that is not empty begins with a letter."""
    if longest == 0:
        return st.just("")
    rest = st.lists(st.sampled_from(CHARACTERS), min_size=max(shortest - 1, 0), max_size=longest - 1)
    text = st.builds(lambda first, more: first + "".join(more), st.sampled_from(LETTERS), rest)
    return text if shortest > 0 else st.just("") | text


def _type(schema: Schema) -> str:
    type = schema.get("type")
    if not isinstance(type, str):
        raise NotUnderstood(f"no values can be made of the type {type}")
    return type


def _combinations(schema: Schema) -> Iterator[tuple[set[str], set[str]]]:
    """Which fields may stand together: those that must be there, and all that may."""
    forbidden: set[str] = {*schema.get("not", {}).get("required", ())}
    for alternative, left_out in product(schema.get("anyOf", [{"required": []}]), sorted(forbidden) or [""]):
        needed = {*schema.get("required", ()), *alternative["required"]}
        if left_out not in needed:
            yield needed, {*schema["properties"]} - {left_out}


def _with_fields(
    schema: Schema, place: Place, given: Given, needed: set[str], possible: set[str]
) -> SearchStrategy[dict[str, Any]]:
    fields = {
        name: values(field, (*place, name), given) for name, field in schema["properties"].items() if name in possible
    }
    return st.fixed_dictionaries(
        {name: field for name, field in fields.items() if name in needed},
        optional={name: field for name, field in fields.items() if name not in needed},
    )


def _arrays(schema: Schema, place: Place, given: Given) -> SearchStrategy[list[Any]]:
    fewest = schema.get("minItems", 0)
    most = schema.get("maxItems", fewest + SMALL)
    items = values(schema["items"], (*place, 0), given) if "items" in schema else st.none()
    return st.lists(items, min_size=fewest, max_size=most)


def _strings(schema: Schema, place: Place, given: Given) -> SearchStrategy[str]:
    if "pattern" in schema:
        return st.from_regex(str(schema["pattern"]), fullmatch=True)
    shortest = schema.get("minLength", 0)
    return texts(shortest, min(schema.get("maxLength", shortest + SMALL), shortest + SMALL))


def _numbers(schema: Schema, place: Place, given: Given) -> SearchStrategy[float]:
    low, high = schema.get("minimum", -1), schema.get("maximum", 1)
    whole = st.sampled_from(range(low, high + 1))
    return whole | st.sampled_from(range(_STEPS + 1)).map(lambda step: low + (high - low) * step / _STEPS)


def _integers(schema: Schema, place: Place, given: Given) -> SearchStrategy[int]:
    low = schema.get("minimum", 0)
    return st.sampled_from(range(low, schema.get("maximum", low + _STEPS) + 1))


_BY_TYPE: Mapping[str, Callable[[Schema, Place, Given], SearchStrategy[Any]]] = {
    "array": _arrays,
    "boolean": lambda schema, place, given: st.booleans(),
    "integer": _integers,
    "number": _numbers,
    "object": objects,
    "string": _strings,
}
