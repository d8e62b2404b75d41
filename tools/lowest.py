"""Run tests with every direct dependency at the lowest version that pyproject.toml allows.

`.venv/bin/python -m tools.lowest TESTS...` makes `.venv-lowest` when it is missing or stale: each of
[project.dependencies] at its `>=` bound, all else as constraints.txt names it. It hands its arguments to
pytest there; without any it only makes the environment. Versions that old have wheels for the oldest
supported Python, 3.11, and seldom for newer ones: with another Python the tests are left out, and one line
says so. Where HAMSA_REQUIRE_ALL=1 forbids that, they are run with the `python3.11` on the PATH. That one has no
packages of ours, so this file needs the standard library only.

Exit codes: pytest's; 0 when left out; 3 could not run.
"""

import os
import re
import shutil
import subprocess
import sys

from tools import bootstrap
from tools.bootstrap import COULD_NOT_RUN, OLDEST_PYTHON, ROOT, Environment

NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
LOWER_BOUND = re.compile(r"[^;]*?>=\s*([^\s,;]+)")


def canonical_name(requirement: str) -> str:
    """The name at the begin of a requirement, however it is written there (PEP 503)."""
    name = NAME.match(requirement)
    if name is None:
        raise ValueError(f"no requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", name[1]).lower()


def lowest_version(requirement: str) -> str:
    """The version behind `>=`. Errors: ValueError when the requirement has no such bound."""
    bound = LOWER_BOUND.match(requirement)
    if bound is None:
        raise ValueError(f"{canonical_name(requirement)} has no lower bound in pyproject.toml")
    return bound[1]


def lowest_constraints(dependencies: list[str], constraints: str) -> str:
    """The text of a constraints file that pins `dependencies` to their lowest versions.

    `constraints`: the text of constraints.txt, which goes on deciding all other packages.
    """
    lowest = {canonical_name(dependency): lowest_version(dependency) for dependency in dependencies}
    pins = [line for line in constraints.splitlines() if line and not line.startswith("#")]
    others = [line for line in pins if canonical_name(line) not in lowest]
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


def oldest_python() -> str | None:
    """The `python3.11` on the PATH, if there is one that runs."""
    name = "python{}.{}".format(*OLDEST_PYTHON)
    found = shutil.which(name)
    if found is None:
        return None
    probe = f"import sys; sys.exit(sys.version_info[:2] != {OLDEST_PYTHON})"
    return found if subprocess.call([found, "-c", probe], stderr=subprocess.DEVNULL) == 0 else None


def main(arguments: list[str]) -> int:
    if sys.version_info[:2] != OLDEST_PYTHON:
        if os.environ.get("HAMSA_REQUIRE_ALL") != "1":
            print("left out: the tests at the lowest versions of the dependencies: make test PYTHON=python3.11")
            return 0
        python = oldest_python()
        if python is None:
            print("the tests at the lowest versions of the dependencies need python3.11 on the PATH", file=sys.stderr)
            return COULD_NOT_RUN
        return subprocess.call([python, "-m", "tools.lowest", *arguments], cwd=ROOT)
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
