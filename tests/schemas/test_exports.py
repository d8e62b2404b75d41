"""What the package exports, and how little an import of it loads."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import hamsa_schemas

PACKAGE = Path(hamsa_schemas.__file__).parent
MODULES = sorted(file.stem for file in PACKAGE.glob("*.py") if file.stem != "__init__")


def public_names(module: str) -> set[str]:
    """The names without underscore that a module defines itself."""
    names: set[str] = set()
    for node in ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("module", MODULES)
def test_module_exports_all_its_public_names(module: str) -> None:
    exported = import_module(f"hamsa_schemas.{module}").__all__
    assert set(exported) == public_names(module)
    assert len(set(exported)) == len(exported)


def test_package_exports_names_that_exist_once() -> None:
    assert len(set(hamsa_schemas.__all__)) == len(hamsa_schemas.__all__)
    assert all(hasattr(hamsa_schemas, name) for name in hamsa_schemas.__all__)


def test_import_leaves_the_slow_libraries_for_later() -> None:
    program = """
import sys
import hamsa_schemas
print(*sorted({"jsonschema", "jsonschema_rs", "referencing", "importlib.resources", "difflib"} & set(sys.modules)))
hamsa_schemas.load_facts(), hamsa_schemas.load_behaviours(), hamsa_schemas.default_catalogue()
print(*sorted({"jsonschema", "jsonschema_rs", "referencing"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert run.stdout == "\n\n"
