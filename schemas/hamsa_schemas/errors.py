"""What goes wrong when somebody asks for a name or a value that does not exist.

    CatalogueError (ValueError)
    ├── UnknownName (also KeyError)
    │   ├── UnknownFact
    │   ├── UnknownBehaviour
    │   ├── UnknownProfile
    │   └── UnknownMessage
    ├── WrongValue
    └── BrokenCatalogue

The messages are for people: they name what was asked for, the nearest right name, and what is allowed.
"""

from collections.abc import Iterable
from functools import lru_cache

__all__ = [
    "BrokenCatalogue",
    "CatalogueError",
    "UnknownBehaviour",
    "UnknownFact",
    "UnknownMessage",
    "UnknownName",
    "UnknownProfile",
    "WrongValue",
    "nearest",
    "shown",
    "suggestion",
]

_FEW = 12
_LONGEST = 100


class CatalogueError(ValueError):
    """Base of all errors of the schemas, facts, behaviours and profiles."""


class UnknownName(CatalogueError, KeyError):
    """A name that is not in the catalogue. It is a KeyError, so that mappings keep their contract."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"no {what} {shown(name)}; {suggestion(name, known)}")

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError alone would show the repr


class UnknownFact(UnknownName):
    """No fact has this slug."""


class UnknownBehaviour(UnknownName):
    """No behaviour has this slug."""


class UnknownProfile(UnknownName):
    """No profile has this name."""


class UnknownMessage(UnknownName):
    """No schema describes this message."""


class WrongValue(CatalogueError):
    """A value that a behaviour does not allow."""


class BrokenCatalogue(CatalogueError):
    """A data file that cannot be used: a mistake of whoever wrote the file."""


def suggestion(name: str, right: Iterable[str], label: str = "known") -> str:
    """Return the nearest right name and all of them, such as `did you mean 'a'? known: a, b`.

    When none is near, only all of them; when there are many, only the nearest.
    """
    names = sorted(right)
    near = nearest(name, names)
    parts = [] if near is None else [f"did you mean {near!r}?"]
    if near is None or len(names) <= _FEW:
        parts.append(f"{label}: {', '.join(names)}")
    return " ".join(parts)


def nearest(name: str, right: Iterable[str]) -> str | None:
    """Return the right name that is most like a wrong one, whatever its case; None where none is near."""
    return _nearest(name, tuple(right)) if len(name) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _nearest(name: str, right: tuple[str, ...]) -> str | None:
    """Kept, because clients that write a wrong name do so again and again."""
    from difflib import get_close_matches  # 10 ms to import, needed for errors only

    names = {right_name.casefold(): right_name for right_name in right}
    near = get_close_matches(name.casefold(), names, n=1)
    return names[near[0]] if near else None


def shown(value: object) -> str:
    """Return the repr of a value that somebody gave, cut to at most 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
