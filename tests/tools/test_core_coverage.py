"""The coverage gate finds the modules of the core, their tests, and what these do not cover."""

from pathlib import Path

import pytest

from tests.tools import core_coverage
from tools.bootstrap import ROOT

MODULE = """
def sign(number: int) -> int:
    if number < 0:
        return -1
    return 1
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the packages of the core, and one module in it."""
    for package in core_coverage.CORE:
        (tmp_path / package).mkdir(parents=True)
        (tmp_path / package / "__init__.py").write_text('"""A package."""\n', encoding="utf-8")
    (tmp_path / "tests" / "kit").mkdir(parents=True)
    (tmp_path / "schemas" / "hamsa_kit" / "sign.py").write_text(MODULE, encoding="utf-8")
    settings = '[tool.pytest.ini_options]\npythonpath = ["schemas"]\naddopts = ["--import-mode=importlib"]\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    return tmp_path


def problem(repository: Path, *lines: str) -> str | None:
    """What the gate says of the module when its test file consists of these lines."""
    (repository / "tests" / "kit" / "test_sign.py").write_text("\n".join(lines), encoding="utf-8")
    return core_coverage.problem_of(Path("schemas/hamsa_kit/sign.py"), repository)


@pytest.mark.parametrize(
    ("module", "tests"),
    [
        ("schemas/hamsa_kit/proof.py", "tests/kit/test_proof.py"),
        ("schemas/hamsa_schemas/facts.py", "tests/schemas/test_facts.py"),
        ("mock_server/hamsa_mock/core/clock.py", "tests/mock_server/core/test_clock.py"),
        ("mock_server/hamsa_mock/providers/hamsa/states.py", "tests/mock_server/providers/hamsa/test_states.py"),
        ("mock_server/hamsa_mock/providers/hamsa/session.py", "tests/mock_server/providers/hamsa/session"),
        ("mock_server/hamsa_mock/providers/__init__.py", "tests/mock_server/providers/test_init.py"),
    ],
)
def test_tests_mirror_the_module(module: str, tests: str) -> None:
    assert core_coverage.tests_of(Path(module), ROOT) == Path(tests)


def test_module_outside_the_core_has_no_test_file_in_the_gate() -> None:
    with pytest.raises(ValueError, match="is not in the pure core"):
        core_coverage.tests_of(Path("mock_server/hamsa_mock/shell/http.py"), ROOT)


def test_packages_of_the_core_exist() -> None:
    assert all((ROOT / package / "__init__.py").exists() for package in core_coverage.CORE)


def test_package_that_is_missing_does_not_escape_the_gate(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="hamsa_schemas is part of the pure core"):
        core_coverage.core_modules(tmp_path)


def test_init_needs_tests_only_when_it_does_something(repository: Path) -> None:
    assert core_coverage.core_modules(repository) == [Path("schemas/hamsa_kit/sign.py")]
    init = repository / "schemas" / "hamsa_kit" / "__init__.py"
    init.write_text("from hamsa_kit.sign import sign\n__all__ = ['sign']\n", encoding="utf-8")
    assert core_coverage.core_modules(repository) == [Path("schemas/hamsa_kit/sign.py")]
    init.write_text("def f() -> int:\n    return 1\n", encoding="utf-8")
    assert init.relative_to(repository) in core_coverage.core_modules(repository)


@pytest.mark.slow
def test_gate_passes_a_module_whose_tests_take_every_branch(repository: Path) -> None:
    lines = ["from hamsa_kit.sign import sign", "def test_sign():", "    assert (sign(-2), sign(2)) == (-1, 1)"]
    assert problem(repository, *lines) is None


@pytest.mark.slow
def test_gate_runs_all_files_of_a_folder(repository: Path) -> None:
    folder = repository / "tests" / "kit" / "sign"
    folder.mkdir()
    for name, number in (("negative", -2), ("positive", 2)):
        lines = ["from hamsa_kit.sign import sign", "def test_sign():", f"    assert sign({number}) == {number} / 2"]
        (folder / f"test_{name}.py").write_text("\n".join(lines), encoding="utf-8")
    assert core_coverage.problem_of(Path("schemas/hamsa_kit/sign.py"), repository) is None


@pytest.mark.slow
def test_gate_names_the_lines_and_branches_that_no_test_takes(repository: Path) -> None:
    lines = ["from hamsa_kit.sign import sign", "def test_sign():", "    assert sign(2) == 1"]
    assert problem(repository, *lines) == "not covered: line 4, branch 3->4"


def test_gate_names_the_end_of_a_function_as_exit() -> None:
    assert core_coverage.uncovered([], [(7, -5)]) == "not covered: branch 7->exit"


def test_gate_refuses_a_module_without_test_file(repository: Path) -> None:
    module = Path("schemas/hamsa_kit/sign.py")
    assert core_coverage.problem_of(module, repository) == "its test file tests/kit/test_sign.py is missing"


@pytest.mark.slow
def test_gate_refuses_a_test_file_that_does_not_use_the_module(repository: Path) -> None:
    found = problem(repository, "def test_nothing():", "    pass")
    assert found is not None
    assert found.startswith("tests/kit/test_sign.py never runs it")


@pytest.mark.slow
@pytest.mark.parametrize("line", ["def test_sign(): assert False", "# no test"])
def test_gate_refuses_a_test_file_that_fails_or_is_empty(repository: Path, line: str) -> None:
    found = problem(repository, line)
    assert found is not None
    assert found.startswith("tests/kit/test_sign.py does not pass")


def test_command_fails_when_a_module_does(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    results = {"a.py": None, "b.py": "not covered: line 1"}
    monkeypatch.setattr(core_coverage, "problem_of", lambda module: results[str(module)])
    assert core_coverage.main(["a.py", "b.py"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "b.py: not covered: line 1",
        "core coverage: 1 of 2 modules fully covered by their own tests",
    ]
    assert core_coverage.main(["a.py"]) == 0
