"""What the mock can be told to do where sources are silent or disagree.

A behaviour is a `Choice` between named options or a `Quantity` within bounds. A profile is a named set of
deviations from the defaults. `load_behaviours` resolves a profile and single changes to one `Behaviours`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from hamsa_schemas.data_files import find, package_data, read
from hamsa_schemas.errors import UnknownBehaviour, UnknownProfile, WrongValue, shown, suggestion
from hamsa_schemas.facts import Basis

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "BehaviourEntry",
    "BehaviourValue",
    "Behaviours",
    "Choice",
    "Profile",
    "Quantity",
    "load_behaviours",
    "load_profiles",
]

BehaviourValue: TypeAlias = str | float


@dataclass(frozen=True, kw_only=True)
class _Behaviour:
    slug: str
    summary: str
    statements: tuple[str, ...]
    basis: Basis
    source: str

    @property
    def certainty(self) -> str:
        """How sure it is, in a word: the basis, and of what was observed the date."""
        date = re.search(r"20\d\d-\d\d(-\d\d)?", self.source) if self.basis == "observed" else None
        return f"{self.basis} {date[0]}" if date else self.basis


@dataclass(frozen=True, kw_only=True)
class Choice(_Behaviour):
    """A behaviour with named options. `options` maps the name of each to its meaning."""

    options: Mapping[str, str]
    default: str

    def switch(self, present: BehaviourValue) -> str:
        """The flag that chooses otherwise."""
        return f"--set {self.slug}={'|'.join(option for option in self.options if option != present)}"

    def accept(self, value: BehaviourValue) -> str:
        """Return the value when it is one of the options. Raises WrongValue."""
        if isinstance(value, str) and value in self.options:
            return value
        raise WrongValue(f"{self.slug} cannot be {shown(value)}; {suggestion(str(value), self.options, 'allowed')}")


@dataclass(frozen=True, kw_only=True)
class Quantity(_Behaviour):
    """A behaviour that is a number of `unit`, from `minimum` to `maximum`, both included. `whole`: it is a count."""

    unit: str
    minimum: float
    maximum: float
    default: float
    whole: bool = False

    @property
    def allowed(self) -> str:
        """What may be chosen, in words."""
        bounds = f"{self.minimum:.12g} to {self.maximum:.12g} {self.unit}"
        return f"{bounds}, whole numbers" if self.whole else bounds

    def switch(self, present: BehaviourValue) -> str:
        """The flag that chooses another number than the present one."""
        return f"--set {self.slug}={self.unit.upper()} (now {present:.12g})"

    def accept(self, value: BehaviourValue) -> float:
        """Return the value as a float. Text that spells a number is taken: command lines give text.

        Raises WrongValue.
        """
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise self._refusal(value) from None
        if isinstance(value, bool) or not self.minimum <= number <= self.maximum:
            raise self._refusal(value)
        if self.whole and not number.is_integer():
            raise self._refusal(value)
        return number

    def _refusal(self, value: BehaviourValue) -> WrongValue:
        return WrongValue(f"{self.slug} cannot be {shown(value)}; allowed: {self.allowed}")


BehaviourEntry: TypeAlias = Choice | Quantity


@dataclass(frozen=True)
class Profile:
    """A named set of deviations from the defaults."""

    name: str
    description: str
    values: Mapping[str, BehaviourValue]


class Behaviours(Mapping[str, BehaviourValue]):
    """The value of every behaviour by slug, such as `hamsa.auth.failure`. Immutable.

    An unknown slug raises UnknownBehaviour, which is a KeyError and a ValueError.
    """

    __slots__ = ("_entries", "_profile", "_values")

    def __init__(
        self, profile: str, entries: Mapping[str, BehaviourEntry], changes: Mapping[str, BehaviourValue]
    ) -> None:
        """Take every default but for `changes`. Raises UnknownBehaviour and WrongValue."""
        self._profile = profile
        self._entries = MappingProxyType(dict(entries))
        values: dict[str, BehaviourValue] = {slug: entry.accept(entry.default) for slug, entry in entries.items()}
        for slug, value in changes.items():
            values[slug] = self.entry(slug).accept(value)
        self._values = MappingProxyType(values)

    @property
    def profile(self) -> str:
        """The name of the profile that was resolved."""
        return self._profile

    def __getitem__(self, slug: str) -> BehaviourValue:
        return self._values[self.entry(slug).slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def entry(self, slug: str) -> BehaviourEntry:
        """Return what the catalogue says of a behaviour: summary, basis, source, what is allowed."""
        try:
            return self._entries[slug]
        except KeyError:
            raise UnknownBehaviour("behaviour", slug, self._entries) from None

    def choice(self, slug: str) -> str:
        """Return the chosen option. Raises TypeError when the behaviour is a number."""
        value = self[slug]
        if not isinstance(value, str):
            raise TypeError(f"{slug} is a number, not a choice")
        return value

    def number(self, slug: str) -> float:
        """Return the number in the unit of the behaviour. Raises TypeError when the behaviour is a choice."""
        value = self[slug]
        if isinstance(value, str):
            raise TypeError(f"{slug} is a choice, not a number")
        return value


def load_behaviours(
    profile: str = "documented",
    changes: Mapping[str, BehaviourValue] = MappingProxyType({}),
    root: "Traversable | None" = None,
) -> Behaviours:
    """Return the behaviours of all providers as a profile sets them, with single changes on top.

    `root` is the package's data unless given. Raises UnknownProfile, UnknownBehaviour or WrongValue, which
    all are CatalogueError.
    """
    profiles = load_profiles(root)
    if profile not in profiles:
        raise UnknownProfile("profile", profile, profiles)
    return Behaviours(profile, _load_entries(root), {**profiles[profile].values, **changes})


def load_profiles(root: "Traversable | None" = None) -> dict[str, Profile]:
    """Return all profiles by name, sorted. Files of one name below several providers make one profile."""
    profiles: dict[str, Profile] = {}
    for path, file in find(root or package_data(), ".json"):
        match path.split("/"):
            case [_, "profiles", file_name]:
                name = file_name.removesuffix(".json")
                content = read(file)
                earlier = profiles.get(name)
                profiles[name] = Profile(
                    name,
                    earlier.description if earlier else content["description"],
                    {**(earlier.values if earlier else {}), **content["behaviours"]},
                )
    return dict(sorted(profiles.items()))


def _load_entries(root: "Traversable | None") -> dict[str, BehaviourEntry]:
    entries: dict[str, BehaviourEntry] = {}
    for path, file in find(root or package_data(), "behaviours.json"):
        match path.split("/"):
            case [_, "behaviours.json"]:
                for slug, entry in read(file)["behaviours"].items():
                    entries[slug] = _entry(slug, entry)
    return entries


def _entry(slug: str, entry: dict[str, Any]) -> BehaviourEntry:
    fields: dict[str, Any] = {**entry, "slug": slug, "statements": tuple(entry["statements"])}
    return Choice(**fields) if "options" in entry else Quantity(**fields)
