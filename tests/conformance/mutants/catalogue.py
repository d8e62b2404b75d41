"""All mutants, from the files in `entries`."""

from functools import cache
from importlib import import_module
from pathlib import Path

from tests.conformance.mutants.mutant import Mutant

ENTRIES = Path(__file__).with_name("entries")


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """In the order of the files' names, and of the entries in each. Raises ValueError for a slug that is not the name
    of its file, a dot and a name, or that comes twice."""
    found: dict[str, Mutant] = {}
    for file in sorted(ENTRIES.glob("*.py")):
        for entry in import_module(f"tests.conformance.mutants.entries.{file.stem}").MUTANTS:
            if entry.slug in found or not entry.slug.startswith(f"{file.stem}."):
                raise ValueError(f"{entry.slug} in {file.name}: its slug is taken, or does not begin with {file.stem}.")
            found[entry.slug] = entry
    return tuple(found.values())
