"""The part of uvicorn that the mock relies on."""

import pytest

from hamsa_mock.shell import http
from hamsa_mock.shell.http import UnfitUvicorn, check_contract
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.raw import RawSocket, frame


def test_installed_uvicorn_is_fit() -> None:
    check_contract()


def test_unfit_uvicorn_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "USED", ("_should_upgrade", "_gone_in_version_9"))
    with pytest.raises(UnfitUvicorn, match="has no _gone_in_version_9"):
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


def test_upgrade_in_small_pieces_is_an_upgrade(mock_on_each_loop: LoggingMock) -> None:
    head = (
        b"GET /v1/realtime/ws HTTP/1.1\r\nHost: mock\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
        b"X-API-KEY: hamsa-test-key\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    with RawSocket(mock_on_each_loop.http_url) as connection:
        for index in range(0, len(head), 7):
            connection.send(head[index : index + 7])
        assert connection.read_http()[0] == 101


def test_plain_http_is_told_without_its_query(mock_on_each_loop: LoggingMock) -> None:
    with RawSocket(f"{mock_on_each_loop.http_url}/nowhere?api_key=sesame") as connection:
        connection.upgrade(Upgrade=None, Connection=None)
        connection.read_http()
    (line,) = mock_on_each_loop.told()
    assert line.words.startswith("GET /nowhere: 404 ")
    assert "sesame" not in repr(line)
