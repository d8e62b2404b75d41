"""The directions in which the packages may import, read from the source of every module.

hamsa_schemas <- hamsa_kit <- each of hamsa_mock, hamsa_conformance and hamsa_load. These three meet over the
wire only: a suite that learned the protocol from the mock would just prove that the mock agrees with itself.
"""

import ast
from pathlib import Path

import pytest

from tests.tools.core_coverage import CORE
from tools.bootstrap import ROOT

SHARED = {"hamsa_schemas", "hamsa_kit"}
SERVERS_AND_TOOLS = {"hamsa_mock", "hamsa_conformance", "hamsa_load"}
OURS = SHARED | SERVERS_AND_TOOLS | {"tests", "tools", "examples"}
# Each folder of the repository, and what of ours its modules may import, beside what is in the folder itself.
ALLOWED = {
    "schemas/hamsa_schemas": set(),
    "schemas/hamsa_kit": {"hamsa_schemas"},
    "mock_server": SHARED,
    "conformance": SHARED,
    "load": SHARED,
    "examples": SHARED,
}
# Time, chance and the outside world reach the pure core as arguments.
IMPURE = {"asyncio", "random", "secrets", "selectors", "signal", "socket", "ssl", "threading", "time", "uuid"}
# What speaks to a running mock over HTTP, for all tools.
WIRE = "schemas/hamsa_kit/admin_calls.py"
SHELL = {"hamsa_mock.admin", "hamsa_mock.shell", "hamsa_mock.cli", "httptools", "starlette", "uvicorn", "uvloop"}


def imports_of(source: str) -> set[str]:
    """The dotted names that a module imports, at any depth; for `from a import b` both `a` and `a.b`.

    Also those by `import_module` and `__import__`, if the name is written out. The linter forbids relative
    ones.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                names.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module)
                names.update(f"{module}.{alias.name}" for alias in node.names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                names.add(name)
    return names


def breaches(source: str, forbidden: set[str]) -> set[str]:
    """The imports of a module that are one of `forbidden` or inside one."""
    return {
        name
        for name in imports_of(source)
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in forbidden)
    }


def breaches_in(folder: str, forbidden: set[str]) -> dict[str, set[str]]:
    """The forbidden imports of every module below a folder, by its path."""
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files, f"{folder} holds no module"
    found = {str(file): breaches(file.read_text(encoding="utf-8"), forbidden) for file in files}
    return {file: names for file, names in found.items() if names}


@pytest.mark.parametrize("folder", ALLOWED)
def test_package_imports_only_in_the_agreed_direction(folder: str) -> None:
    own = {path.name for path in (ROOT / folder).iterdir() if (path / "__init__.py").exists()}
    assert breaches_in(folder, OURS - ALLOWED[folder] - own - {Path(folder).name}) == {}


@pytest.mark.parametrize("package", CORE)
def test_pure_core_imports_no_clock_no_chance_and_no_wire(package: str) -> None:
    assert breaches_in(package, IMPURE | SHELL).keys() <= {str(ROOT / WIRE)}


@pytest.mark.parametrize(
    "source",
    [
        "import hamsa_mock",
        "import hamsa_mock.core.clock as clock",
        "from hamsa_mock import core",
        "def late():\n    from hamsa_mock.core import clock",
        "import importlib\nimportlib.import_module('hamsa_mock')",
        "__import__('hamsa_mock.mock')",
    ],
)
def test_reader_of_imports_finds_every_form(source: str) -> None:
    assert breaches(source, {"hamsa_mock"})


@pytest.mark.parametrize(
    "source",
    [
        "import hamsa_mockingbird",
        "from hamsa_kit import proof",
        "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'hamsa_mock'])",
    ],
)
def test_reader_of_imports_accepts_other_names_and_commands(source: str) -> None:
    assert breaches(source, {"hamsa_mock"}) == set()


def test_reader_of_imports_tells_a_module_from_a_name_in_it() -> None:
    assert breaches("from hamsa_mock import shell", {"hamsa_mock.shell"})
    assert breaches("from hamsa_mock import core", {"hamsa_mock.shell"}) == set()
