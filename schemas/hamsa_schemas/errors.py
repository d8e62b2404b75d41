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

__all__ = [
    "BrokenCatalogue",
    "CatalogueError",
    "UnknownBehaviour",
    "UnknownFact",
    "UnknownMessage",
    "UnknownName",
    "UnknownProfile",
    "WrongValue",
    "shown",
    "suggestion",
]

_FEW = 12


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
    from difflib import get_close_matches  # 10 ms to import, needed for errors only

    names = sorted(right)
    near = get_close_matches(name, names, n=1)
    parts = [f"did you mean {near[0]!r}?"] if near else []
    if not near or len(names) <= _FEW:
        parts.append(f"{label}: {', '.join(names)}")
    return " ".join(parts)


def shown(value: object) -> str:
    """Return the repr of a value that somebody gave, cut to at most 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
