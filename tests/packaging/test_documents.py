"""The documents agree with the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Option

from hamsa_mock.cli.serve import serve_command
from tests.tools.pages import PARTS, fresh

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks of the README in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_clients_of_the_readme_are_those_of_the_examples() -> None:
    python = (ROOT / "examples" / "tts_client.py").read_text(encoding="utf-8")
    node = (ROOT / "examples" / "tts_client.mjs").read_text(encoding="utf-8")
    assert blocks("python")[0] == python.split("\n", 2)[2]
    assert blocks("js")[0] == node.split("\n", 1)[1]


def test_test_of_the_readme_runs() -> None:
    ran = subprocess.run([sys.executable, "-c", blocks("python")[1]], capture_output=True, text=True, check=False)
    assert re.fullmatch(r"ws://127\.0\.0\.1:\d+/v1/realtime/ws\?api_key=hamsa-test-key\n", ran.stdout), ran.stderr


def test_pytest_test_of_the_readme_passes(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(blocks("python")[2], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_readme_shows_the_table_that_the_demo_prints() -> None:
    demo = (ROOT / "examples" / "demo_client.py").read_text(encoding="utf-8")
    header = next(line for line in blocks("text")[0].splitlines() if line.startswith("characters"))
    assert f'print("{header}")' in demo


def test_readme_lists_every_flag_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(--[a-z-]+)` \| ([^|]+) \|", README, re.MULTILINE))
    options = [option for option in serve_command.params if isinstance(option, Option)]
    assert set(rows) == {option.opts[0] for option in options}
    for option in options:
        if option.show_default:
            assert rows[option.opts[0]].strip("`") == str(option.default)


@pytest.mark.parametrize(("page", "name"), PARTS)
def test_part_of_a_page_that_follows_from_data_is_fresh(page: str, name: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert fresh(page, name, text) == text, "run `python -m tests.tools.pages`"


def test_links_of_the_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
