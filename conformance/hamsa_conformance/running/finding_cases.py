"""Finds the cases and chooses among them: each is a `Case`, or in a tuple of them, in a module of `cases/PROVIDER/`."""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from types import ModuleType

from hamsa_conformance import cases
from hamsa_conformance.case import Case
from hamsa_schemas.errors import nearest

PROVIDERS = ("hamsa",)


class NoSuchCase(ValueError):
    """A choice fits no case. The text has the nearest name."""


def cases_folder(provider: str) -> Path:
    """Where the modules with the cases of a provider are."""
    return Path(next(iter(cases.__path__))) / provider


@cache
def load_cases(provider: str = "hamsa") -> tuple[Case, ...]:
    """All cases of a provider, by module, then as they stand in it. Raises ValueError where two have the same slug."""
    package = importlib.import_module(f"{cases.__name__}.{provider}")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    found = [case for name in names for case in cases_in(importlib.import_module(f"{package.__name__}.{name}"))]
    seen: set[str] = set()
    for case in found:
        if case.slug in seen:
            raise ValueError(f"two cases are called {case.slug}")
        seen.add(case.slug)
    return tuple(found)


def cases_in(module: ModuleType) -> list[Case]:
    """The cases that a module defines, in order."""
    found: list[Case] = []
    for value in vars(module).values():
        members = value if isinstance(value, tuple) else (value,)
        found += [member for member in members if isinstance(member, Case)]
    return found


def select(known: Sequence[Case], only: Iterable[str] = (), exclude: Iterable[str] = ()) -> tuple[Case, ...]:
    """The cases that fit one of `only`, if there are any, and none of `exclude`.

    A choice is a slug, a whole part of one from its begin (`hamsa.auth`), or a pattern with `*`. Raises NoSuchCase for
    one that fits nothing.
    """
    only, exclude = list(only), list(exclude)
    for choice in (*only, *exclude):
        if not any(fits(case.slug, choice) for case in known):
            sections = sorted({case.section for case in known})
            near = nearest(choice, [*sections, *(case.slug for case in known)])
            hint = f"did you mean {near!r}?" if near else f"sections: {', '.join(sections)}."
            raise NoSuchCase(f"no case is called {choice!r}; {hint} --list shows all cases")
    return tuple(
        case
        for case in known
        if (not only or any(fits(case.slug, choice) for choice in only))
        and not any(fits(case.slug, choice) for choice in exclude)
    )


def fits(slug: str, choice: str) -> bool:
    """Whether a choice means a slug."""
    literal = choice.replace("[", "[[]")  # families have brackets in their slugs
    return slug == choice or slug.startswith((f"{choice}.", f"{choice}[")) or fnmatchcase(slug, literal)
