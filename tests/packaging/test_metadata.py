"""What pyproject.toml and constraints.txt promise, and what no tracked file may give away."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from trove_classifiers import classifiers as known_classifiers

from tests.tools.leftout import leave_out
from tools.bootstrap import OLDEST_PYTHON, ROOT, group_requirements, read_pyproject

PYPROJECT = read_pyproject()
PROJECT = PYPROJECT["project"]
SOURCE_ROOTS = ("schemas", "mock_server", "conformance", "load")
# A path of somebody's machine, and the address of a package index. Both are settings of a machine, not ours.
MACHINE_PATH = re.compile(r"(?<![\w.~*<}])/(?:root|home|work|workspace|Users)/\w")
INDEX_ADDRESS = re.compile(
    r"(?:--|_|-)(?:extra-)?index-url|\bregistry\s*=\s*[\"']?https?:|https?://[\w.-]*\b(?:pypi|pythonhosted|npmjs|registry)\b"
)


def pins() -> dict[NormalizedName, Requirement]:
    """The lines of constraints.txt by the name of the package."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def direct_requirements() -> list[str]:
    """Every requirement that pyproject.toml names: base, extras, groups and build backend."""
    groups = PYPROJECT["dependency-groups"]
    return [
        *PROJECT["dependencies"],
        *(text for extra in PROJECT["optional-dependencies"].values() for text in extra),
        *(text for name in groups for text in group_requirements(groups, name)),
        *PYPROJECT["build-system"]["requires"],
    ]


def tracked_files() -> list[Path]:
    """The files of the repository, those included that are about to be added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        leave_out("a git clone", "git clone the repository and run the tests there")
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    """The text of every tracked file that is text, by its path from the top of the repository."""
    found = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[str(path.relative_to(ROOT))] = content.decode()
    return found


def test_constraints_are_sorted_exact_and_unique() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = [re.split("[= ]", line)[0] for line in lines if not line.startswith("#")]
    assert names == sorted(set(names))
    for requirement in pins().values():
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement


@pytest.mark.parametrize("text", [*direct_requirements(), "pip"])
def test_constraints_pin_every_direct_requirement_within_its_range(text: str) -> None:
    requirement = Requirement(text)
    if requirement.name == PROJECT["name"]:
        assert requirement.extras <= PROJECT["optional-dependencies"].keys()
        return
    (pin,) = pins()[canonicalize_name(requirement.name)].specifier
    assert requirement.specifier.contains(pin.version)


def test_environment_holds_only_pinned_versions() -> None:
    if not (Path(sys.prefix) / "hamsa-harness.json").exists():
        leave_out("an environment that make made", "run the tests with `make test`")
    pinned = {name: str(requirement.specifier) for name, requirement in pins().items()}
    for distribution in importlib.metadata.distributions():
        name = canonicalize_name(distribution.name)
        if name != PROJECT["name"]:
            assert pinned.get(name) == f"=={distribution.version}", name


def test_every_dependency_has_a_lower_and_no_upper_bound() -> None:
    """The mock lives in other people's environments, so only constraints.txt pins."""
    for text in PROJECT["dependencies"]:
        operators = [specifier.operator for specifier in Requirement(text).specifier]
        assert operators == [">="], text


def test_extra_all_is_the_sum_of_the_others() -> None:
    (everything,) = PROJECT["optional-dependencies"]["all"]
    assert Requirement(everything).extras == PROJECT["optional-dependencies"].keys() - {"all"}


def test_every_extra_that_a_text_names_exists() -> None:
    pattern = re.compile(rf"{PROJECT['name']}\[([\w, -]+)\]")
    named = {extra.strip() for text in texts().values() for m in pattern.findall(text) for extra in m.split(",")}
    assert named <= PROJECT["optional-dependencies"].keys()


def test_classifiers_are_known_and_agree_with_the_supported_pythons() -> None:
    assert set(PROJECT["classifiers"]) <= known_classifiers
    supported = SpecifierSet(PROJECT["requires-python"])
    versions = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert versions
    assert all(supported.contains(version) for version in versions)


def test_every_tool_agrees_on_the_oldest_python() -> None:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    assert PROJECT["requires-python"] == f">={oldest}"
    assert PYPROJECT["tool"]["pyright"]["pythonVersion"] == oldest
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")


def test_version_is_written_in_one_place() -> None:
    literal = re.compile(rf"__version__\s*=\s*[\"']\d|[\"']{re.escape(PROJECT['version'])}[\"']")
    for source_root in SOURCE_ROOTS:
        for path in (ROOT / source_root).rglob("*.py"):
            assert not literal.search(path.read_text(encoding="utf-8")), path


def test_no_tracked_file_names_a_machine_or_a_package_index() -> None:
    for pattern in (MACHINE_PATH, INDEX_ADDRESS):
        assert {path: m.group() for path, text in texts().items() if (m := pattern.search(text))} == {}


@pytest.mark.parametrize("text", ["see /" + "root/notes", "cd '/" + "home/ali/x'", "file:///" + "work/a"])
def test_pattern_finds_the_path_of_a_machine(text: str) -> None:
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize(
    "text", ["--extra-" + "index-url X", "https://" + "pypi.example/simple", "registry" + " = https://x"]
)
def test_pattern_finds_the_address_of_an_index(text: str) -> None:
    assert INDEX_ADDRESS.search(text)


@pytest.mark.parametrize("text", ["usr/share/work/x", "https://example.org/home/you", "~/work/x", "pip install x"])
def test_patterns_accept_other_texts(text: str) -> None:
    assert not MACHINE_PATH.search(text)
    assert not INDEX_ADDRESS.search(text)
