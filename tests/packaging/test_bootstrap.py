"""How make finds, makes and renews the virtual environment. Nothing here needs a network."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap
from tools.bootstrap import COULD_NOT_RUN, ROOT, CannotBootstrapError, Environment

# Runs the script as make does, on a Python that says it is another version.
AS_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 10, 13, "final", 0)
runpy.run_module("tools.bootstrap", run_name="__main__")
"""


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A fresh environment: an interpreter and a stamp, but no packages."""
    made = Environment(tmp_path / ".venv", constraints="click==8.1", requirements=["click"])
    made.python.parent.mkdir(parents=True)
    made.python.symlink_to(sys.executable)
    made.stamp.write_text(json.dumps(bootstrap.origin(made)), encoding="utf-8")
    return made


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what make needs of the repository, at a path with a space in it."""
    folder = tmp_path / "a clone"
    shutil.copytree(ROOT / "tools", folder / "tools")
    for name in ("Makefile", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def without_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of a Python without ensurepip and a machine without uv. Returns a folder for commands."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "ensurepip.py").write_text("raise ImportError('not packaged here')", encoding="utf-8")
    commands = tmp_path / "commands"
    commands.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(broken))
    monkeypatch.setenv("PATH", str(commands))
    return commands


def run_bootstrap(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a copy of the repository, as make does."""
    command = [sys.executable, *(arguments or ("-m", "tools.bootstrap"))]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def write_command(path: Path, script: str) -> None:
    """An executable shell script."""
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_environment_with_its_stamp_is_fresh(environment: Environment) -> None:
    assert bootstrap.stale_because(environment) is None


def test_missing_environment_is_stale(environment: Environment) -> None:
    shutil.rmtree(environment.folder)
    assert bootstrap.stale_because(environment) == "it is missing"


def test_environment_whose_interpreter_was_removed_is_stale(environment: Environment) -> None:
    environment.python.unlink()
    environment.python.symlink_to(environment.folder / "gone")
    assert bootstrap.stale_because(environment) == "its interpreter has gone"


@pytest.mark.parametrize("stamp", [None, "", "not JSON"])
def test_environment_without_a_readable_stamp_is_stale(environment: Environment, stamp: str | None) -> None:
    environment.stamp.unlink()
    if stamp is not None:
        environment.stamp.write_text(stamp, encoding="utf-8")
    assert bootstrap.stale_because(environment) == "it is unfinished or was not made by make"


@pytest.mark.parametrize("change", [{"constraints": "click==8.2"}, {"requirements": ["click", "mypy"]}])
def test_environment_made_from_other_inputs_is_stale(environment: Environment, change: dict[str, str]) -> None:
    reason = bootstrap.stale_because(environment._replace(**change))  # type: ignore[arg-type]
    assert reason == "constraints.txt or pyproject.toml has changed"


def test_environment_of_another_python_is_stale(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    assert bootstrap.stale_because(environment) == "the version of Python has changed"


def test_environment_of_a_repository_that_was_moved_is_stale(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, copy: Path
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", copy)
    assert bootstrap.stale_because(environment) == "the path of the repository has changed"


def test_environment_depends_on_the_dependencies_but_not_on_the_settings_of_tools(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, copy: Path
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", copy)
    before = bootstrap.origin(environment)
    pyproject = copy / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(text.replace("line-length = 1", "line-length = 2"), encoding="utf-8")
    assert text != pyproject.read_text(encoding="utf-8")
    assert bootstrap.origin(environment) == before
    pyproject.write_text(text.replace('"click>=8', '"click>=9'), encoding="utf-8")
    assert bootstrap.origin(environment) != before


def test_fresh_environment_is_left_alone(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "run", pytest.fail)
    bootstrap.ensure(environment)


def test_requirements_of_a_group_follow_the_groups_it_includes() -> None:
    groups = {"test": ["pytest"], "dev": [{"include-group": "test"}, "ruff"]}
    assert bootstrap.group_requirements(groups, "dev") == ["pytest", "ruff"]


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 99)])
def test_python_older_than_the_oldest_is_refused(version: tuple[int, int, int]) -> None:
    with pytest.raises(CannotBootstrapError, match=r"this is Python 3\..* needs 3\.11"):
        bootstrap.check_version(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 20, 1)])
def test_python_from_the_oldest_on_is_accepted(version: tuple[int, int, int]) -> None:
    bootstrap.check_version(version)


def test_script_says_in_one_line_that_python_is_too_old(copy: Path) -> None:
    run = run_bootstrap(copy, "-c", AS_OLD_PYTHON)
    assert run.returncode == COULD_NOT_RUN
    assert run.stdout == ""
    assert run.stderr == (
        "this is Python 3.10.13, and hamsa-harness needs 3.11 or newer: make test PYTHON=python3.11\n"
    )


def test_script_can_be_read_by_old_pythons() -> None:
    """Or they could not be told that they are too old."""
    source = (ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    assert "from __future__ import annotations" not in source  # Python 3.6 has no such feature
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            annotations = [node.returns, *(argument.annotation for argument in node.args.args)]
            # Whatever is more than a name is evaluated, and fails there, unless it is a string.
            assert not [a for a in annotations if isinstance(a, ast.BinOp | ast.Subscript)], node.name


@pytest.mark.usefixtures("without_venv")
def test_script_names_the_package_that_installs_the_venv_module(copy: Path) -> None:
    run = run_bootstrap(copy)
    assert run.returncode == COULD_NOT_RUN
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert run.stderr.splitlines() == [f"this Python has no venv module: apt install {package}  (or install uv)"]


def test_script_uses_uv_where_there_is_no_venv_module(copy: Path, without_venv: Path, tmp_path: Path) -> None:
    write_command(without_venv / "uv", f'echo "$*" >> "{tmp_path}/calls"; /bin/mkdir -p .venv/bin')
    run = run_bootstrap(copy)
    assert run.returncode == 0, run.stderr
    made, backend, everything = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert made.startswith("venv --quiet --python ")
    assert f"--constraint {copy}/.venv/constraints.txt" in backend
    assert backend.endswith("pip hatchling")
    assert "--no-build-isolation --editable .[conformance]" in everything
    assert (copy / ".venv" / "constraints.txt").read_bytes() == (ROOT / "constraints.txt").read_bytes()


def test_script_leaves_no_stamp_when_an_install_fails(copy: Path, without_venv: Path) -> None:
    write_command(without_venv / "uv", 'test "$1" = venv && /bin/mkdir -p .venv/bin && exit 0\nexit 9')
    run = run_bootstrap(copy)
    assert run.returncode == COULD_NOT_RUN
    assert run.stderr.splitlines()[-1].startswith("exit code 9 of the command: ")
    assert not (copy / ".venv" / "hamsa-harness.json").exists()


def test_script_replaces_a_stale_environment(copy: Path, without_venv: Path) -> None:
    write_command(without_venv / "uv", "/bin/mkdir -p .venv/bin")
    leftover = copy / ".venv" / "leftover"
    leftover.mkdir(parents=True)
    assert "making .venv: its interpreter has gone" in run_bootstrap(copy).stdout
    assert not leftover.exists()


def test_make_passes_on_why_the_environment_cannot_be_made(copy: Path, tmp_path: Path) -> None:
    """make itself ends with 2 whatever the exit code of a command is."""
    old_python = tmp_path / "old_python"
    write_command(old_python, f"exec '{sys.executable}' -c '{AS_OLD_PYTHON}'")
    run = subprocess.run(
        ["make", "check", f"PYTHON='{old_python}'"],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "this is Python 3.10.13, and hamsa-harness needs 3.11 or newer" in run.stderr
    assert f"Error {COULD_NOT_RUN}" in run.stderr


def test_make_clean_removes_what_make_made_and_nothing_else(copy: Path) -> None:
    kept = {path.relative_to(copy) for path in copy.rglob("*") if "__pycache__" not in path.parts}
    for made in (".venv/bin", ".venv-lowest", "dist", "demo-output", "tools/__pycache__", ".mypy_cache"):
        (copy / made).mkdir(parents=True, exist_ok=True)
    for folder in ("conformance", "examples", "load", "mock_server", "schemas", "tests"):
        (copy / folder).mkdir()
        kept.add(Path(folder))
    (copy / "notes.txt").touch()
    subprocess.run(["make", "clean"], cwd=copy, check=True, capture_output=True)
    assert {path.relative_to(copy) for path in copy.rglob("*")} == {*kept, Path("notes.txt")}
