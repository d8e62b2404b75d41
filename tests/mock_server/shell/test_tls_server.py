"""TLS on real sockets, on both event loops: what differs there from plain TCP."""

import errno
import gc
import json
import os
import socket
import ssl
import struct
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock import MockServer
from hamsa_mock.shell import outlet, tls_server
from hamsa_mock.shell.loops import LOOPS
from hamsa_mock.stages.request_log import LogLine
from tests.mock_server.raw import TIMEOUT, RawSocket, RawWebSocket, frame

pytestmark = pytest.mark.slow

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class TlsMock(MockServer):
    """A mock with TLS that remembers what it told."""

    def __init__(self, loop: str, folder: Path) -> None:
        self.lines: Queue[LogLine] = Queue()
        super().__init__(profile="instant", loop=loop, tls=True, tls_dir=folder, log=self.lines.put)

    @property
    def context(self) -> ssl.SSLContext:
        """What a client needs that trusts it."""
        return ssl.create_default_context(cafile=self.ca_file)

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.http_url.removeprefix("https://").rpartition(":")
        return host, int(port)

    def websocket(self, key: str | None = None) -> RawWebSocket:
        return RawWebSocket(f"{self.ws_url}?api_key={key or self.key}", self.context)

    def told(self) -> str:
        """The only line, without the client's address. It is waited for: a stop ends what has not been read yet."""
        line = self.lines.get(timeout=TIMEOUT)
        assert self.rest() == []
        return line.words.partition(": ")[2]

    def rest(self) -> list[LogLine]:
        """The other lines, when nothing more can come: the mock is stopped."""
        self.stop()
        return [self.lines.get() for _ in range(self.lines.qsize())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(params=[loop for loop in LOOPS if loop != "auto"])
def mock(request: pytest.FixtureRequest, folder: Path) -> Iterator[TlsMock]:
    """A mock without delays on each loop."""
    if request.param == "uvloop":
        pytest.importorskip("uvloop", reason="left out: uvloop; it does not exist for this platform")
    with TlsMock(request.param, folder) as running:
        yield running


def request(text: str = "مرحبا بكم في همسة") -> bytes:
    return frame(TEXT, json.dumps({"type": "tts", "payload": {"text": text, "speaker": "Majd"}}).encode())


def test_requests_over_one_https_connection_and_then_an_upgrade(mock: TlsMock) -> None:
    with RawSocket(f"{mock.http_url}/__mock__/health", mock.context) as connection:
        for _ in range(2):
            connection.upgrade(Upgrade=None, Connection=None)
            assert connection.read_http()[0] == 200
        connection.target = f"/v1/realtime/ws?api_key={mock.key}"
        connection.upgrade()
        assert connection.read_http()[0] == 101


def test_request_sent_right_behind_the_upgrade_is_answered(mock: TlsMock) -> None:
    with RawSocket(f"{mock.ws_url}?api_key={mock.key}", mock.context) as raw:
        head = (
            f"GET {raw.target} HTTP/1.1\r\nHost: mock\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        raw.send(head.encode() + request())
        assert raw.read_http()[0] == 101
        received = raw.rest
        while b"End of TTS stream" not in received:
            received += raw.socket.recv(65536)
    assert received.index(b"Connected to realtime") < received.index(b"End of TTS")


def test_audio_is_whole(mock: TlsMock) -> None:
    with mock.websocket() as connection:
        for text in ("مرحبا بكم", "كيف حالك " * 100):
            connection.send(request(text))
            assert connection.next_json()["type"] == "ack"
            proof = read_proof(connection.audio(), PCM_16000_16)
            assert (proof.whole, proof.text) == (True, text)


def test_close_of_the_client_is_echoed_and_the_stream_ends(mock: TlsMock) -> None:
    with mock.websocket() as connection:
        connection.send(frame(CLOSE, b"\x03\xe8bye"))
        assert connection.next_close().code == 1000
        with pytest.raises(EOFError):
            connection.next()
    assert [line.event for line in mock.rest()] == ["open", "closed"]


def test_client_that_breaks_the_protocol_gets_the_close_frame_whatever_it_sent_behind(mock: TlsMock) -> None:
    """There is no half-close under TLS."""
    with mock.websocket() as connection:
        connection.send(frame(3) + frame(TEXT, b"x" * 1000) * 5)
        assert connection.next_close().code == 1002


def test_refused_client_that_goes_on_sending_gets_the_error_and_the_close(mock: TlsMock) -> None:
    with mock.websocket("wrong") as connection:
        connection.send(request() * 100)
        assert connection.next_close().code == 4001
        connection.send(frame(CLOSE, b"\x0f\xa1"))
        with pytest.raises(EOFError):
            connection.next()


def test_client_that_does_not_answer_a_close_is_dropped(mock: TlsMock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "CLOSE_TIMEOUT", 0.05)
    with mock.websocket("wrong") as connection:
        assert connection.next_close().code == 4001
        with pytest.raises((EOFError, OSError)):
            connection.next()


@pytest.mark.parametrize("how", ["close_notify", "FIN", "RST"])
def test_client_that_vanishes_costs_only_its_answer(mock: TlsMock, how: str) -> None:
    with mock.websocket() as connection:
        connection.send(request("مرحبا " * 300))
        connection.next()
        if how == "close_notify":
            connection.socket.setblocking(False)
            with pytest.raises((ssl.SSLError, OSError)):
                connection.socket.unwrap()  # type: ignore[attr-defined]
        elif how == "RST":
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with mock.websocket() as other:
        other.send(frame(PING, b"x"))
        assert other.next().opcode == PONG


def test_client_that_reads_late_gets_every_answer_in_order(mock: TlsMock) -> None:
    """The buffers of the system, of TLS and of the transport are full many times over."""
    with mock.websocket("hamsa-test-unlimited") as connection:
        for number in range(100):
            connection.send(request(f"هذه هي الجملة رقم {number} من جمل كثيرة لا يقرؤها أحد"))
        for number in range(100):
            assert connection.next_json()["type"] == "ack"
            proof = read_proof(connection.audio(), PCM_16000_16)
            assert proof.whole
            assert proof.text is not None
            assert f"رقم {number} من" in proof.text


# Handshakes that fail


def test_plain_http_is_answered_in_its_own_words_and_told(mock: TlsMock) -> None:
    with RawSocket(f"http{mock.http_url.removeprefix('https')}/v1/realtime/ws") as plain:
        plain.upgrade()
        status, headers, body = plain.read_http()
        assert (status, headers["connection"]) == (400, "close")
        assert json.loads(body) == {"code": 400, "message": tls_server.PLAIN_HTTP}
        assert plain.socket.recv(1) == b""
    assert mock.told() == f"400 {tls_server.PLAIN_HTTP}"


def test_client_that_does_not_trust_the_certificate_is_told(mock: TlsMock) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        RawSocket(mock.http_url, ssl.create_default_context()).socket.close()
    assert (
        mock.told()
        == "the client refused the certificate (tlsv1 alert unknown ca); does it trust the CA, and the name?"
    )


def test_client_that_expects_another_name_is_told(mock: TlsMock) -> None:
    with socket.create_connection(mock.address) as plain, pytest.raises(ssl.SSLCertVerificationError):
        mock.context.wrap_socket(plain, server_hostname="other.example")
    assert mock.told().startswith("the client refused the certificate (")


def test_what_is_no_tls_is_told(mock: TlsMock) -> None:
    with socket.create_connection(mock.address) as plain:
        plain.sendall(b"hello, is anybody there?\r\n\r\n")
        assert ended(plain)
    assert mock.told() == "no TLS handshake: wrong version number"


def test_client_that_only_looks_whether_the_port_is_open_is_not_told(
    mock: TlsMock, caplog: pytest.LogCaptureFixture
) -> None:
    socket.create_connection(mock.address).close()
    with socket.create_connection(mock.address) as half:
        half.sendall(b"\x16\x03\x01")
    with mock.websocket():
        pass
    assert all(line.connection is not None for line in mock.rest())
    gc.collect()  # asyncio complains of a task that failed when it is gone
    assert caplog.messages == []


def test_handshake_that_does_not_end_is_ended_and_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls_server, "HANDSHAKE_SECONDS", 0.05)
    for loop in ("asyncio", "uvloop"):
        with TlsMock(loop, folder) as mock:
            with socket.create_connection(mock.address, timeout=20) as silent:
                assert ended(silent)
            assert mock.told() == "no TLS handshake in 0.05 s"


def ended(sock: socket.socket) -> bool:
    """Whether the connection ends without another byte."""
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:
        return True


# Stopping


def test_handshake_that_hangs_does_not_hold_up_the_stop(mock: TlsMock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls_server, "HANDSHAKE_SECONDS", 3600)  # longer than a test may take
    with socket.create_connection(mock.address) as silent, socket.create_connection(mock.address) as begun:
        begun.sendall(b"\x16\x03\x01\x02\x00\x01")
        with mock.websocket():
            pass  # by now both have been accepted
        mock.stop()
        assert ended(silent)
        assert ended(begun)


def test_stop_closes_every_connection_with_1001(mock: TlsMock) -> None:
    with mock.websocket() as connection, mock.websocket() as silent:
        mock.stop()
        assert connection.next_close().code == silent.next_close().code == 1001
    assert [line.event for line in mock.rest()].count("close") == 2


def test_open_https_connection_does_not_hold_up_the_stop(mock: TlsMock) -> None:
    with RawSocket(f"{mock.http_url}/__mock__/health", mock.context) as connection:
        connection.upgrade(Upgrade=None, Connection=None)
        assert connection.read_http()[0] == 200
        mock.stop()
        assert ended(connection.socket)


# Shortage


@pytest.mark.parametrize("where", ["accept", "dup"])
def test_mock_survives_a_shortage_of_descriptors(folder: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    failures = [OSError(errno.EMFILE, os.strerror(errno.EMFILE)), ConnectionAbortedError()][
        : 2 if where == "accept" else 1
    ]
    original = getattr(socket.socket, where)

    def fail_at_first(sock: socket.socket) -> Any:
        if failures:
            raise failures.pop()
        return original(sock)

    monkeypatch.setattr(tls_server, "RETRY_SECONDS", 0.0)
    with TlsMock("asyncio", folder) as mock:
        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, where, fail_at_first)
            with socket.create_connection(mock.address) as first:
                if where == "dup":
                    assert ended(first)
                else:
                    with mock.websocket():
                        pass
        assert failures == []
        with mock.websocket() as connection:
            connection.send(frame(PING, b"x"))
            assert connection.next().opcode == PONG
