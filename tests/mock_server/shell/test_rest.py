"""REST over real sockets."""

import json
import logging
import time

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, read_wav
from hamsa_mock import MockServer
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from hamsa_mock.shell.loops import LOOPS
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas import default_catalogue
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.raw import RawSocket, RawWebSocket, frame

TTS = "/v1/realtime/tts"
TTS_STREAM = "/v1/realtime/tts-stream"
PRELOAD = "/v2/tts/voices/custom/preload"
VOICES = "/v2/tts/voices"
SENTENCE = "كيف حالك اليوم يا صديقي العزيز؟"
EACH_LOOP = pytest.mark.parametrize("loop", [loop for loop in LOOPS if loop != "auto"])


class RestSocket(RawSocket):
    """A connection for REST requests with the usual key."""

    def ask(self, method: str, path: str, body: object = None, **changes: str) -> None:
        """Send a request. `changes`: headers by name, `_` for `-`."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {
            "Host": "mock",
            "Authorization": "Token hamsa-test-key",
            "Content-Type": "application/json",
            "Content-Length": str(len(data)),
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode() + data)

    def speak(self, path: str, text: str = SENTENCE, **fields: object) -> None:
        """Ask for speech."""
        self.ask("POST", path, {"text": text, "speaker": "Majd", **fields})

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer, which tells its length."""
        return self.read_http()

    def error(self) -> tuple[int, str]:
        """Status and message of the next answer, which is an error."""
        status, _, data = self.answer()
        body = json.loads(data)
        assert default_catalogue().message("hamsa", "rest/response", "error").is_valid(body)
        assert body["code"] == status
        return status, body["message"]

    def chunks(self) -> list[bytes]:
        """The chunks of the next answer, which has to be chunked."""
        status, headers, _ = self.read_http()
        assert (status, headers["transfer-encoding"]) == (200, "chunked")
        assert "content-length" not in headers
        chunks: list[bytes] = []
        while chunk := self.chunk():
            chunks.append(chunk)
        return chunks

    def chunk(self) -> bytes:
        """The next chunk; the last one is empty."""
        while b"\r\n" not in self.rest:
            self.rest += self._more()
        size, _, self.rest = self.rest.partition(b"\r\n")
        end = int(size, 16)
        while len(self.rest) < end + 2:
            self.rest += self._more()
        chunk, self.rest = self.rest[:end], self.rest[end:]
        assert self.rest.startswith(b"\r\n")
        self.rest = self.rest[2:]
        return chunk

    def ended(self) -> bool:
        """Whether the server has ended the connection, with nothing more to read."""
        return self.socket.recv(1) == b""


def skip_without(loop: str) -> None:
    if loop == "uvloop":
        pytest.importorskip("uvloop", reason="left out: uvloop; it does not exist for this platform")


@pytest.mark.statement("PRE-11")
def test_stream_comes_in_chunks_and_the_connection_stays_open(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.speak(TTS_STREAM)
        chunks = connection.chunks()
        assert len(chunks) >= 5
        assert len(chunks[0]) % 2 == 1, "the first chunk ends inside a sample"
        connection.speak(TTS)
        status, headers, body = connection.answer()
    assert status == 200
    assert headers["content-type"] == "audio/wav"
    assert read_wav(body) == (PCM_16000_16, b"".join(chunks))


def test_requests_that_do_not_wait_for_answers_are_answered_in_their_order(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.speak(TTS_STREAM)
        connection.ask("GET", f"{VOICES}?q=Carla")
        assert b"".join(connection.chunks())
        while b"}]}}" not in connection.rest:
            connection.rest += connection.socket.recv(4096)
        assert b'"name":"Carla"' in connection.rest


def test_head_is_answered_without_a_body(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.ask("HEAD", VOICES)
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.socket.recv(4096)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert head.endswith(b"\r\n\r\n")
        connection.ask("GET", VOICES)
        assert b"content-length: %d\r\n" % len(connection.answer()[2]) in head


def test_page_of_another_origin_asks_first_and_may_then_preload(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.send(
            f"OPTIONS {PRELOAD} HTTP/1.1\r\nHost: mock\r\nOrigin: https://page.example\r\n"
            "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n".encode()
        )
        status, headers, _ = connection.read_http()
        assert (status, headers["access-control-allow-origin"]) == (204, "*")
        assert "Authorization" in headers["access-control-allow-headers"]
        connection.ask("POST", PRELOAD, {"voiceId": OWN_VOICE}, Origin="https://page.example")
        status, headers, _ = connection.read_http()
        assert (status, headers["access-control-allow-origin"]) == (200, "*")


def test_path_with_a_slash_too_many_is_not_there(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.ask("GET", f"{VOICES}/")
        status, message = connection.error()
    assert status == 404
    assert VOICES in message


def test_upgrade_on_a_rest_path_is_refused_as_json(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(f"{mock_on_each_loop.http_url}{TTS}") as connection:
        connection.upgrade()
        assert connection.error()[0] == 404


@EACH_LOOP
@pytest.mark.parametrize("path", [TTS, TTS_STREAM])
def test_audio_never_comes_early(loop: str, path: str) -> None:
    skip_without(loop)
    pace = {"hamsa.tts.first_audio_delay": 0.2, "hamsa.tts.chunk_gap": 0.02}
    with MockServer(loop=loop, behaviours=pace) as mock, RestSocket(mock.http_url) as connection:
        begin = time.monotonic()
        connection.speak(path)
        if path == TTS:
            assert connection.answer()[0] == 200
            assert time.monotonic() - begin >= 0.2 + 4 * 0.02
        else:
            assert connection.read_http()[0] == 200
            for place in range(5):
                assert connection.chunk()
                assert time.monotonic() - begin >= 0.2 + place * 0.02


@pytest.mark.statement("PRE-9")
def test_preload_makes_the_wait_of_the_websocket_vanish() -> None:
    """An hour's wait, which nobody waits for."""
    never = {"hamsa.tts.voice_loading": 3600}
    with MockServer(profile="instant", behaviours=never) as mock, RestSocket(mock.http_url) as connection:
        connection.ask("POST", PRELOAD, {"voiceId": OWN_VOICE})
        status, _, body = connection.answer()
        assert status == 200
        assert default_catalogue().message("hamsa", "rest/response", "preload").is_valid(json.loads(body))
        with RawWebSocket(f"{mock.ws_url}?api_key={mock.key}") as websocket:
            websocket.send(text_frame({"type": "tts", "payload": {"text": SENTENCE, "speaker": OWN_VOICE}}))
            assert websocket.next_json()["type"] == "ack"
            assert websocket.audio()


def text_frame(message: object) -> bytes:
    return frame(1, json.dumps(message).encode())


@EACH_LOOP
def test_body_that_is_declared_too_large_is_refused_before_it_is_sent(loop: str) -> None:
    skip_without(loop)
    limit = {"hamsa.limit.message_bytes": 2000}
    with MockServer(profile="instant", loop=loop, behaviours=limit) as mock:
        for headers in ({}, {"Expect": "100-continue"}):
            with RestSocket(mock.http_url) as connection:
                connection.ask("POST", TTS, Content_Length=str(10**12), **headers)
                assert connection.error() == (413, "Content Too Large")


@EACH_LOOP
def test_body_that_turns_out_too_large_is_refused_and_the_answer_arrives(loop: str) -> None:
    """Although the client sends on, up to as much again as the limit."""
    skip_without(loop)
    limit = {"hamsa.limit.message_bytes": 200_000}
    with MockServer(profile="instant", loop=loop, behaviours=limit) as mock, RestSocket(mock.http_url) as connection:
        head = f"POST {TTS} HTTP/1.1\r\nHost: mock\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.send(head.encode())
        for _ in range(4):
            connection.send(b"%x\r\n%b\r\n" % (90_000, b"x" * 90_000))
        assert connection.error() == (413, "Content Too Large")
        connection.send(b"0\r\n\r\n")
        assert connection.ended()


def test_body_of_just_the_limit_is_read() -> None:
    limit = {"hamsa.limit.message_bytes": 2000}
    with MockServer(profile="instant", behaviours=limit) as mock, RestSocket(mock.http_url) as connection:
        connection.ask("POST", PRELOAD, json.dumps({"voiceId": OWN_VOICE}).encode().ljust(2000))
        assert connection.answer()[0] == 200
        connection.ask("POST", PRELOAD, json.dumps({"voiceId": OWN_VOICE}).encode().ljust(2001))
        assert connection.error()[0] == 413
        assert connection.ended()


@EACH_LOOP
@pytest.mark.parametrize("delay", [0, 0.05])
def test_client_that_goes_in_the_middle_of_an_answer_ends_it(loop: str, delay: float) -> None:
    """At the next chunk, or while the mock waits for its time; an hour would be between two of them."""
    skip_without(loop)
    lines: list[LogLine] = []
    pace = {"hamsa.tts.first_audio_delay": delay, "hamsa.tts.chunk_gap": 3600}
    with MockServer(loop=loop, behaviours=pace, log=lines.append) as mock:
        with RestSocket(mock.http_url) as connection:
            connection.speak(TTS_STREAM)
            connection.read_http()
            assert connection.chunk()
        with RestSocket(mock.http_url) as connection:
            connection.ask("GET", VOICES)
            assert connection.answer()[0] == 200
    (cut,) = [line for line in lines if line.data["path"] == TTS_STREAM]
    assert cut.words.endswith("; cut: the client went before the answer was whole")
    assert cut.data["charged"] == 1


def test_client_that_goes_before_the_first_audio_pays_nothing(caplog: pytest.LogCaptureFixture) -> None:
    lines: list[LogLine] = []
    with MockServer(behaviours={"hamsa.tts.first_audio_delay": 3600}, log=lines.append) as mock:
        with RestSocket(mock.http_url) as connection:
            connection.speak(TTS)
        with RestSocket(mock.http_url) as connection:
            connection.ask("GET", VOICES)
            connection.answer()
    (cut,) = [line for line in lines if line.data["path"] == TTS]
    assert cut.data["charged"] == 0
    assert not caplog.records


def test_client_that_goes_in_the_middle_of_its_request_is_told(mock_on_each_loop: LoggingMock) -> None:
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.ask("POST", TTS, b"{", Content_Length="100")
    with RestSocket(mock_on_each_loop.http_url) as connection:
        connection.ask("GET", VOICES)
        connection.answer()
    words = f"POST {TTS}: the client went before its request was whole"
    assert words in [line.words for line in mock_on_each_loop.told()]


def test_request_that_is_not_whole_when_the_mock_stops_is_told_so() -> None:
    lines: list[LogLine] = []
    mock = MockServer(log=lines.append).start()
    with RestSocket(mock.http_url) as connection, RestSocket(mock.http_url) as other:
        connection.ask("POST", TTS, b"{", Content_Length="100")
        other.ask("GET", VOICES)
        other.answer()
        mock.stop()
    assert lines[-1].words == f"POST {TTS}: the mock was stopped before its request was whole"


def test_client_that_reads_late_gets_all_of_a_long_answer(mock_on_each_loop: LoggingMock) -> None:
    """Several megabytes, more than the buffers of both sides hold."""
    with RestSocket(mock_on_each_loop.http_url) as late, RestSocket(mock_on_each_loop.http_url) as other:
        late.speak(TTS_STREAM, "ب" * 2000)
        other.speak(TTS)
        assert other.answer()[0] == 200
        chunks = late.chunks()
    assert sum(map(len, chunks)) > 5_000_000


@EACH_LOOP
def test_answer_under_way_is_dropped_when_the_mock_stops(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    skip_without(loop)
    lines: list[LogLine] = []
    mock = MockServer(loop=loop, behaviours={"hamsa.tts.chunk_gap": 3600}, log=lines.append).start()
    with RestSocket(mock.http_url) as connection:
        connection.speak(TTS_STREAM)
        connection.read_http()
        assert connection.chunk()
        mock.stop()
    assert lines[-1].words.endswith("; cut: the mock was stopped before the answer was whole")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_each_request_is_told_in_one_line_with_the_reason_and_without_the_key() -> None:
    lines: list[LogLine] = []
    with MockServer(profile="instant", log=lines.append) as mock, RestSocket(mock.http_url) as connection:
        connection.speak(TTS)
        connection.answer()
        connection.ask("GET", VOICES, Authorization="Bearer sesame")
        assert connection.error() == (401, "Unauthorized")
        connection.ask("POST", PRELOAD, {"voiceId": "sesame"})
        assert connection.error() == (400, "Invalid voice ID format")
    assert [line.event for line in lines] == ["http"] * 3
    assert [line.data["status"] for line in lines] == [200, 401, 400]
    assert "the key has not the form Authorization: Token KEY (hamsa.rest.auth, documented; --set" in lines[1].words
    assert "sesame" not in repr(lines)


def test_journal_has_the_notes_of_a_request_with_its_exchange() -> None:
    with MockServer(profile="instant") as mock, RestSocket(mock.http_url) as connection:
        for authorization in ("Token nobody", "Token hamsa-test-key"):
            connection.ask("GET", f"{VOICES}?pge=2", Authorization=authorization)
            connection.answer()
        entries = [json.loads(line) for line in mock.journal.export().splitlines()[1:]]
    assert [(entry["request"], entry["kind"], entry["provider"]) for entry in entries] == [
        (1, "http_request", "hamsa"),
        (1, "http_answer", "hamsa"),
        (1, "note", "hamsa"),
        (2, "http_request", "hamsa"),
        (2, "http_answer", "hamsa"),
        (2, "note", "hamsa"),
    ]
    refused, answered = entries[2], entries[5]
    assert "hamsa-test-key" in refused["text"], "an unknown key names the test keys"
    assert "nobody" not in json.dumps(entries)
    assert 'ignored in the query: "pge" (did you mean "page"?)' in answered["text"]
