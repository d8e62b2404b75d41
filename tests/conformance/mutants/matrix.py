"""Tries every case that can fail at every mutant and writes the table; `make matrix` calls it.

    python -m tests.conformance.mutants.matrix [--shard K/N] [-n PROCESSES]

What was tried is kept in a folder beside this file until cases, mutants, suite or mock change. So a run that was ended
goes on where it stopped, and several machines that share the folder can make the table, which is written when all is
there.

Exit codes: 0 the table is written, every mutant is seen and every required case sees one; 1 it is written and shows
otherwise, or a case says of the healthy mock that something is wrong; 3 a part is still missing.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path

from hamsa_conformance.verdict import Verdict
from tests.conformance.mutants.catalogue import all_mutants
from tests.conformance.mutants.mutant import HEALTHY
from tests.conformance.mutants.table import FILE, Table, write_table
from tests.conformance.mutants.trying import judging_cases, sees, verdicts

ROOT = Path(__file__).parents[3]
KEPT = Path(__file__).with_name("kept")
SOURCES = ("conformance", "mock_server", "schemas", "tests/conformance/mutants")
Verdicts = Mapping[str, str]
"""By the slugs of the cases."""


def fingerprint() -> str:
    """What tells whether something has changed since."""
    digest = blake2b(digest_size=8)
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".py", ".json") and KEPT not in file.parents and file != FILE:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def try_all(name: str) -> Verdicts:
    """What all cases say of a mutant, or of the healthy mock."""
    by_slug = {mutant.slug: mutant for mutant in (HEALTHY, *all_mutants())}
    return {case.slug: str(verdict) for case, verdict in verdicts(by_slug[name], judging_cases())}


class Keeper:
    """Keeps what was tried, a file for each mutant."""

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder
        self._version = version
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")

    def get(self, name: str) -> Verdicts | None:
        """None: it has to be tried."""
        file = self._file(name)
        if not file.exists():
            return None
        content = json.loads(file.read_text(encoding="utf-8"))
        return content["verdicts"] if content["version"] == self._version else None

    def put(self, name: str, tried: Verdicts) -> None:
        """Written whole or not at all."""
        part = self._file(name).with_suffix(".part")
        part.write_text(json.dumps({"version": self._version, "verdicts": dict(tried)}), encoding="utf-8")
        part.replace(self._file(name))

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def main(arguments: list[str]) -> int:
    """The exit code."""
    options = _options(arguments)
    names = [mutant.slug for mutant in (HEALTHY, *all_mutants())]
    keeper = Keeper(KEPT, fingerprint())
    part, parts = options.shard
    _try_missing([name for name in names[part - 1 :: parts] if keeper.get(name) is None], keeper, options.processes)
    tried = {name: keeper.get(name) for name in names}
    missing = [name for name, found in tried.items() if found is None]
    if missing:
        print(f"{len(missing)} of {len(names)} are still to be tried, in other shards")
        return 3
    return _conclude({name: found for name, found in tried.items() if found is not None})


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try every case at every mutant.")
    parser.add_argument("--shard", type=_shard, default=(1, 1), metavar="K/N", help="only this part of the mutants")
    parser.add_argument("-n", "--processes", type=int, default=os.cpu_count() or 1, help="so many at a time")
    return parser.parse_args(arguments)


def _shard(text: str) -> tuple[int, int]:
    part, separator, parts = text.partition("/")
    if not separator or not part.isdigit() or not parts.isdigit() or not 1 <= int(part) <= int(parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no shard; one looks like 2/4")
    return int(part), int(parts)


def _try_missing(names: list[str], keeper: Keeper, processes: int) -> None:
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    try:
        running = {pool.submit(try_all, name): name for name in names}
        for count, future in enumerate(as_completed(running), 1):
            name = running[future]
            keeper.put(name, future.result())
            print(f"{count}/{len(names)} {name}: {_counted(future.result())}", flush=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _counted(tried: Verdicts) -> str:
    counts = Counter(tried.values())
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])


def _conclude(tried: Mapping[str, Verdicts]) -> int:
    """Write the table and say what it shows."""
    mutants, cases = all_mutants(), judging_cases()
    seen_by = {
        mutant.slug: tuple(slug for slug, verdict in tried[mutant.slug].items() if sees(mutant, Verdict(verdict)))
        for mutant in mutants
    }
    table = Table(tuple(case.slug for case in cases), seen_by)
    write_table(table)
    ill = [slug for slug, verdict in tried[HEALTHY.slug].items() if verdict not in (Verdict.PASS, Verdict.INFO)]
    unseen, unproved = table.unseen(mutants), table.unproved(cases)
    print(f"{len(mutants)} mutants, {len(cases)} cases; of the healthy mock: {_counted(tried[HEALTHY.slug])}")
    _tell("cases that find something wrong with the healthy mock", ill)
    _tell("mutants that no case sees which has to", unseen)
    _tell("required cases that see no mutant", unproved)
    return 1 if ill or unseen or unproved else 0


def _tell(what: str, slugs: Iterable[str]) -> None:
    slugs = list(slugs)
    print(f"{what}: {len(slugs) or 'none'}")
    for slug in slugs:
        print(f"  {slug}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("ended; the same command goes on where this one stopped")
