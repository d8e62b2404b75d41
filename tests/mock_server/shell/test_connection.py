"""A WebSocket connection on a real socket, on both event loops."""

import asyncio
import json
import socket
import struct

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock.shell import outlet
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.raw import RawSocket, RawWebSocket, frame

TEXT, CONTINUATION, CLOSE, PING, PONG = 0x1, 0x0, 0x8, 0x9, 0xA
SENTENCE = "مرحبا بكم في همسة"


def request(text: str = SENTENCE) -> bytes:
    return json.dumps({"type": "tts", "payload": {"text": text, "speaker": "Majd"}}).encode()


def test_request_sent_right_behind_the_upgrade_is_answered(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(mock_on_each_loop.url) as raw:
        key = "dGhlIHNhbXBsZSBub25jZQ=="
        head = (
            f"GET {raw.target} HTTP/1.1\r\nHost: mock\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        raw.send(head.encode() + frame(TEXT, request()))
        status, headers, _ = raw.read_http()
        assert status == 101
        assert headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        received = raw.rest
        while b"End of TTS stream" not in received:
            received += raw.socket.recv(65536)
    assert received.index(b"Connected to realtime") < received.index(b"speach") < received.index(b"End of TTS")


@pytest.mark.statement("FAQ-8")
class Waiting(RawSocket):
    """A client whose upgrade is answered late: after three seconds of a clock that stands still."""

    def __init__(self, mock: LoggingMock) -> None:
        mock.clock.freeze()
        mock.behaviours["hamsa.auth.connect_delay"] = 3
        super().__init__(mock.url)
        self.upgrade()

    def wait_for_others(self, mock: LoggingMock) -> None:
        """Until another client was answered, and so this one's bytes were read."""
        with RawSocket(f"{mock.http_url}/__mock__/health") as other:
            other.upgrade(Upgrade=None, Connection=None)
            assert other.read_http()[0] == 200


def test_request_in_front_of_a_late_answer_to_the_upgrade_is_answered_behind_it(mock_on_each_loop: LoggingMock) -> None:
    with Waiting(mock_on_each_loop) as client:
        client.send(frame(TEXT, request()))
        client.wait_for_others(mock_on_each_loop)
        client.send(frame(PING, b"x"))
        mock_on_each_loop.clock.advance(3)
        assert client.read_http()[0] == 101
        received = client.rest
        while b"End of TTS stream" not in received:
            received += client.socket.recv(65536)
    assert received.index(b"Connected to realtime") < received.index(b"speach") < received.index(b"End of TTS")


def test_client_that_sends_much_before_its_upgrade_is_answered_is_not_read_meanwhile(
    mock_on_each_loop: LoggingMock,
) -> None:
    with Waiting(mock_on_each_loop) as client:
        client.wait_for_others(mock_on_each_loop)
        client.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.send(frame(PING, b"x" * 125) * 500_000)  # more than the buffers of the system hold


def test_client_that_goes_before_its_upgrade_is_answered_is_told_as_lost(mock_on_each_loop: LoggingMock) -> None:
    mock = mock_on_each_loop
    with Waiting(mock) as client:
        client.wait_for_others(mock)
        client.socket.shutdown(socket.SHUT_WR)
        with pytest.raises(EOFError):
            client.read_http()
    assert [line.event for line in mock.told() if line.connection == 1] == ["lost"]


def test_upgrade_that_waits_for_its_answer_ends_with_the_mock(mock_on_each_loop: LoggingMock) -> None:
    with Waiting(mock_on_each_loop) as client:
        client.wait_for_others(mock_on_each_loop)
        mock_on_each_loop.stop()
        assert client.socket.recv(65536) == b"", "a close frame in front of the 101 is nothing that a client knows"


def test_ping_is_answered_with_its_payload(mock_on_each_loop: LoggingMock) -> None:
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(PING, b"are you there"))
        pong = connection.next()
    assert (pong.opcode, bytes(pong.data)) == (PONG, b"are you there")


def test_unsolicited_pong_is_ignored(mock_on_each_loop: LoggingMock) -> None:
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(PONG, b"x") + frame(TEXT, b"nonsense"))
        assert connection.next_json()["type"] == "error"


def test_ping_between_the_fragments_of_a_request_is_answered_first(mock_on_each_loop: LoggingMock) -> None:
    body = request()
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(TEXT, body[:20], fin=False) + frame(PING, b"p"))
        assert connection.next().opcode == PONG
        connection.send(frame(CONTINUATION, body[20:40], fin=False) + frame(CONTINUATION, body[40:]))
        assert connection.next_json()["type"] == "ack"
        assert read_proof(connection.audio(), PCM_16000_16).text == SENTENCE


def test_binary_message_in_fragments_is_one_message(mock_on_each_loop: LoggingMock) -> None:
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(2, b"ab", fin=False) + frame(CONTINUATION, b"c"))
        connection.next_json()
    (error,) = [line for line in mock_on_each_loop.told() if line.event == "error"]
    assert "3 bytes" in str(error.data["why"])


def test_two_requests_in_fragments_are_two_requests(mock_on_each_loop: LoggingMock) -> None:
    with RawWebSocket(mock_on_each_loop.url) as connection:
        for text in ("مرحبا بكم", SENTENCE):
            body = request(text)
            connection.send(frame(TEXT, body[:20], fin=False) + frame(CONTINUATION, body[20:]))
            assert connection.next_json()["type"] == "ack"
            assert read_proof(connection.audio(), PCM_16000_16).text == text


@pytest.mark.parametrize(("payload", "echo"), [(b"\x03\xe8bye", 1000), (b"", 1005), (b"\x0f\xa1", 4001)])
def test_close_of_the_client_is_echoed(mock_on_each_loop: LoggingMock, payload: bytes, echo: int) -> None:
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(CLOSE, payload))
        assert connection.next_close().code == echo
        with pytest.raises(EOFError):
            connection.next()
    assert [line.event for line in mock_on_each_loop.told()] == ["open", "closed"]


def test_requests_in_front_of_a_close_are_not_answered_behind_it(mock_on_each_loop: LoggingMock) -> None:
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(TEXT, request()) + frame(CLOSE, b"\x03\xe8") + frame(TEXT, request()))
        assert connection.next().opcode == CLOSE
        with pytest.raises(EOFError):
            connection.next()


def test_refused_client_gets_the_error_the_close_and_the_end_of_the_stream(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(mock_on_each_loop.ws_url) as raw:
        raw.upgrade()
        raw.read_http()
        received = raw.rest
        while b"\x88" not in received:
            received += raw.socket.recv(65536)
        raw.send(frame(TEXT, request()))
        raw.send(frame(CLOSE, b"\x0f\xa1"))
        while more := raw.socket.recv(65536):
            received += more
    error, _, close = received.partition(b"\x88")
    assert b"Missing API key in headers or query parameters" in error
    assert close[1:3] == struct.pack("!H", 4001)
    assert b"speach" not in close


def test_client_that_vanishes_in_the_middle_of_an_answer_costs_only_its_answer(mock_on_each_loop: LoggingMock) -> None:
    mock = mock_on_each_loop
    with RawWebSocket(mock.url) as connection:
        connection.send(frame(TEXT, request("مرحبا " * 300)))
        connection.next()
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with RawWebSocket(mock.url) as other:
        other.send(frame(TEXT, request()))
        assert other.next_json()["type"] == "ack"
        assert read_proof(other.audio(), PCM_16000_16).text == SENTENCE


def test_client_that_ends_the_stream_without_a_close_frame_is_told_as_lost(mock_on_each_loop: LoggingMock) -> None:
    mock = mock_on_each_loop
    with RawWebSocket(mock.url) as connection:
        connection.socket.shutdown(socket.SHUT_WR)
        with pytest.raises(EOFError):
            connection.next()
    assert [line.event for line in mock.told()] == ["open", "lost"]


def test_client_that_does_not_answer_a_close_is_dropped(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "CLOSE_TIMEOUT", 0.05)
    with RawWebSocket(mock_on_each_loop.ws_url) as connection:
        assert connection.next_close().code == 4001
        with pytest.raises((EOFError, ConnectionResetError)):
            connection.next()


def test_answer_is_the_same_where_writelines_cannot_be_used(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "WRITELINES_NEVER_PAUSES", not outlet.WRITELINES_NEVER_PAUSES)
    with RawWebSocket(mock_on_each_loop.url) as connection:
        connection.send(frame(TEXT, request()))
        assert connection.next_json()["type"] == "ack"
        assert read_proof(connection.audio(), PCM_16000_16).text == SENTENCE


def test_connection_that_is_gone_is_not_waited_for(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer of the closing handshake would keep the connection, and all it holds, in memory."""
    timers: list[asyncio.TimerHandle | None] = []
    lost = outlet.Outlet.lost

    def remember(outlet: outlet.Outlet) -> None:
        lost(outlet)
        timers.append(outlet._close_timer)

    monkeypatch.setattr(outlet.Outlet, "lost", remember)
    with RawWebSocket(mock_on_each_loop.ws_url) as connection:
        assert connection.next_close().code == 4001
        connection.send(frame(CLOSE, b"\x0f\xa1"))
        with pytest.raises(EOFError):
            connection.next()
    mock_on_each_loop.stop()
    assert [timer is not None and timer.cancelled() for timer in timers] == [True]
