"""One connection before all others."""

import base64
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.timekeeping import RealTime
from hamsa_conformance.running.preflight import CannotJudge, is_reached_through, look
from hamsa_mock import MockServer

CLOSE_4001 = b"\x88\x02\x0f\xa1"
CLOSE_1011 = b"\x88\x02\x03\xf3"
SECONDS = 0.3


def frame(text: bytes) -> bytes:
    return bytes([0x81, len(text)]) + text


INFO = frame(b'{"type":"info","payload":{"message":"Hello"}}')
ERROR = frame(b'{"type":"error","payload":{"message":"No such key"}}')
Serve = Callable[[socket.socket], None]


@contextmanager
def target(serve: Serve) -> Iterator[str]:
    """A server that does this with one connection, and closes it after that."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/v1/realtime/ws"
        thread.join()


def server_at(url: str, key: str = "k") -> Server:
    credentials = Credentials({("key", "valid"): key})
    http_url = url.replace("ws", "http", 1).removesuffix("/v1/realtime/ws")
    return Server(Endpoint(ws_url=url, http_url=http_url, time=RealTime(), credentials=credentials, timeout=SECONDS))


def says(*answer: bytes, stays: bool = False) -> Serve:
    """Takes the upgrade request, and says this."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"".join(answer))
        while stays and connection.recv(65536):
            pass

    return serve


def opens(*frames: bytes, stays: bool = False) -> Serve:
    """Accepts the WebSocket, and says this."""

    def serve(connection: socket.socket) -> None:
        request = connection.recv(65536)
        nonce = request.lower().partition(b"sec-websocket-key: ")[0]
        key = request[len(nonce) + len(b"sec-websocket-key: ") :].partition(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nServer: test\r\n"
        connection.sendall(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + b"".join(frames))
        while stays and connection.recv(65536):
            pass

    return serve


def silent(connection: socket.socket) -> None:
    """Reads until the client has gone."""
    while connection.recv(65536):
        pass


@pytest.mark.parametrize(
    ("serve", "words"),
    [
        (silent, r"taken, and then nothing came in 0\.3 s; if it speaks TLS, write wss://"),
        (lambda connection: None, "taken, and ended without an answer; if it speaks TLS"),
        (says(b"SSH-2.0-OpenSSH_9\r\n"), "what answers speaks no WebSocket"),
        (says(b"HTTP/1.1 101 Swit", stays=True), "not answered in full"),
        (says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"), "HTTP 404 no: is it the right server?"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"), "HTTP 200 <html>: is it the right server?"),
        (says(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), "key in HAMSA_API_KEY is refused: HTTP 401"),
        (opens(ERROR, CLOSE_4001), "key in HAMSA_API_KEY is refused: the text .*No such key"),
        (opens(INFO, ERROR, CLOSE_4001), "key in HAMSA_API_KEY is refused: the text .*No such key"),
        (opens(CLOSE_4001), "key in HAMSA_API_KEY is refused: a close with 4001"),
        (opens(CLOSE_1011), "the WebSocket was opened, and then came a close with 1011"),
        (opens(b"\xff\xff"), "the WebSocket was opened, and then came something that breaks the protocol"),
        (opens(), "the WebSocket was opened, and then came the end of the connection without a close frame"),
        (opens(stays=True), r"opened, and then nothing came in 0\.3 s, not even a pong"),
    ],
)
def test_server_that_cannot_be_judged_is_told_in_plain_words(serve: Serve, words: str) -> None:
    with target(serve) as url, pytest.raises(CannotJudge, match=words):
        look(server_at(url))


def test_place_where_nobody_listens_is_told() -> None:
    with pytest.raises(CannotJudge, match=r"cannot connect to 127\.0\.0\.1:9"):
        look(server_at("ws://127.0.0.1:9/v1/realtime/ws"))


@pytest.mark.parametrize("greeting", [INFO, frame(b"hello"), INFO + INFO])
def test_server_that_says_anything_can_be_judged(greeting: bytes) -> None:
    with target(opens(greeting, stays=True)) as url:
        assert look(server_at(url)) == {"server": "test"}


def test_server_that_says_nothing_but_answers_pings_can_be_judged(mock: MockServer) -> None:
    mock.faults.arm("drop instead of info")
    look(server_at(mock.ws_url, mock.key))
    assert mock.journal.entries(kind="ping")


def test_wrong_key_is_told_by_a_mock_too(mock: MockServer) -> None:
    with pytest.raises(CannotJudge, match="is refused"):
        look(server_at(mock.ws_url, "nobody-has-this"))


def test_mock_is_recognised_by_what_arrives_at_it(mock: MockServer) -> None:
    assert is_reached_through(server_at(mock.ws_url), mock.client)
    with MockServer() as other:
        assert not is_reached_through(server_at(other.ws_url), mock.client)


def test_mock_that_is_not_reached_is_told(mock: MockServer) -> None:
    with pytest.raises(CannotJudge, match="cannot connect"):
        is_reached_through(server_at("ws://127.0.0.1:9/v1/realtime/ws"), mock.client)
