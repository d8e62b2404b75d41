"""A web application after the vendor's guides in a browser: preload by fetch, the WebSocket, a Blob that is played.

Its page comes from another origin than the mock's, so the preload depends on CORS, with a preflight because of its
headers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, ULAW_8000_8, AudioFormat, read_wav
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from tests.mock_server.command import RunningCommand, running_mock
from tests.peers.browser import Browser
from tests.peers.wire import END, FACTS, SENTENCES, answer, said, tts

pytestmark = pytest.mark.slow

PAGE = Path(__file__).with_name("playback_page.html")
MEDIA_ERR_SRC_NOT_SUPPORTED = 4
PRELOADED = {"success": True, "message": FACTS.text("text.preloaded"), "data": []}
FULL_SCALE_OF_THE_VOICE = pytest.approx(0.4, abs=0.1)
ENCODINGS = pytest.mark.parametrize(("mulaw", "format"), [(False, PCM_16000_16), (True, ULAW_8000_8)])


@contextmanager
def strict_mock(**chosen: str) -> Iterator[RunningCommand]:
    """A mock that speaks with a cloned voice only if that was preloaded. `chosen`: options by slug without `hamsa.`,
    `__` for its dots."""
    options = {"tts__unpreloaded_voice": "aborted", **chosen}
    flags = [f"--set=hamsa.{slug.replace('__', '.')}={option}" for slug, option in options.items()]
    with running_mock("--profile", "instant", "--quiet", *flags) as command:
        yield command


def report_of(browser: Browser, mock: RunningCommand, **fields: object) -> dict[str, Any]:
    """What the page tells when it has done all that it could."""
    query = {
        "rest": mock.ready["http_url"],
        "socket": mock.ready["ws_url"],
        "preload": FACTS.text("endpoint.preload"),
        "key": mock.ready["keys"][0],
        "request": tts(SENTENCES[0], speaker=OWN_VOICE, **fields),
    }
    with browser.page(PAGE.read_bytes(), query) as page:
        assert page.origin != mock.ready["http_url"]
        return page.until("done")


def seconds_of_whole_speech(report: dict[str, Any], format: AudioFormat) -> float:
    """How long the WAV file is that the page has got; it is whole."""
    found, audio = read_wav(bytes(report["bytes"]))
    assert (found, said(audio, format)) == (format, SENTENCES[0])
    return format.seconds(len(audio))


@pytest.mark.statement("PRE-1", "PRE-2", "PRE-3", "PRE-9", "WST-6")
@ENCODINGS
def test_bare_samples_are_silent_in_spite_of_their_type(browser: Browser, mulaw: bool, format: AudioFormat) -> None:
    """The speech is whole, and a listener has nothing of it."""
    with strict_mock(tts__audio_header="none") as mock:
        report = report_of(browser, mock, mulaw=mulaw)
    assert report["preload"] == {"status": 200, "body": PRELOADED}
    assert report["last"] == END
    assert said(bytes(report["bytes"]), format) == SENTENCES[0]
    played = report["played"]
    assert played["events"] == ["error"]
    assert played["error"]["code"] == MEDIA_ERR_SRC_NOT_SUPPORTED
    assert "DEMUXER_ERROR_COULD_NOT_OPEN" in played["error"]["message"]
    assert (played["duration"], played["refusal"]) == (None, "NotSupportedError")  # NaN is null in JSON
    assert report["decoded"] == {"error": "EncodingError", "message": "Unable to decode audio data"}


@ENCODINGS
def test_header_with_the_right_sizes_is_heard(browser: Browser, mulaw: bool, format: AudioFormat) -> None:
    with strict_mock(tts__audio_header="exact") as mock:
        report = report_of(browser, mock, mulaw=mulaw)
    seconds = pytest.approx(seconds_of_whole_speech(report, format), abs=0.001)
    assert {*report["played"].pop("events")} == {"loadedmetadata", "canplaythrough", "ended"}
    assert report["played"] == {"duration": seconds, "position": seconds, "refusal": None, "error": None}
    assert report["decoded"] == {"duration": seconds, "peak": FULL_SCALE_OF_THE_VOICE}


@ENCODINGS
def test_header_without_sizes_is_heard_and_tells_a_wrong_duration_for_mulaw(
    browser: Browser, mulaw: bool, format: AudioFormat
) -> None:
    """The header of mu-law tells the number of samples a second time, and Chromium believes it if the size is open."""
    with strict_mock(tts__audio_header="streaming") as mock:
        report = report_of(browser, mock, mulaw=mulaw)
    seconds = pytest.approx(seconds_of_whole_speech(report, format), abs=0.001)
    shown = pytest.approx(0xFFFFFFFF / format.sample_rate, abs=0.001) if mulaw else seconds
    assert {*report["played"].pop("events")} == {"loadedmetadata", "canplaythrough", "ended"}
    assert report["played"] == {"duration": shown, "position": shown, "refusal": None, "error": None}
    assert report["decoded"] == {"duration": seconds, "peak": FULL_SCALE_OF_THE_VOICE}


def test_page_that_is_denied_cross_origin_requests_sees_its_preload_fail(browser: Browser) -> None:
    """The preflight is refused, so the preload itself is never sent: the voice is not loaded."""
    with strict_mock(rest__cors="deny", tts__audio_header="exact") as mock:
        report = report_of(browser, mock)
    assert report["preload"] == {"error": "TypeError", "message": "Failed to fetch"}
    assert report["last"] == answer("error", "text.tts_aborted")


def test_page_that_is_denied_cross_origin_requests_may_still_use_the_websocket(browser: Browser) -> None:
    """CORS is no matter of WebSockets."""
    with strict_mock(rest__cors="deny", tts__audio_header="exact", tts__unpreloaded_voice="ready") as mock:
        report = report_of(browser, mock)
    assert report["preload"]["error"] == "TypeError"
    assert seconds_of_whole_speech(report, PCM_16000_16) == pytest.approx(report["decoded"]["duration"], abs=0.001)
