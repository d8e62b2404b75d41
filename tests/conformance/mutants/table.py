"""The committed table: which cases see which mutant."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hamsa_conformance.case import Case
from tests.conformance.mutants.mutant import Mutant
from tests.conformance.mutants.trying import cases_for, required

FILE = Path(__file__).with_name("matrix.json")


@dataclass(frozen=True)
class Table:
    """`cases`: the slugs of those that were tried. `seen_by`: by the slug of a mutant, those which see it."""

    cases: tuple[str, ...]
    seen_by: Mapping[str, tuple[str, ...]]

    def stale(self, mutants: Iterable[Mutant], cases: Iterable[Case]) -> list[str]:
        """What it does not know, or knows though it is gone."""
        are = {mutant.slug for mutant in mutants} | {case.slug for case in cases}
        return sorted(are ^ {*self.cases, *self.seen_by})

    def unseen(self, mutants: Iterable[Mutant]) -> list[str]:
        """The mutants that no case sees of those which have to."""
        return [
            mutant.slug
            for mutant in mutants
            if not {case.slug for case in cases_for(mutant)} & set(self.seen_by.get(mutant.slug, ()))
        ]

    def unproved(self, cases: Iterable[Case]) -> list[str]:
        """The required cases that see no mutant."""
        seeing = {slug for slugs in self.seen_by.values() for slug in slugs}
        return sorted(required(cases).keys() - seeing)


def read_table(file: Path = FILE) -> Table:
    """The table. An empty one where there is none yet."""
    if not file.exists():
        return Table((), {})
    content = json.loads(file.read_text(encoding="utf-8"))
    return Table(tuple(content["cases"]), {slug: tuple(seen) for slug, seen in content["mutants"].items()})


def write_table(table: Table, file: Path = FILE) -> None:
    """Write it, with a line for each mutant and each case."""
    cases = ",\n".join(f"  {json.dumps(slug)}" for slug in table.cases)
    mutants = ",\n".join(f"  {json.dumps(slug)}: {json.dumps(seen)}" for slug, seen in sorted(table.seen_by.items()))
    file.write_text(f'{{"cases": [\n{cases}\n],\n"mutants": {{\n{mutants}\n}}}}\n', encoding="utf-8")
