"""Messages that are wrong by exactly one keyword of their schema at one place, and right otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hamsa_conformance.generated.resolved import Place, resolved
from hamsa_conformance.generated.valid import NONE_GIVEN, SMALL, Given, objects, texts, values
from hamsa_schemas import default_catalogue
from hamsa_schemas.schema_set import Schema

UNKNOWN_NAME = "surplus"
"""A field that no schema describes."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A message, the keyword that alone refuses it, and the place that this is about: of a missing field the object
    around it."""

    message: Any
    keyword: str
    place: Place


@dataclass(frozen=True, slots=True)
class Flaw:
    """One way to be wrong. `place`: as in Wrong; all items of a list count as its first."""

    keyword: str
    place: Place
    messages: SearchStrategy[Wrong]


def wrong(schema_path: str, given: Given = NONE_GIVEN) -> SearchStrategy[Wrong]:
    """Values that the schema with this path refuses, in every way in which a value can be wrong.

    Errors: NotUnderstood, KeyError.
    """
    return st.one_of([flaw.messages for flaw in flaws(schema_path, given)])


def flaws(schema_path: str, given: Given = NONE_GIVEN) -> tuple[Flaw, ...]:
    """All ways to be wrong, outermost first. Errors: NotUnderstood, KeyError."""
    return tuple(_flaws(resolved(default_catalogue().schemas, schema_path), (), given))


def _flaws(schema: Schema, place: Place, given: Given) -> Iterator[Flaw]:
    for keyword, make in _BREAKING.items():
        if keyword in schema:
            for found in make(schema, place, given):
                yield Flaw(keyword, place, _named(found, keyword, place))
    for name, inner in schema.get("properties", {}).items():
        around = objects(schema, place, given, having=[name])
        for flaw in _flaws(inner, (*place, name), given):
            yield replace(flaw, messages=_put_into(around, name, flaw.messages))
    if "items" in schema:
        for flaw in _flaws(schema["items"], (*place, 0), given):
            yield replace(flaw, messages=_put_among(values(schema, place, given), place, flaw.messages))


def _named(found: SearchStrategy[Any], keyword: str, place: Place) -> SearchStrategy[Wrong]:
    return found.map(lambda value: Wrong(value, keyword, place))


def _put_into(around: SearchStrategy[dict[str, Any]], name: str, inner: SearchStrategy[Wrong]) -> SearchStrategy[Wrong]:
    return st.builds(lambda fields, part: replace(part, message=fields | {name: part.message}), around, inner)


@st.composite
def _put_among(draw: st.DrawFn, around: SearchStrategy[list[Any]], place: Place, inner: SearchStrategy[Wrong]) -> Wrong:
    items, part = draw(around), draw(inner)
    index = draw(st.sampled_from(range(len(items) + 1)))
    below = part.place[len(place) + 1 :]
    return replace(part, message=[*items[:index], part.message, *items[index + 1 :]], place=(*place, index, *below))


# How to break one keyword and no other, in one way or several.

_Broken = Iterator[SearchStrategy[Any]]

_OTHERS: Mapping[str, SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "integer": st.sampled_from([0, 1, -1, 16000]),
    "number": st.sampled_from([0.5, -0.25]),
    "string": texts(1, SMALL),
    "array": st.just([]) | st.lists(texts(1, 3), min_size=1, max_size=2),
    "object": st.just({}) | st.fixed_dictionaries({UNKNOWN_NAME: texts(1, 3)}),
}


def _another_type(schema: Schema, place: Place, given: Given) -> _Broken:
    refused = {schema["type"], *(["integer"] if schema["type"] == "number" else [])}
    yield st.one_of([made for type, made in _OTHERS.items() if type not in refused])


def _another_value(allowed: list[Any]) -> SearchStrategy[Any]:
    """Booleans are no numbers in JSON, but Python takes True for 1."""
    known = [(type(value) is bool, value) for value in allowed]
    return st.one_of(texts(1, SMALL), *_OTHERS.values()).filter(lambda value: (type(value) is bool, value) not in known)


def _not_the_constant(schema: Schema, place: Place, given: Given) -> _Broken:
    yield _another_value([schema["const"]])


def _none_of_the_values(schema: Schema, place: Place, given: Given) -> _Broken:
    yield _another_value(schema["enum"])


def _too_short(schema: Schema, place: Place, given: Given) -> _Broken:
    yield texts(0, schema["minLength"] - 1)


def _too_long(schema: Schema, place: Place, given: Given) -> _Broken:
    """Where there is a pattern it decides the length too, so that nothing is wrong by its length alone."""
    if "pattern" not in schema:
        longest: int = schema["maxLength"]
        extra = st.sampled_from(range(1, SMALL))
        yield st.builds(lambda text, more: text * (longest + more), texts(1, 1), extra)


def _of_another_form(schema: Schema, place: Place, given: Given) -> _Broken:
    """Letters that stand in no pattern here."""
    yield texts(1, min(SMALL, schema.get("maxLength", SMALL)))


def _below(schema: Schema, place: Place, given: Given) -> _Broken:
    yield st.sampled_from([0.001, 0.5, 1, 1000]).map(lambda less: schema["minimum"] - less)


def _above(schema: Schema, place: Place, given: Given) -> _Broken:
    yield st.sampled_from([0.001, 0.5, 1, 1000]).map(lambda more: schema["maximum"] + more)


def _too_few(schema: Schema, place: Place, given: Given) -> _Broken:
    items = values(schema["items"], (*place, 0), given)
    yield st.lists(items, max_size=schema["minItems"] - 1)


def _too_many(schema: Schema, place: Place, given: Given) -> _Broken:
    items = values(schema["items"], (*place, 0), given) if "items" in schema else st.none()
    most: int = schema["maxItems"]
    yield st.lists(items, min_size=most + 1, max_size=most + 3)


def _without_a_field(schema: Schema, place: Place, given: Given) -> _Broken:
    for name in schema["required"]:
        yield _without(objects(schema, place, given), [name])


def _without_any(schema: Schema, place: Place, given: Given) -> _Broken:
    names = [name for alternative in schema["anyOf"] for name in alternative["required"]]
    yield _without(objects(schema, place, given), names)


def _with_all(schema: Schema, place: Place, given: Given) -> _Broken:
    names = schema["not"]["required"]
    parts = {name: values(schema["properties"][name], (*place, name), given) for name in names}
    yield st.builds(lambda fields, all: fields | all, objects(schema, place, given), st.fixed_dictionaries(parts))


def _with_an_unknown_field(schema: Schema, place: Place, given: Given) -> _Broken:
    surplus = st.one_of(*_OTHERS.values())
    yield st.builds(lambda fields, more: fields | {UNKNOWN_NAME: more}, objects(schema, place, given), surplus)


def _without(around: SearchStrategy[dict[str, Any]], names: list[str]) -> SearchStrategy[dict[str, Any]]:
    return around.map(lambda fields: {name: value for name, value in fields.items() if name not in names})


_BREAKING: Mapping[str, Callable[[Schema, Place, Given], _Broken]] = {
    "type": _another_type,
    "const": _not_the_constant,
    "enum": _none_of_the_values,
    "pattern": _of_another_form,
    "minLength": _too_short,
    "maxLength": _too_long,
    "minimum": _below,
    "maximum": _above,
    "minItems": _too_few,
    "maxItems": _too_many,
    "required": _without_a_field,
    "anyOf": _without_any,
    "not": _with_all,
    "additionalProperties": _with_an_unknown_field,
}
