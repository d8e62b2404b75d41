"""The coverage gate: every module of the pure core has full branch coverage from its own tests alone.

The tests of `core/clock.py` are the file `test_clock.py` in the folder of the tests of `core`; where one file would be
too long, the files in the folder `clock` there.

`python -m tests.tools.core_coverage [MODULE...]`, from the top of the repository, checks these modules, by
default all of the core, one pytest process for each, as many at a time as there are processors.

Exit codes: 0 all are covered, 1 some are not and each is named with the lines and branches that are missing.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
# The packages of the core, and where their tests are.
CORE = {
    "schemas/hamsa_schemas": "tests/schemas",
    "schemas/hamsa_kit": "tests/kit",
    "mock_server/hamsa_mock/core": "tests/mock_server/core",
    "mock_server/hamsa_mock/stages": "tests/mock_server/stages",
    "mock_server/hamsa_mock/providers": "tests/mock_server/providers",
    "mock_server/hamsa_mock/audio": "tests/mock_server/audio",
    "mock_server/hamsa_mock/faults": "tests/mock_server/faults",
}
# What an `__init__.py` may hold and still need no test: a docstring, imports, constants.
DECLARATIONS = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


def tests_of(module: Path, root: Path) -> Path:
    """The file, or the folder if there is one, with the tests of a module; both paths are relative to `root`.

    Errors: ValueError for a module outside the core.
    """
    for package, tests in CORE.items():
        if module.is_relative_to(package):
            place, name = Path(tests) / module.relative_to(package).parent, module.stem.strip("_")
            return place / name if (root / place / name).is_dir() else place / f"test_{name}.py"
    raise ValueError(f"{module} is not in the pure core")


def needs_tests(file: Path) -> bool:
    """Whether a module must have a test file: all but an `__init__.py` that defines and decides nothing."""
    if file.name != "__init__.py":
        return True
    statements = ast.parse(file.read_text(encoding="utf-8")).body
    return not all(isinstance(statement, DECLARATIONS) for statement in statements)


def core_modules(root: Path = ROOT) -> list[Path]:
    """The modules that need a test file, relative to `root`.

    Errors: FileNotFoundError for a missing package, whose modules would escape the gate.
    """
    for package in CORE:
        if not (root / package).is_dir():
            raise FileNotFoundError(f"{package} is part of the pure core, and is missing")
    files = sorted(file for package in CORE for file in (root / package).rglob("*.py"))
    return [file.relative_to(root) for file in files if needs_tests(file)]


def problem_of(module: Path, root: Path = ROOT) -> str | None:
    """What keeps a module from passing the gate, in one or more lines; None when it passes."""
    own = tests_of(module, root)
    if not (root / own).exists():
        return f"its test file {own} is missing"
    with TemporaryDirectory() as folder:
        data = f"--data-file={folder}/data"
        tests = pytest_under_coverage(own, f"--include={module}", data)
        run = subprocess.run(tests, cwd=root, capture_output=True, text=True, encoding="utf-8")
        if run.returncode != 0:
            return f"{own} does not pass:\n{run.stdout}{run.stderr}"
        report = [sys.executable, "-m", "coverage", "json", "--quiet", data, "-o", "-"]
        run = subprocess.run(report, cwd=root, capture_output=True, text=True, encoding="utf-8")
        if run.returncode != 0:
            return f"{own} never runs it: {run.stdout.strip()}"
    file = json.loads(run.stdout)["files"][str(module)]
    return uncovered(file["missing_lines"], file["missing_branches"])


def pytest_under_coverage(tests: Path, *options: str) -> list[str]:
    """The command that runs the tests of one module alone, in the order in which it is written."""
    plain = ["-q", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"]
    coverage = [sys.executable, "-m", "coverage", "run", "--branch", *options]
    return [*coverage, "-m", "pytest", *plain, str(tests)]


def uncovered(lines: list[int], branches: list[tuple[int, int]]) -> str | None:
    """Name the lines, and the branches as (line, line it jumps to, negative for the end of a function).

    None when there are neither.
    """
    missing = [f"line {line}" for line in lines]
    missing += [f"branch {line}->{target if target > 0 else 'exit'}" for line, target in branches]
    return f"not covered: {', '.join(missing)}" if missing else None


def main(arguments: Sequence[str]) -> int:
    modules = [Path(argument) for argument in arguments] or core_modules()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = dict(zip(modules, pool.map(problem_of, modules), strict=True))
    failed = {module: problem for module, problem in problems.items() if problem is not None}
    for module, problem in failed.items():
        print(f"{module}: {problem}")
    covered = len(modules) - len(failed)
    print(f"core coverage: {covered} of {len(modules)} modules fully covered by their own tests")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
