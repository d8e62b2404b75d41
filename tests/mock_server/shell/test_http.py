"""The part of uvicorn that the mock relies on."""

import asyncio
import json
import re
from typing import Any

import pytest
from websockets.server import ServerProtocol

from hamsa_mock.shell import http
from hamsa_mock.shell.http import HEAD_BYTES, Http, UnfitLibrary, check_contract
from hamsa_mock.shell.quiet_protocol import QuietProtocol
from hamsa_mock.shell.rest import RestEndpoint
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.raw import RawSocket, frame

PING = 0x9
GET = b"GET /nowhere HTTP/1.1\r\nHost: mock\r\n\r\n"
UPGRADE = (
    b"GET /v1/realtime/ws HTTP/1.1\r\nHost: mock\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"X-API-KEY: hamsa-test-key\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def test_installed_uvicorn_is_fit() -> None:
    check_contract()


def test_unfit_uvicorn_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "USED", ("_should_upgrade", "_gone_in_version_9"))
    with pytest.raises(UnfitLibrary, match="has no _gone_in_version_9"):
        check_contract()


def test_websockets_that_answers_pings_itself_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietProtocol, "recv_frame", ServerProtocol.recv_frame)
    with pytest.raises(UnfitLibrary, match="this version of websockets answers pings by itself"):
        check_contract()


def test_many_requests_over_one_http_connection(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(f"{mock_on_each_loop.http_url}/__mock__/health") as connection:
        for _ in range(3):
            connection.upgrade(Upgrade=None, Connection=None)
            assert connection.read_http()[0] == 200
        connection.upgrade()
        assert connection.read_http()[0] == 404


def test_upgrade_to_something_else_is_answered_as_plain_http(mock_on_each_loop: LoggingMock) -> None:
    """curl asks for h2c so."""
    with RawSocket(f"{mock_on_each_loop.http_url}/__mock__/health") as connection:
        connection.upgrade(Upgrade="h2c", Connection="Upgrade, HTTP2-Settings", HTTP2_Settings="AAMAAABkAAQAoAAA")
        assert connection.read_http()[0] == 200


def test_path_is_compared_decoded(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(f"{mock_on_each_loop.http_url}/v1/realtime/%77s?api_key=hamsa%2Dtest-key") as connection:
        connection.upgrade()
        assert connection.read_http()[0] == 101
        connection.send(frame(8, b"\x03\xe8"))
        while b"\x88" not in connection.rest:
            connection.rest += connection.socket.recv(4096)
        assert b"Connected to realtime WebSocket server" in connection.rest


def test_client_of_another_version_is_told_which_one_is_spoken(mock: LoggingMock) -> None:
    with RawSocket(f"{mock.ws_url}?api_key={mock.key}") as client:
        client.upgrade(Sec_WebSocket_Version="8")
        status, headers, _ = client.read_http()
    assert (status, headers["sec-websocket-version"], headers["upgrade"]) == (426, "13", "websocket")


def test_upgrade_in_small_pieces_is_an_upgrade(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(mock_on_each_loop.http_url) as connection:
        for index in range(0, len(UPGRADE), 7):
            connection.send(UPGRADE[index : index + 7])
        assert connection.read_http()[0] == 101


def test_plain_http_is_told_without_its_query(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(f"{mock_on_each_loop.http_url}/nowhere?api_key=sesame") as connection:
        connection.upgrade(Upgrade=None, Connection=None)
        connection.read_http()
    (line,) = mock_on_each_loop.told()
    assert line.words.startswith("GET /nowhere: 404 ")
    assert "sesame" not in repr(line)


def refusal(connection: RawSocket) -> tuple[int, str]:
    """Status and message of an answer behind which the connection ends."""
    status, headers, body = connection.read_http()
    assert (headers["content-type"], headers["connection"]) == ("application/json", "close")
    error = json.loads(body)
    assert error["code"] == status
    assert connection.rest == body
    assert ended(connection)
    return status, error["message"]


def ended(connection: RawSocket) -> bool:
    """Whether the connection ends without another byte."""
    try:
        return connection.socket.recv(1) == b""
    except ConnectionResetError:
        return True


def told(mock: LoggingMock) -> str:
    """The only line of the log."""
    (line,) = mock.told()
    assert (line.event, line.connection) == ("http", None)
    return line.words


# Heads without end


@pytest.mark.parametrize("piece", [b"a", b"a: b\r\n"])
def test_head_that_does_not_end_is_refused_with_431(mock_on_each_loop: LoggingMock, piece: bytes) -> None:
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(b"GET / HTTP/1.1\r\nx: ")
        sent = HEAD_BYTES // len(piece) + 1
        connection.send(piece * sent)
        status, message = refusal(connection)
    assert status == 431
    assert str(HEAD_BYTES) in message
    assert f": 431 {message}" in told(mock_on_each_loop)


@pytest.mark.parametrize("many", [False, True])
def test_head_that_ends_too_late_is_refused_with_431(mock_on_each_loop: LoggingMock, many: bool) -> None:
    header = b"x: y\r\n" * (HEAD_BYTES // 5) if many else b"x: " + b"y" * HEAD_BYTES + b"\r\n"
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(UPGRADE.replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n"))
        assert refusal(connection)[0] == 431


def test_head_of_the_greatest_size_is_read(mock_on_each_loop: LoggingMock) -> None:
    start = b"GET /__mock__/health HTTP/1.1\r\nHost: mock\r\nx: "
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(start + b"y" * (HEAD_BYTES - len(start) - 4) + b"\r\n\r\n")
        assert connection.read_http()[0] == 200


def test_many_short_heads_are_not_taken_for_a_long_one(mock_on_each_loop: LoggingMock) -> None:
    health = b"GET /__mock__/health HTTP/1.1\r\nHost: mock\r\n\r\n"
    count = HEAD_BYTES // len(health) * 3
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(health * count + health[:-1])
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < count:
            received += connection.socket.recv(65536)
        connection.send(health[-1:])
        while received.count(b"HTTP/1.1 200 OK") < count + 1:
            received += connection.socket.recv(65536)
    assert b"431" not in received


# What is no request


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            b"\x16\x03\x01\x02\x00\x01",
            "this looks like TLS; the mock speaks ws:// and http://, with --tls wss:// and https://",
        ),
        (b"hello\r\n\r\n", "not an HTTP request: Invalid method encountered"),
        (b"CONNECT mock:1 HTTP/1.1\r\nHost: mock\r\n\r\n", "not an HTTP request: its target is no path"),
    ],
)
def test_what_is_no_request_is_refused_and_told(mock_on_each_loop: LoggingMock, sent: bytes, message: str) -> None:
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(sent)
        host, port = connection.socket.getsockname()[:2]
        assert refusal(connection) == (400, message)
    assert told(mock_on_each_loop) == f"{host}:{port}: 400 {message}"


def test_mistake_of_the_mock_in_a_callback_reaches_the_loop(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[dict[str, Any]] = []

    def fail(protocol: Http) -> None:
        protocol.loop.set_exception_handler(lambda _, context: reported.append(context))
        raise ZeroDivisionError

    monkeypatch.setattr(Http, "on_message_complete", fail)
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(GET)
        while not ended(connection):
            pass
    mock_on_each_loop.stop()
    assert isinstance(reported[0]["exception"].__context__, ZeroDivisionError)


@pytest.mark.parametrize("typed", ["&api_key=sk_SECRET", "/api_key=sk_SECRET", "%3Fapi_key=sk_SECRET"])
@pytest.mark.parametrize("upgrade", [True, False])
def test_key_in_the_path_is_not_shown(mock: LoggingMock, typed: str, upgrade: bool) -> None:
    with RawSocket(f"{mock.ws_url}{typed}") as connection:
        if upgrade:
            connection.upgrade()
        else:
            connection.upgrade(Upgrade=None, Connection=None)
        status, _, body = connection.read_http()
    message = json.loads(body)["message"]
    assert status == 404
    assert 'the query with the key begins with "?"' in message
    (line,) = mock.told()
    assert message in line.words
    assert "SECRET" not in message + repr(line)


def test_long_path_is_cut_wherever_it_is_shown(mock: LoggingMock) -> None:
    for upgrade in ("websocket", None):
        with RawSocket(f"{mock.http_url}/{'a' * 10_000}") as connection:
            connection.upgrade(Upgrade=upgrade)
            _, _, body = connection.read_http()
        assert len(body) < 1000
    assert all(len(repr(line)) < 1500 for line in mock.told())


# Several requests in one segment


@pytest.mark.parametrize("count", [1, 2, 5])
def test_upgrade_behind_requests_is_answered_in_its_turn(mock_on_each_loop: LoggingMock, count: int) -> None:
    """As of clients that take a connection from their pool as soon as they have read the last byte of an answer."""
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(GET * count + UPGRADE + frame(PING, b"early"))
        received = b""
        while b"early" not in received:
            received += connection.socket.recv(65536)
    assert re.findall(rb"HTTP/1\.1 (\d+)", received) == [b"404"] * count + [b"101"]


def test_upgrade_behind_an_answer_without_end_waits_until_the_client_goes(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str] = []

    async def answer_without_end(_: RestEndpoint, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while (message := await receive())["type"] != "http.disconnect":
            pass
        gone.append(message["type"])

    monkeypatch.setattr(RestEndpoint, "__call__", answer_without_end)
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(b"GET /v1/realtime/tts HTTP/1.1\r\nHost: mock\r\n\r\n" + UPGRADE)
        received = b""
        while b"begun" not in received:
            received += connection.socket.recv(65536)
    mock_on_each_loop.stop()
    assert gone == ["http.disconnect"]
    assert not any("open from" in line.words for line in mock_on_each_loop.told())


def test_answers_that_were_due_do_not_follow_a_refusal(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that does not read keeps the closed transport open for a while, and it would still take them."""
    silenced: list[bool] = []
    refuse = Http._refuse

    def look(protocol: Http, status: int, message: str) -> None:
        refuse(protocol, status, message)
        silenced.extend(cycle.disconnected for cycle in protocol._unanswered)

    monkeypatch.setattr(Http, "_refuse", look)
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(GET * 3 + b"hello\r\n\r\n")
        assert refusal(connection)[0] == 400
    assert silenced == [True] * 3


def test_refusal_does_not_stand_in_the_middle_of_an_answer(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer_without_end(_: RestEndpoint, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

    monkeypatch.setattr(RestEndpoint, "__call__", answer_without_end)
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(b"GET /v1/realtime/tts HTTP/1.1\r\nHost: mock\r\n\r\n")
        received = b""
        while b"begun" not in received:
            received += connection.socket.recv(65536)
        connection.send(b"hello\r\n\r\n")
        assert ended(connection)
    assert any(": 400 " in line.words for line in mock_on_each_loop.told())


def test_upgraded_connection_outlives_the_keep_alive_time_of_http(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GET, then an upgrade over the same connection: the timer behind the answer to the GET has to be gone."""
    timers: list[asyncio.TimerHandle] = []
    on_response_complete = Http.on_response_complete

    def remember(protocol: Http) -> None:
        on_response_complete(protocol)
        assert protocol.timeout_keep_alive_task is not None
        timers.append(protocol.timeout_keep_alive_task)

    monkeypatch.setattr(Http, "on_response_complete", remember)
    with RawSocket(mock_on_each_loop.http_url) as connection:
        connection.send(GET)
        connection.read_http()
        connection.send(UPGRADE)
        assert connection.read_http()[0] == 101
        assert [timer.cancelled() for timer in timers] == [True]
