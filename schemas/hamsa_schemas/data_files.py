"""Finds and reads the data files of this package, or of any folder laid out like it."""

from typing import TYPE_CHECKING, Any

from hamsa_schemas.errors import BrokenCatalogue
from hamsa_schemas.strict_json import MalformedJson, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

__all__ = ["find", "package_data", "read"]


def package_data() -> "Traversable":
    """Return the folder of the package's own data, which may lie in a zip file."""
    from importlib.resources import files  # 20 ms to import

    return files("hamsa_schemas")


def find(root: "Traversable", suffix: str) -> "Iterator[tuple[str, Traversable]]":
    """Yield path and file of each file below root whose name ends so, sorted by folder.

    Paths are relative to root and have `/` between their parts.
    """
    for entry in sorted(root.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            for path, file in find(entry, suffix):
                yield f"{entry.name}/{path}", file
        elif entry.name.endswith(suffix):
            yield entry.name, entry


def read(file: "Traversable") -> Any:
    """Return the JSON value of a file.

    Raises BrokenCatalogue when it is not JSON, and OSError when it cannot be read.
    """
    try:
        return parse(file.read_bytes())
    except MalformedJson as error:
        raise BrokenCatalogue(f"{file}: {error}") from error
