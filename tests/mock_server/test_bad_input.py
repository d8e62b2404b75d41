"""Bad input, as the table in docs/bad-input.md promises: each row is done to a running mock."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.raw import RawSocket, RawWebSocket, frame

TABLE = Path(__file__).parents[2] / "docs" / "bad-input.md"
TEXT, BINARY, CONTINUATION, CLOSE, PING = 0x1, 0x2, 0x0, 0x8, 0x9
MEBIBYTE = 2**20
SENTENCE = "مرحبا بكم في همسة"


def promised() -> dict[str, str]:
    """The answer to each case, as the table writes it."""
    rows = re.findall(r"^\| `([^`]+)` \| .* \| ([^|]+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows)


def tts(**changes: Any) -> dict[str, Any]:
    """A valid request, with changes; None leaves a field out."""
    payload = {"text": SENTENCE, "speaker": "Majd", **changes}
    return {"type": "tts", "payload": {name: value for name, value in payload.items() if value is not None}}


def text(message: Any) -> bytes:
    return frame(TEXT, (message if isinstance(message, str) else json.dumps(message)).encode())


def in_single_bytes(message: Any) -> bytes:
    first, *rest = json.dumps(message).encode()
    frames = [frame(TEXT, bytes([first]), fin=False), *(frame(CONTINUATION, bytes([b]), fin=False) for b in rest)]
    return b"".join(frames) + frame(CONTINUATION)


MESSAGES: dict[str, bytes] = {
    "empty-text": text(tts(text="")),
    "text-too-long": text(tts(text="ب" * 2001)),
    "text-missing": text(tts(text=None)),
    "speaker-missing": text(tts(speaker=None)),
    "wrong-field-type": text(tts(mulaw="yes")),
    "payload-not-an-object": text({"type": "tts", "payload": [1, 2]}),
    "type-missing": text({"payload": {}}),
    "type-not-a-string": text({"type": 5, "payload": {}}),
    "payload-missing": text({"type": "tts"}),
    "payload-null": text({"type": "tts", "payload": None}),
    "array": text([1, 2]),
    "null": text(None),
    "not-json": text("hello"),
    "empty-message": text(""),
    "nested-too-deep": text('{"type": "tts", "payload": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "nan": text(tts(expressiveness=float("nan"))),
    "infinity": text(tts(expressiveness=float("-inf"))),
    "lone-surrogate": text(tts(text="\ud800")),
    "binary": frame(BINARY, json.dumps(tts()).encode()),
    "unknown-type": text({"type": "sing", "payload": {}}),
    "server-type": text({"type": "ack", "payload": {}}),
    "huge-type": text({"type": "x" * 100_000, "payload": {}}),
}

NO_MISTAKES: dict[str, tuple[bytes, str]] = {
    "longest-text": (text(tts(text="ب" * 2000)), "ب" * 2000),
    "duplicate-keys": (text('{"type": "tts", "payload": {"text": "a", "speaker": "b", "text": "c"}}'), "c"),
    "unknown-fields": (text({**tts(voice="x"), "dialect": 5, "id": [1]}), SENTENCE),
    "fragmented": (in_single_bytes(tts()), SENTENCE),
}

FRAMES: dict[str, list[bytes]] = {
    "invalid-utf8": [frame(TEXT, b"\xff\xfe")],
    "invalid-utf8-fragmented": [frame(TEXT, b"\xd9", fin=False), frame(CONTINUATION, b"\xff")],
    "message-too-big": [frame(TEXT, bytes(32 * MEBIBYTE + 1))],
    "message-too-big-fragmented": [
        frame(TEXT, bytes(MEBIBYTE), fin=False),
        *[frame(CONTINUATION, bytes(MEBIBYTE), fin=False)] * 31,
        frame(CONTINUATION, b" "),
    ],
    "reserved-bits": [frame(TEXT, b"{}", rsv=4)],
    "reserved-opcode": [frame(3, b"{}")],
    "unmasked": [frame(TEXT, b"{}", masked=False)],
    "fragmented-control": [frame(PING, b"", fin=False)],
    "long-control": [frame(PING, bytes(126))],
    "continuation-first": [frame(CONTINUATION, b"{}")],
    "message-inside-message": [frame(TEXT, b"{", fin=False), frame(TEXT, b"{}")],
    "short-close": [frame(CLOSE, b"\x03")],
    "invalid-close-code": [frame(CLOSE, b"\x03\xed")],
    "close-reason-not-utf8": [frame(CLOSE, b"\x03\xe8\xff")],
}

HTTP: dict[str, tuple[str, Callable[[RawSocket], None]]] = {
    "not-http": ("/", lambda raw: raw.send(b"\x16\x03\x01 hello\r\n\r\n")),
    "other-path": ("/nowhere", lambda raw: raw.upgrade(Upgrade=None, Connection=None)),
    "upgrade-on-other-path": ("/nowhere", lambda raw: raw.upgrade()),
    "no-upgrade": ("/v1/realtime/ws", lambda raw: raw.upgrade(Upgrade=None, Connection=None)),
    "upgrade-by-post": ("/v1/realtime/ws", lambda raw: raw.upgrade("POST")),
    "upgrade-in-http-1.0": ("/v1/realtime/ws", lambda raw: raw.upgrade(version="HTTP/1.0")),
    "no-websocket-key": ("/v1/realtime/ws", lambda raw: raw.upgrade(Sec_WebSocket_Key=None)),
    "wrong-websocket-version": ("/v1/realtime/ws", lambda raw: raw.upgrade(Sec_WebSocket_Version="12")),
    "wrong-method": ("/__mock__/health", lambda raw: raw.upgrade("POST", Upgrade=None, Connection=None)),
}


def answer_in_words(message: dict[str, Any]) -> str:
    """An answer as the table writes it: long runs of x are cut."""
    wording = re.sub("x{9,}.*", "xxxxxxxx…", message["payload"]["message"])
    return f"`{message['type']}` *{wording}*"


def speaks(connection: RawWebSocket, request: bytes, spoken: str) -> bool:
    """Whether a request is answered with the whole audio of a text."""
    connection.send(request)
    assert connection.next_json()["type"] == "ack"
    proof = read_proof(connection.audio(), PCM_16000_16)
    return proof.whole and proof.text == spoken


def test_every_case_of_the_table_is_tested_and_every_test_is_in_the_table() -> None:
    assert promised().keys() == {*MESSAGES, *NO_MISTAKES, *FRAMES, *HTTP}


@pytest.mark.parametrize("case", MESSAGES)
def test_bad_message_gets_its_error_and_the_next_request_its_audio(mock: LoggingMock, case: str) -> None:
    with RawWebSocket(mock.url) as connection:
        connection.send(MESSAGES[case])
        assert answer_in_words(connection.next_json()) == promised()[case]
        assert speaks(connection, text(tts()), SENTENCE)
    told = [line for line in mock.told() if line.event == "error"]
    assert len(told) == 1
    assert told[0].data["why"]


@pytest.mark.parametrize("case", NO_MISTAKES)
def test_message_that_is_no_mistake_gets_its_audio(mock: LoggingMock, case: str) -> None:
    assert promised()[case] == "audio"
    with RawWebSocket(mock.url) as connection:
        assert speaks(connection, *NO_MISTAKES[case])


@pytest.mark.parametrize("case", FRAMES)
def test_bad_frame_closes_its_connection_and_no_other(mock_on_each_loop: LoggingMock, case: str) -> None:
    mock = mock_on_each_loop
    with RawWebSocket(mock.url) as other, RawWebSocket(mock.url) as connection:
        for part in FRAMES[case]:
            connection.send(part)
        assert f"close {connection.next_close().code}" == promised()[case]
        with pytest.raises(EOFError):
            connection.next()
        assert speaks(other, text(tts()), SENTENCE)
    assert [line.event for line in mock.told() if line.connection == 2][1:] == ["failed"]


@pytest.mark.parametrize("case", HTTP)
def test_bad_http_gets_its_status_as_json(mock_on_each_loop: LoggingMock, case: str) -> None:
    mock = mock_on_each_loop
    path, send = HTTP[case]
    with RawSocket(f"{mock.http_url}{path}") as connection:
        send(connection)
        status, headers, body = connection.read_http()
    assert f"HTTP {status}" == promised()[case]
    assert headers["content-type"] == "application/json"
    error = json.loads(body)
    assert error["code"] == status
    assert error["message"]
    with RawWebSocket(mock.url) as other:
        assert speaks(other, text(tts()), SENTENCE)


def test_404_names_the_path_that_would_have_been_right(mock: LoggingMock) -> None:
    with RawSocket(f"{mock.http_url}/nowhere") as connection:
        connection.upgrade()
        _, _, body = connection.read_http()
    assert urlsplit(mock.ws_url).path in json.loads(body)["message"]
