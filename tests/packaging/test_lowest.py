"""The environment with the lowest versions of the direct dependencies."""

import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import bootstrap, lowest

CONSTRAINTS = "# a comment\nclick==8.5.1\nh11==0.16.0\npywin32==312 ; sys_platform == 'win32'\n"


def test_direct_dependencies_are_pinned_to_their_lowest_versions() -> None:
    text = lowest.lowest_constraints(["click>=8.1"], CONSTRAINTS)
    assert text.splitlines() == ["click==8.1", "h11==0.16.0", "pywin32==312 ; sys_platform == 'win32'"]


def test_direct_dependency_is_recognised_however_its_name_is_written() -> None:
    text = lowest.lowest_constraints(["JSONschema_rs[x]>=0.20; python_version > '3'"], "jsonschema-rs==0.60.3\n")
    assert text == "jsonschema-rs==0.20"


def test_dependency_without_a_lower_bound_is_refused() -> None:
    with pytest.raises(ValueError, match="click has no lower bound"):
        lowest.lowest_version("click<9; python_version >= '3.11'")


def test_environment_holds_the_project_with_every_dependency_at_its_bound() -> None:
    environment = lowest.lowest_environment()
    lines = environment.constraints.splitlines()
    dependencies = [Requirement(text) for text in bootstrap.read_pyproject()["project"]["dependencies"]]
    for dependency in dependencies:
        (bound,) = dependency.specifier
        pinned = [line for line in lines if line.startswith(f"{canonicalize_name(dependency.name)}==")]
        assert pinned == [f"{canonicalize_name(dependency.name)}=={bound.version}"]
    assert environment.requirements[:2] == ["--editable", "."]


@pytest.fixture
def newer_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tools run with a Python for which the lowest versions have no wheels."""
    monkeypatch.setattr(sys, "version_info", (3, 12, 1, "final", 0))
    monkeypatch.delenv("HAMSA_REQUIRE_ALL", raising=False)


@pytest.mark.usefixtures("newer_python")
def test_newer_python_leaves_the_tests_out_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert lowest.main([]) == 0
    assert capsys.readouterr().out.startswith("left out: the tests at the lowest versions")


@pytest.mark.usefixtures("newer_python")
def test_newer_python_may_not_leave_them_out_where_all_is_required(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("HAMSA_REQUIRE_ALL", "1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lowest.main([]) == bootstrap.COULD_NOT_RUN
    assert "need python3.11 on the PATH" in capsys.readouterr().err


@pytest.mark.usefixtures("newer_python")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sh")
def test_newer_python_hands_over_to_the_oldest_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The stand-in passes the probe and otherwise writes down what it is asked to run."""
    oldest = tmp_path / "python3.11"
    oldest.write_text(f'#!/bin/sh\n[ "$1" = -c ] || echo "$@" > {tmp_path}/asked\n[ "$1" = -c ] || exit 5\n')
    oldest.chmod(0o755)
    monkeypatch.setenv("HAMSA_REQUIRE_ALL", "1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lowest.main(["tests/kit", "-q"]) == 5
    assert (tmp_path / "asked").read_text() == "-m tools.lowest tests/kit -q\n"


@pytest.mark.usefixtures("newer_python")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sh")
def test_python_that_does_not_run_is_no_oldest_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """pyenv puts a python3.11 on the PATH that only says that there is none."""
    (tmp_path / "python3.11").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.11").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lowest.oldest_python() is None
