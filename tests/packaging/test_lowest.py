"""The environment with the lowest versions of the direct dependencies."""

import sys

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
        lowest.lowest_version(Requirement("click<9"))


def test_environment_holds_the_project_with_every_dependency_at_its_bound() -> None:
    environment = lowest.lowest_environment()
    lines = environment.constraints.splitlines()
    dependencies = [Requirement(text) for text in bootstrap.read_pyproject()["project"]["dependencies"]]
    for dependency in dependencies:
        (bound,) = dependency.specifier
        pinned = [line for line in lines if line.startswith(f"{canonicalize_name(dependency.name)}==")]
        assert pinned == [f"{canonicalize_name(dependency.name)}=={bound.version}"]
    assert environment.requirements[:2] == ["--editable", "."]


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", bootstrap.COULD_NOT_RUN)])
def test_newer_python_leaves_the_tests_out_and_says_so(
    required: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAMSA_REQUIRE_ALL", required)
    monkeypatch.setattr(sys, "version_info", (3, 12, 1, "final", 0))
    assert lowest.main([]) == code
    assert capsys.readouterr().out.startswith("left out: the tests at the lowest versions")
