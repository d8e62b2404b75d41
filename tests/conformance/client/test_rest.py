"""Requests over HTTP and their answers."""

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hamsa_conformance.client import rest
from hamsa_conformance.client.rest import (
    BrokenHttp,
    RestAnswer,
    RestCall,
    RestRequest,
    answer_entry,
    read_body,
    unless_limited,
)
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.socket_stream import Address
from hamsa_conformance.judgement import CannotTell, Unmet


@pytest.fixture
def wire() -> Iterator[tuple[http.client.HTTPResponse, socket.socket]]:
    """The answer of a server, and the socket on which the server writes it."""
    mine, other = socket.socketpair()
    with mine, other, http.client.HTTPResponse(mine) as response:
        yield response, other


def test_body_is_read_to_its_end(wire: tuple[http.client.HTTPResponse, socket.socket]) -> None:
    response, server = wire
    server.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    response.begin()
    assert read_body(response) == b"abcde"


def test_body_that_ends_too_early_is_broken(wire: tuple[http.client.HTTPResponse, socket.socket]) -> None:
    response, server = wire
    server.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    server.close()
    response.begin()
    with pytest.raises(BrokenHttp, match="ends 7 bytes too early"):
        read_body(response)


@pytest.mark.parametrize(
    ("bound", "words"), [("MOST_BYTES", "more than 0 bytes"), ("MOST_SECONDS", "not ended after 0 s")]
)
def test_body_without_end_is_given_up(
    wire: tuple[http.client.HTTPResponse, socket.socket], monkeypatch: pytest.MonkeyPatch, bound: str, words: str
) -> None:
    response, server = wire
    monkeypatch.setattr(rest, bound, 0)
    server.sendall(b"HTTP/1.1 200 OK\r\n\r\nabc")
    response.begin()
    with pytest.raises(BrokenHttp, match=words):
        read_body(response)


def test_answer_is_shown_by_status_and_text_or_size() -> None:
    refused = RestAnswer(401, {"content-type": "application/json"}, b'{"code": 401}')
    assert (str(refused), refused.json) == ('HTTP 401 {"code": 401}', {"code": 401})
    audio = RestAnswer(200, {"content-type": "audio/wav"}, bytes(2000))
    assert (str(audio), audio.json) == ("HTTP 200 2,000 bytes", None)
    assert (answer_entry(refused, 1, 2.0).text, answer_entry(audio, 1, 2.0).size) == ('{"code": 401}', 2000)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"no JSON", b"\xff"])
def test_body_that_cannot_be_read_is_no_json(body: bytes) -> None:
    assert RestAnswer(200, {}, body).json is None


class OnWire(Address):
    """An address at which the test's own socket is."""

    wire: socket.socket

    def connect(self, timeout: float) -> socket.socket:
        self.wire.settimeout(timeout)
        return self.wire


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://name/", b"name"),
        ("https://name:80/", b"name:80"),
        ("http://name/", b"name"),
        ("http://name:443/", b"name:443"),
        ("http://[::1]:8000/", b"[::1]:8000"),
    ],
)
def test_header_host_names_the_port_unless_it_is_that_of_the_scheme(url: str, host: bytes) -> None:
    mine, other = socket.socketpair()
    with mine, other:
        other.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        OnWire.wire = mine
        RestCall(OnWire.of(url), RestRequest("GET", "/"), lambda: 0.0, 5).run()
        assert b"\r\nHost: " + host + b"\r\n" in other.recv(4096)


def test_request_is_json_unless_it_is_bytes() -> None:
    request = RestRequest("POST", "/", {"text": "مرحبا"}, {"Authorization": "Token k"})
    assert request.content == '{"text": "مرحبا"}'.encode()
    assert request.all_headers == {"Content-Type": "application/json", "Authorization": "Token k"}
    assert RestRequest("POST", "/", b"raw").content == b"raw"
    assert RestRequest("GET", "/").all_headers == {}


def test_limited_answer_cannot_be_judged() -> None:
    with pytest.raises(CannotTell, match="limit of requests"):
        unless_limited(RestAnswer(429, {}, b""))


@pytest.mark.parametrize(
    ("sent", "words"),
    [(b"", "without an answer over HTTP"), (b"HTTP/1.1 200 OK\r\n\r\nabc", "in the middle of an answer over HTTP")],
)
def test_server_that_ends_the_connection_is_told_of_in_plain_words(sent: bytes, words: str) -> None:
    status_seen = threading.Event()
    readings = iter([lambda: None, status_seen.set])

    def now() -> float:
        next(readings)()
        return 0.0

    def serve() -> None:
        """Answer, or not, and reset the connection."""
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(sent)
            if sent:
                status_seen.wait(10)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as thread:
        serving = thread.submit(serve)
        call = RestCall(Address("127.0.0.1", listener.getsockname()[1], None), RestRequest("GET", "/"), now, 10)
        with pytest.raises(BrokenHttp, match=f"^the server ends the connection {words}$"):
            call.run()
        serving.result()


def test_answer_that_is_no_http_is_unmet(server: Server) -> None:
    server.mock.faults.arm("rest_broken_body instead of answer")
    with pytest.raises(Unmet, match="expected an answer over HTTP"):
        server.rest("POST", "/v1/realtime/tts-stream", {"text": "مرحبا", "speaker": "Majd"})
