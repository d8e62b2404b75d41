"""Finding and reading data files, in folders and in zip files."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hamsa_schemas
from hamsa_schemas.data_files import find, package_data, read
from hamsa_schemas.errors import BrokenCatalogue

PACKAGE = Path(hamsa_schemas.__file__).parent


def fill(root: Path) -> None:
    for path in ("b/two.json", "a/deep/one.json", "a/three.txt", "zero.json"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f'"{path}"', encoding="utf-8")


def test_package_data_is_the_folder_of_the_package() -> None:
    assert {entry.name for entry in package_data().iterdir()} >= {"hamsa", "meta", "facts.py"}


def test_find_yields_paths_of_all_depths_in_order(tmp_path: Path) -> None:
    fill(tmp_path)
    found = list(find(tmp_path, ".json"))
    assert [path for path, _ in found] == ["a/deep/one.json", "b/two.json", "zero.json"]
    assert [read(file) for _, file in found] == ["a/deep/one.json", "b/two.json", "zero.json"]


def test_find_and_read_work_in_a_zip_file(tmp_path: Path) -> None:
    fill(tmp_path / "data")
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for path, _ in find(tmp_path / "data", ""):
            archive.write(tmp_path / "data" / path, path)
        found = list(find(zipfile.Path(archive), ".json"))
        assert [read(file) for _, file in found] == ["a/deep/one.json", "b/two.json", "zero.json"]


def test_read_names_the_file_that_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text("{", encoding="utf-8")
    with pytest.raises(BrokenCatalogue, match=r"facts\.json: "):
        read(tmp_path / "facts.json")


def test_read_of_a_missing_file_raises_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "facts.json")


def test_package_works_from_a_zip_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for path, _ in find(PACKAGE, ""):
            if "__pycache__" not in path:
                archive.write(PACKAGE / path, f"hamsa_schemas/{path}")
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path / "package.zip")!r})
import hamsa_schemas
assert "package.zip" in hamsa_schemas.__file__
for message in hamsa_schemas.default_catalogue().messages():
    assert all(map(message.is_valid, message.examples))
    assert message.invalid_examples
    print(message.name)
print(hamsa_schemas.load_facts().text("text.end"))
print(hamsa_schemas.load_behaviours("instant").number("hamsa.tts.chunk_gap"))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    messages = [message.name for message in hamsa_schemas.default_catalogue().messages()]
    assert run.stdout.splitlines() == [*messages, "End of TTS stream", "0.0"]
