"""Make the virtual environment in which every make target runs.

`python3 -m tools.bootstrap`, from the top of the repository, makes `.venv` when it is missing or stale, and
does nothing when it is fresh. Everything in it has the version that constraints.txt names. It needs Python's
standard library, and either the venv module with ensurepip or the command `uv`.

Exit codes: 0 the environment is ready; 3 it could not be made, and the last line on standard error says what
to do.

Old Pythons must be able to start this file, or they could not be refused in plain words: its syntax and its
module-level imports stay at Python 3.6.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
COULD_NOT_RUN = 3
# What of pyproject.toml ends up in the environment. A new line length for ruff must not rebuild it.
INSTALLED_TABLES = ("build-system", "project", "dependency-groups")


class CannotBootstrapError(Exception):
    """The environment cannot be made. The message is one line that says what to do about it."""


class Environment(NamedTuple):
    """A virtual environment and what decides its content."""

    folder: Path
    constraints: str  # the text of a constraints file
    requirements: "list[str]"  # arguments of `pip install`, beside pip itself and the build backend

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """JSON, what the environment was made from. Written last, so a half-made environment has none."""
        return self.folder / "hamsa-harness.json"


def check_version(version: "tuple[int, ...]") -> None:
    """Errors: CannotBootstrapError for a Python older than `requires-python`."""
    if version < OLDEST_PYTHON:
        found = ".".join(str(number) for number in version[:3])
        raise CannotBootstrapError(
            f"this is Python {found}, and hamsa-harness needs 3.11 or newer: make test PYTHON=python3.11"
        )


def read_pyproject() -> "dict[str, Any]":
    """The tables of pyproject.toml."""
    import tomllib  # new in Python 3.11

    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def group_requirements(groups: "dict[str, Any]", name: str) -> "list[str]":
    """The requirements of a dependency group and of the groups it includes (PEP 735)."""
    requirements: list[str] = []
    for item in groups[name]:
        nested = isinstance(item, dict)
        requirements += group_requirements(groups, item["include-group"]) if nested else [item]
    return requirements


def development() -> Environment:
    """`.venv`: the project itself, editable, and the tools of its development."""
    return Environment(
        folder=ROOT / ".venv",
        constraints=(ROOT / "constraints.txt").read_text(encoding="utf-8"),
        requirements=[
            *("--editable", ".[conformance]"),
            *group_requirements(read_pyproject()["dependency-groups"], "dev"),
        ],
    )


def origin(environment: Environment) -> "dict[str, str]":
    """What the environment is made from. It is stale as soon as its stamp says otherwise."""
    pyproject = read_pyproject()
    inputs = [
        environment.constraints,
        environment.requirements,
        [pyproject.get(table) for table in INSTALLED_TABLES],
        Path(__file__).read_text(encoding="utf-8"),
    ]
    return {
        "constraints.txt or pyproject.toml": hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest(),
        "the version of Python": str(sys.implementation.cache_tag),
        "the path of the repository": str(ROOT),  # scripts in bin/ begin with it
    }


def stale_because(environment: Environment) -> "str | None":
    """Why the environment has to be made anew; None when it is fresh."""
    if not environment.folder.exists():
        return "it is missing"
    if not environment.python.exists():  # also when it is a link to an interpreter that has gone
        return "its interpreter has gone"
    try:
        stamp = json.loads(environment.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "it is unfinished or was not made by make"
    for name, value in origin(environment).items():
        if stamp.get(name) != value:
            return f"{name} has changed"
    return None


def base_python() -> str:
    """The interpreter behind this one: an active `.venv` is about to be deleted together with its own."""
    return str(getattr(sys, "_base_executable", sys.executable))


def make_empty(environment: Environment) -> "list[str]":
    """Make the environment without packages in it. Returns the command that installs some."""
    if environment.folder.exists():
        shutil.rmtree(environment.folder)
    probe = [base_python(), "-c", "import ensurepip, venv"]
    if subprocess.call(probe, stderr=subprocess.DEVNULL) == 0:
        run([base_python(), "-m", "venv", str(environment.folder)])
        pip = [str(environment.python), "-m", "pip", "--disable-pip-version-check"]
        if sys.version_info < (3, 12):  # where a new venv holds a setuptools of some version
            run([*pip, "uninstall", "--yes", "setuptools"])
        return [*pip, "install"]
    uv = shutil.which("uv")
    if uv:
        run([uv, "venv", "--quiet", "--python", base_python(), str(environment.folder)])
        return [uv, "pip", "install", "--quiet", "--python", str(environment.python)]
    package = "python{}.{}-venv".format(*sys.version_info)
    raise CannotBootstrapError(f"this Python has no venv module: apt install {package}  (or install uv)")


def build(environment: Environment) -> None:
    """Make the environment anew, everything in it at the version that the constraints name."""
    install = make_empty(environment)
    constraints = environment.folder / "constraints.txt"
    constraints.write_text(environment.constraints, encoding="utf-8")
    install += ["--constraint", str(constraints)]
    # An isolated build would choose a version of the backend itself, so ours is installed and used in place.
    run([*install, "--upgrade", "pip", *read_pyproject()["build-system"]["requires"]])
    run([*install, "--no-build-isolation", *environment.requirements])
    environment.stamp.write_text(json.dumps(origin(environment), indent=2), encoding="utf-8")


def run(command: "list[str]") -> None:
    """Run a command at the top of the repository. Its output is of interest only when it fails.

    Errors: CannotBootstrapError when it fails.
    """
    done = subprocess.run(command, cwd=str(ROOT), stdout=subprocess.PIPE)
    if done.returncode != 0:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)
        raise CannotBootstrapError(f"exit code {done.returncode} of the command: {' '.join(command)}")


def ensure(environment: Environment) -> None:
    """Make the environment if it is missing or stale."""
    reason = stale_because(environment)
    if reason is not None:
        print(f"making {environment.folder.name}: {reason}", flush=True)
        build(environment)


def main() -> int:
    try:
        check_version(sys.version_info[:3])
        ensure(development())
    except (CannotBootstrapError, OSError) as error:
        print(error, file=sys.stderr)
        return COULD_NOT_RUN
    return 0


if __name__ == "__main__":
    sys.exit(main())
