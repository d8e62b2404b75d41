"""What a run of pytest says about tests that this machine cannot run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.bootstrap import ROOT

pytestmark = pytest.mark.slow

MODULE = """
import pytest
from tests.tools.leftout import leave_out

def test_browser_shows_it():
    leave_out("headless Chromium", "apt install chromium")

def test_browser_hears_it():
    leave_out("headless Chromium", "apt install chromium")

@pytest.mark.xfail
def test_expected_to_fail():
    raise AssertionError

@pytest.mark.skip(reason="something else")
def test_skipped_without_the_plugin():
    pass

def test_passes():
    pass
"""
WHOLE_MODULE = """
from tests.tools.leftout import leave_out
leave_out("the Node client", "apt install npm")
"""


def run_pytest(folder: Path, require_all: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the tests below a folder with the plugin."""
    plugins = ["-p", "tests.tools.leftout", "-p", "no:randomly", "-p", "no:cacheprovider"]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "HAMSA_REQUIRE_ALL": require_all}
    command = [sys.executable, "-m", "pytest", *plugins, *options, str(folder)]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)


@pytest.mark.parametrize("options", [[], ["--numprocesses", "1"]])
def test_summary_names_what_was_left_out_and_how_to_install_it(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "test_browser.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "test_node.py").write_text(WHOLE_MODULE, encoding="utf-8")
    run = run_pytest(tmp_path, "", *options)
    assert run.returncode == 0
    _, _, summary = run.stdout.partition(" left out ===")
    assert "headless Chromium; apt install chromium (2 skipped)" in summary
    assert "the Node client; apt install npm (1 skipped)" in summary
    assert "something else" not in summary


@pytest.mark.parametrize("options", [[], ["--numprocesses", "1"]])
def test_every_skip_is_a_failure_where_everything_is_required(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "test_browser.py").write_text(MODULE, encoding="utf-8")
    run = run_pytest(tmp_path, "1", *options)
    assert run.returncode == 1
    assert "2 failed, 1 passed, 1 xfailed, 1 error" in run.stdout
    assert "HAMSA_REQUIRE_ALL=1 forbids: left out: headless Chromium; apt install chromium" in run.stdout
    assert " left out ===" not in run.stdout


def test_skipped_module_is_an_error_where_everything_is_required(tmp_path: Path) -> None:
    (tmp_path / "test_node.py").write_text(WHOLE_MODULE, encoding="utf-8")
    run = run_pytest(tmp_path, "1")
    assert run.returncode == 2
    assert "HAMSA_REQUIRE_ALL=1 forbids: left out: the Node client; apt install npm" in run.stdout


def test_summary_is_silent_when_nothing_was_left_out(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text("def test_passes(): pass\n", encoding="utf-8")
    assert "left out" not in run_pytest(tmp_path, "").stdout
