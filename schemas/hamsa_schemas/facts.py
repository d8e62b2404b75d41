"""Texts, codes and endpoints of a provider: data that mock and suites share.

A fact can be replaced for one run, which is how options and deliberately wrong mocks are made.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from hamsa_schemas.data_files import package_data, read
from hamsa_schemas.errors import UnknownFact

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["Basis", "Fact", "FactValue", "Facts", "load_facts"]

Basis: TypeAlias = Literal["documented", "observed", "assumed"]
FactValue: TypeAlias = str | int | float

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_CLOSE_CODES = range(1000, 5000)


@dataclass(frozen=True, slots=True)
class Fact:
    """One text, code, number or endpoint, and how sure it is.

    `statements` are the ids of the statements it comes from, such as API-6. Slug or note tell the unit of a
    number.
    """

    value: FactValue
    basis: Basis
    source: str
    statements: tuple[str, ...] = ()
    note: str | None = None


class Facts(Mapping[str, Fact]):
    """All facts of one provider by slug, such as `text.ack`. Immutable.

    An unknown slug raises UnknownFact, which is a KeyError and a ValueError.
    """

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = MappingProxyType(dict(facts))

    def __getitem__(self, slug: str) -> Fact:
        try:
            return self._facts[slug]
        except KeyError:
            raise UnknownFact("fact", slug, self._facts) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def text(self, slug: str, /, **fill: str) -> str:
        """Return a text with its placeholders filled in: `text("text.unsupported_type", type="speak")`.

        Raises TypeError when the fact is no text, or when `fill` does not give exactly its placeholders.
        """
        template = self[slug].value
        if not isinstance(template, str):
            raise TypeError(f"fact {slug} is the number {template}, not a text")
        names = set(_PLACEHOLDER.findall(template))
        if names != fill.keys():
            raise TypeError(f"fact {slug} has the placeholders {sorted(names)}, but {sorted(fill)} were given")
        return _PLACEHOLDER.sub(lambda match: fill[match[1]], template) if names else template

    def code(self, slug: str, /) -> int:
        """Return a WebSocket close code, 1000 to 4999. Raises TypeError when the fact is something else."""
        value = self[slug].value
        if not isinstance(value, int) or value not in _CLOSE_CODES:
            raise TypeError(f"fact {slug} is {value!r}, not a close code")
        return value

    def number(self, slug: str, /) -> float:
        """Return a number, whole or not, in the unit that slug or note tell. Raises TypeError for a text."""
        value = self[slug].value
        if isinstance(value, str):
            raise TypeError(f"fact {slug} is the text {value!r}, not a number")
        return value

    def replaced(self, changes: Mapping[str, FactValue], /) -> "Facts":
        """Return these facts with other values. A changed fact is `assumed`: nothing but this run says so.

        Raises UnknownFact for an unknown slug, and TypeError where a text would become a number or a number
        a text.
        """
        facts = dict(self._facts)
        for slug, value in changes.items():
            fact = self[slug]
            if isinstance(value, bool) or isinstance(value, str) is not isinstance(fact.value, str):
                raise TypeError(f"fact {slug} is {fact.value!r} and cannot become {value!r}")
            facts[slug] = replace(fact, value=value, basis="assumed", source="Set for this run.", note=None)
        return Facts(facts)


def load_facts(provider: str = "hamsa", root: "Traversable | None" = None) -> Facts:
    """Return the facts of a provider, from `<root>/<provider>/facts.json`.

    `root` is the package's data unless given. Raises FileNotFoundError when the provider has no facts.
    """
    entries = read((root or package_data()) / provider / "facts.json")["facts"]
    return Facts({slug: Fact(**entry | {"statements": tuple(entry["statements"])}) for slug, entry in entries.items()})
