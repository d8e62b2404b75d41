"""Parameters of faults: the fields of their dataclasses, with bounds and meanings, and the judging of values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any, TypeAlias, get_type_hints

from hamsa_mock.faults.errors import WrongFault
from hamsa_schemas.errors import shown, suggestion

Value: TypeAlias = str | int | float | bool

MAX_TEXT = 2000
"""Characters of a parameter that is text."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be given. `choices`: the only values; else `minimum` and `maximum`, both included, of a number."""

    name: str
    type: type
    default: Value
    meaning: str
    minimum: float | None
    maximum: float | None
    choices: tuple[Value, ...]

    def accept(self, kind: str, value: object) -> Value:
        """The value, as its type. Raises WrongFault."""
        if self.type is float and type(value) is int:
            value = float(value)
        if type(value) is not self.type or not self._allows(value):
            raise WrongFault(f"{kind}: {self.name} cannot be {shown(value)}; allowed: {self.allowed}")
        assert isinstance(value, str | int | float | bool)
        return value

    def _allows(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices
        if isinstance(value, str):
            return len(value) <= MAX_TEXT
        if self.minimum is None or self.maximum is None:
            return True
        return isfinite(value) and self.minimum <= value <= self.maximum

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.choices:
            return ", ".join(map(text_of, self.choices))
        if self.minimum is None or self.maximum is None:
            return "true or false" if self.type is bool else "text"
        return f"{self.minimum:.12g} to {self.maximum:.12g}"


def parameter(default: Value, meaning: str, minimum: float | None = None, maximum: float | None = None) -> Any:
    """A field that is a parameter: a number within bounds, text, or true or false."""
    return field(default=default, metadata={"meaning": meaning, "minimum": minimum, "maximum": maximum, "choices": ()})


def choice(default: Value, meaning: str, *choices: Value) -> Any:
    """A field that is a parameter with these values and no others."""
    return field(default=default, metadata={"meaning": meaning, "minimum": None, "maximum": None, "choices": choices})


def parameters_of(kind: type) -> dict[str, Parameter]:
    """The parameters of a kind by name, in the order in which their values may be given without names."""
    types = get_type_hints(kind)
    known: dict[str, Parameter] = {}
    for entry in fields(kind):
        default: Any = entry.default
        known[entry.name] = Parameter(name=entry.name, type=types[entry.name], default=default, **entry.metadata)
    return known


def accepted(kind: str, known: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, Value]:
    """The values that were given, judged. Raises WrongFault, with the nearest right name for a wrong one."""
    for name in given:
        if name not in known:
            has = suggestion(name, known) if known else "it has none"
            raise WrongFault(f"{kind} has no parameter {shown(name)}; {has}")
    return {name: known[name].accept(kind, value) for name, value in given.items()}


def text_of(value: Value) -> str:
    """A value as the text form of faults has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
