"""Run tests with every direct dependency at the lowest version that pyproject.toml allows.

`.venv/bin/python -m tools.lowest TESTS...` makes `.venv-lowest` when it is missing or stale: each of
[project.dependencies] at its `>=` bound, all else as constraints.txt names it. It hands its arguments to
pytest there; without any it only makes the environment. Versions that old have wheels for the oldest
supported Python, 3.11, and seldom for newer ones: with another Python the tests are left out, and one line
says so.

Exit codes: pytest's; 0 when left out, unless HAMSA_REQUIRE_ALL=1 forbids that; 3 could not run.
"""

import os
import subprocess
import sys

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import bootstrap
from tools.bootstrap import COULD_NOT_RUN, OLDEST_PYTHON, ROOT, Environment


def lowest_version(requirement: Requirement) -> str:
    """The version behind `>=`. Errors: ValueError when the requirement has no such bound."""
    for specifier in requirement.specifier:
        if specifier.operator == ">=":
            return specifier.version
    raise ValueError(f"{requirement.name} has no lower bound in pyproject.toml")


def lowest_constraints(dependencies: list[str], constraints: str) -> str:
    """The text of a constraints file that pins `dependencies` to their lowest versions.

    `constraints`: the text of constraints.txt, which goes on deciding all other packages.
    """
    lowest = {canonicalize_name(r.name): lowest_version(r) for r in map(Requirement, dependencies)}
    pins = [line for line in constraints.splitlines() if line and not line.startswith("#")]
    others = [line for line in pins if canonicalize_name(Requirement(line).name) not in lowest]
    return "\n".join(sorted([*(f"{name}=={version}" for name, version in lowest.items()), *others]))


def lowest_environment() -> Environment:
    """`.venv-lowest`: the project itself, editable, and what its tests need."""
    pyproject = bootstrap.read_pyproject()
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return Environment(
        folder=ROOT / ".venv-lowest",
        constraints=lowest_constraints(pyproject["project"]["dependencies"], constraints),
        requirements=[
            *("--editable", "."),
            *bootstrap.group_requirements(pyproject["dependency-groups"], "test"),
        ],
    )


def main(arguments: list[str]) -> int:
    if sys.version_info[:2] != OLDEST_PYTHON:
        print("left out: the tests at the lowest versions of the dependencies: make test PYTHON=python3.11")
        return COULD_NOT_RUN if os.environ.get("HAMSA_REQUIRE_ALL") == "1" else 0
    environment = lowest_environment()
    try:
        bootstrap.ensure(environment)
    except (bootstrap.CannotBootstrapError, OSError) as error:
        print(error, file=sys.stderr)
        return COULD_NOT_RUN
    if not arguments:
        return 0
    return subprocess.call([str(environment.python), "-m", "pytest", *arguments], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
