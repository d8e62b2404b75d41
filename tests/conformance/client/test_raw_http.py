"""Requests over HTTP that no library makes, at a real mock and at a wire in the test's hands."""

import socket
from collections.abc import Iterator

import pytest

from hamsa_conformance.client.raw_http import RawHttp, RawRequest, is_upgrade, upgrade_request
from hamsa_conformance.client.rest import RestAnswer
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import Unmet

REQUEST = RawRequest("GET", "/", (("Host", "here"),))


@pytest.fixture
def peer(server: Server) -> Iterator[tuple[socket.socket, RawHttp]]:
    """The other end of a wire, and this one."""
    mine, other = socket.socketpair()
    mine.settimeout(0.05)
    with other, RawHttp(server, mine) as line:
        yield other, line


def test_headers_are_changed_doubled_and_left_out() -> None:
    changes = {"Upgrade": ("a", "b"), "Connection": None, "X-New": "c"}
    request = upgrade_request("/ws", "host", changes, "POST", "HTTP/1.0")
    assert request.content == (
        b"POST /ws HTTP/1.0\r\nHost: host\r\nUpgrade: a\r\nUpgrade: b\r\n"
        b"Sec-WebSocket-Key: aGFtc2EtY29uZm9ybWFuYw==\r\nSec-WebSocket-Version: 13\r\nX-New: c\r\n\r\n"
    )
    assert request.shown.headers["Upgrade"] == "a, b"


def test_body_follows_the_headers() -> None:
    request = RawRequest("POST", "/", (("Content-Length", "2"),), body=b"{}")
    assert request.content == b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"


def test_upgrade_opens_a_websocket(server: Server) -> None:
    answer = server.raw_upgrade()
    assert answer is not None
    assert is_upgrade(answer)


def test_switch_with_a_wrong_accept_is_no_upgrade() -> None:
    assert not is_upgrade(RestAnswer(101, {"sec-websocket-accept": "bm9uc2Vuc2U="}, b""))
    assert not is_upgrade(RestAnswer(200, {}, b""))


def test_upgrade_that_is_refused_has_status_and_body(server: Server) -> None:
    answer = server.raw_upgrade({"Sec-WebSocket-Key": None})
    assert answer is not None
    assert (answer.status, answer.json["code"]) == (400, 400)


def test_request_and_answer_stand_in_the_transcript(server: Server) -> None:
    server.raw_upgrade(method="POST")
    shown = [(entry.kind, entry.method, entry.status) for entry in server.transcript]
    assert shown == [("http_request", "POST", None), ("http_answer", None, 405)]
    assert server.meter.connections == server.meter.requests == 1


def test_connection_is_used_again(server: Server) -> None:
    request = server.raw_request("GET", server.facts.text("endpoint.project"))
    with server.raw_http() as line:
        answers = [line.ask(request), line.ask(request)]
    assert [answer and answer.status for answer in answers] == [200, 200]


def test_end_without_an_answer_is_none(peer: tuple[socket.socket, RawHttp]) -> None:
    other, line = peer
    other.close()
    assert line.ask(REQUEST) is None


def test_answer_that_is_no_http_is_unmet(peer: tuple[socket.socket, RawHttp]) -> None:
    other, line = peer
    other.sendall(b"hello\r\n")
    with pytest.raises(Unmet, match="expected an answer over HTTP; got BadStatusLine"):
        line.ask(REQUEST)


def test_answer_that_does_not_come_is_unmet(peer: tuple[socket.socket, RawHttp]) -> None:
    _, line = peer
    with pytest.raises(Unmet, match="expected an answer over HTTP; got nothing in 10 s"):
        line.ask(REQUEST)
