"""The page docs/schemas.md: its program prints what the page says, and its example of a new message works."""

import re
import subprocess
import sys
from pathlib import Path

from hamsa_schemas import Catalogue
from hamsa_schemas.data_files import package_data

PAGE = Path(__file__).parent.parent.parent.joinpath("docs", "schemas.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_program_of_the_page_prints_what_the_page_says() -> None:
    [program] = blocks("python")
    expected = blocks("text")[1]
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert run.stdout == expected


def test_new_message_of_the_page_works(tmp_path: Path) -> None:
    files = re.findall(r"^`(acme/\S+)`\n\n```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(files) == len(blocks("json")) == 2
    for path, content in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    [message] = Catalogue(tmp_path).messages()
    assert message.name == "acme/client/cancel"
    assert all(map(message.is_valid, message.examples))
    for example in message.invalid_examples:
        [error] = message.validator.iter_errors(example.instance)
        assert error.validator == example.keyword
        assert "".join(f"/{part}" for part in error.absolute_path) == example.path
        assert not message.is_valid(example.instance)


def test_layout_of_the_page_exists() -> None:
    [layout, _] = blocks("text")
    names = re.findall(r"^( +)(\S+\.json)", layout, re.MULTILINE)
    assert len(names) == 12
    for indent, name in names:
        folder = package_data().joinpath("hamsa") if len(indent) == 4 else package_data()
        assert folder.joinpath(name).is_file()
