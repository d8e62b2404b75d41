"""The mock as foreign clients meet it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mock_server.command import RunningCommand, running_mock
from tests.peers.browser import Browser, find_browser
from tests.tools.leftout import leave_out

NODE_FOLDER = Path(__file__).with_name("node")


@pytest.fixture
def mock() -> Iterator[RunningCommand]:
    """The command in a process of its own, without delays. Quiet, because nobody empties its output."""
    with running_mock("--profile", "instant", "--quiet") as command:
        yield command


@pytest.fixture
def compressing_mock() -> Iterator[RunningCommand]:
    """The same, but it accepts permessage-deflate."""
    chosen = ("--set", "hamsa.websocket.compression=accepted")
    with running_mock("--profile", "instant", "--quiet", *chosen) as command:
        yield command


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Chromium or Chrome."""
    found = find_browser()
    if found is None:
        leave_out("the browser", "install Chromium (Debian: apt install chromium), so that it is on the PATH")
    return Browser(found, tmp_path)


@pytest.fixture
def node() -> str:
    """Node itself; `ws` is there too."""
    found = shutil.which("node")
    if found is None or not (NODE_FOLDER / "node_modules" / "ws").is_dir():
        leave_out("the Node client", "install npm (Debian, Ubuntu: apt install nodejs npm), then `make peers`")
    return found
