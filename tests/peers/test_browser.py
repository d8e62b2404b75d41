"""A browser's own WebSocket against the command, by examples/browser_client.html, served from another origin."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, read_wav
from tests.mock_server.command import RunningCommand, needs_signals
from tests.peers.browser import Browser, Page
from tests.peers.wire import FACTS, SECONDS_TO_WAIT, SENTENCES, WRONG_KEY, said

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "examples" / "browser_client.html"
PROBE = Path(__file__).with_name("browser_probe.js")


@contextmanager
def speaking(browser: Browser, url: str, *texts: str, **query: str) -> Iterator[Page]:
    """The example speaks the first text at once, the others when their turn has come."""
    probed = PAGE.read_bytes() + b"<script>" + PROBE.read_bytes() + b"</script>"
    with browser.page(probed, {"url": url, "text": texts[0], "speak": "", **query}, list(texts[1:])) as page:
        yield page


def heard(report: dict[str, Any]) -> str | None:
    """The text that the page's player has whole; None if it does not."""
    format, audio = read_wav(bytes(report["wav"]))
    assert format == PCM_16000_16
    assert report["duration"] == pytest.approx(format.seconds(len(audio)), abs=0.001)
    return said(audio, format)


@pytest.mark.statement("WST-2", "WST-5", "WST-6", "WST-7")
@pytest.mark.parametrize(("binary_type", "received"), [("blob", "Blob"), ("arraybuffer", "ArrayBuffer")])
def test_browser_gets_the_whole_audio(browser: Browser, mock: RunningCommand, binary_type: str, received: str) -> None:
    """The page's WAV holds all of it, and the browser can decode that."""
    key = mock.ready["keys"][0]
    with speaking(browser, mock.ready["ws_url"], SENTENCES[0], key=key, binaryType=binary_type) as page:
        report = page.until("done")
    assert heard(report) == SENTENCES[0]
    said_by_server = [line for line in report["log"] if line.startswith("←")]
    assert said_by_server[0] == f"← info {FACTS.text('text.info')}"
    assert said_by_server[1] == f"← ack {FACTS.text('text.ack')}"
    assert all(line.startswith(f"← {received} ") for line in said_by_server[2:-1])
    assert said_by_server[-1] == f"← end {FACTS.text('text.end')}"


@pytest.mark.statement("API-1", "FAQ-6")
def test_browser_speaks_again_over_the_same_connection(browser: Browser, mock: RunningCommand) -> None:
    with speaking(browser, mock.ready["ws_url"], *SENTENCES, key=mock.ready["keys"][0]) as page:
        reports = [page.until("done") for _ in SENTENCES]
    assert [heard(report) for report in reports] == [*SENTENCES]
    log = reports[-1]["log"]
    assert sum(line.startswith("← info") for line in log) == 1
    assert not any("closed" in line for line in log)


@pytest.mark.statement("API-17", "API-22")
def test_browser_with_a_wrong_key_sees_the_error_and_close_code_4001(browser: Browser, mock: RunningCommand) -> None:
    reason = WRONG_KEY["payload"]["message"]
    with speaking(browser, mock.ready["ws_url"], SENTENCES[0], key="wrong") as page:
        report = page.until("closed")
    assert report["status"] == f"Closed with 4001: {reason}"
    assert report["log"][-2:] == [f"← error {reason}", f"× closed with 4001: {reason}"]


@pytest.mark.statement("API-20")
@needs_signals
def test_browser_is_told_1001_when_the_server_stops(browser: Browser, mock: RunningCommand) -> None:
    with speaking(browser, mock.ready["ws_url"], SENTENCES[0], key=mock.ready["keys"][0]) as page:
        page.until("done")
        mock.process.send_signal(signal.SIGTERM)
        report = page.until("closed")
    assert report["status"] == f"Closed with 1001: {FACTS.text('reason.shutting_down')}"
    assert mock.process.wait(timeout=SECONDS_TO_WAIT) == 0
