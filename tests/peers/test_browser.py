"""A browser's own WebSocket against the command, by examples/browser_client.html, served from another origin."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import urlencode

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, read_wav
from tests.mock_server.command import RunningCommand
from tests.peers.browser import PageServer, running_browser, served_page
from tests.peers.wire import FACTS, SECONDS_TO_WAIT, SENTENCES, WRONG_KEY, needs_signals, said
from tests.tools.leftout import leave_out

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "examples" / "browser_client.html"
PROBE = Path(__file__).with_name("browser_probe.js")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class Page:
    """The page as a user sees it."""

    def __init__(self, server: PageServer, log: Path) -> None:
        self._server = server
        self._log = log

    def until(self, state: str) -> dict[str, Any]:
        """The next report of this state; those before it are passed over."""
        try:
            while (report := self._server.reports.get(timeout=SECONDS_TO_WAIT))["state"] != state:
                pass
        except Empty:
            pytest.fail(f"the page was not {state}; the browser says:\n{self._log.read_text()}")
        return report


class Browser:
    """Opens the example in a new browser."""

    def __init__(self, executable: str, folder: Path) -> None:
        self._executable = executable
        self._folder = folder

    @contextmanager
    def page(self, url: str, *texts: str, **query: str) -> Iterator[Page]:
        """The page speaks the first text at once, the others when their turn has come."""
        probed = PAGE.read_bytes() + b"<script>" + PROBE.read_bytes() + b"</script>"
        with served_page(probed, list(texts[1:])) as server:
            settings = urlencode({"url": url, "text": texts[0], "speak": "", **query})
            with running_browser(self._executable, f"{server.origin}/?{settings}", self._folder) as log:
                yield Page(server, log)


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Chromium or Chrome."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or os.name != "posix":  # it is ended by its process group
        leave_out("the browser", "install Chromium (Debian: apt install chromium), so that it is on the PATH")
    return Browser(found, tmp_path)


def heard(report: dict[str, Any]) -> str | None:
    """The text that the page's player has whole; None if it does not."""
    format, audio = read_wav(bytes(report["wav"]))
    assert format == PCM_16000_16
    assert report["duration"] == pytest.approx(format.seconds(len(audio)), abs=0.001)
    return said(audio, format)


@pytest.mark.parametrize(("binary_type", "received"), [("blob", "Blob"), ("arraybuffer", "ArrayBuffer")])
def test_browser_gets_the_whole_audio(browser: Browser, mock: RunningCommand, binary_type: str, received: str) -> None:
    """WST-2, WST-5 to WST-7. The page's WAV holds all of it, and the browser can decode that."""
    key = mock.ready["keys"][0]
    with browser.page(mock.ready["ws_url"], SENTENCES[0], key=key, binaryType=binary_type) as page:
        report = page.until("done")
    assert heard(report) == SENTENCES[0]
    said_by_server = [line for line in report["log"] if line.startswith("←")]
    assert said_by_server[0] == f"← info {FACTS.text('text.info')}"
    assert said_by_server[1] == f"← ack {FACTS.text('text.ack')}"
    assert all(line.startswith(f"← {received} ") for line in said_by_server[2:-1])
    assert said_by_server[-1] == f"← end {FACTS.text('text.end')}"


def test_browser_speaks_again_over_the_same_connection(browser: Browser, mock: RunningCommand) -> None:
    """API-1, FAQ-6."""
    with browser.page(mock.ready["ws_url"], *SENTENCES, key=mock.ready["keys"][0]) as page:
        reports = [page.until("done") for _ in SENTENCES]
    assert [heard(report) for report in reports] == [*SENTENCES]
    log = reports[-1]["log"]
    assert sum(line.startswith("← info") for line in log) == 1
    assert not any("closed" in line for line in log)


def test_browser_with_a_wrong_key_sees_the_error_and_close_code_4001(browser: Browser, mock: RunningCommand) -> None:
    """API-17, API-22."""
    reason = WRONG_KEY["payload"]["message"]
    with browser.page(mock.ready["ws_url"], SENTENCES[0], key="wrong") as page:
        report = page.until("closed")
    assert report["status"] == f"Closed with 4001: {reason}"
    assert report["log"][-2:] == [f"← error {reason}", f"× closed with 4001: {reason}"]


@needs_signals
def test_browser_is_told_1001_when_the_server_stops(browser: Browser, mock: RunningCommand) -> None:
    """API-20."""
    with browser.page(mock.ready["ws_url"], SENTENCES[0], key=mock.ready["keys"][0]) as page:
        page.until("done")
        mock.process.send_signal(signal.SIGTERM)
        report = page.until("closed")
    assert report["status"] == f"Closed with 1001: {FACTS.text('reason.shutting_down')}"
    assert mock.process.wait(timeout=SECONDS_TO_WAIT) == 0
