"""What is answered where nothing is."""

import socket
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from hamsa_mock import MockServer


def message_at(mock: MockServer, path: str) -> str:
    with pytest.raises(HTTPError) as caught:
        urlopen(mock.http_url + path)
    with caught.value as answer:
        assert answer.code == 404
        return answer.read().decode()


def test_wrong_path_of_the_admin_api_is_told_its_nearest_right_ones() -> None:
    with MockServer(profile="instant") as mock:
        assert "Nothing at /__mock__/clok; below /__mock__/: did you mean 'clock'?" in message_at(
            mock, "/__mock__/clok"
        )
        for path in ("/__mock__/zzz", "/__mock__", "/__mock__/"):
            message = message_at(mock, path)
            assert "clock" in message
            assert "openapi.json" in message
            assert "/v1/realtime" not in message


def test_request_without_a_path_is_told_the_paths_of_the_service() -> None:
    with MockServer(profile="instant") as mock:
        host, _, port = mock.http_url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), 20) as client:
            client.sendall(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            received = b"".join(iter(lambda: client.recv(4096), b""))
        assert received.startswith(b"HTTP/1.1 404 ")
        assert b"WebSocket clients connect to /v1/realtime/ws" in received


def test_wrong_path_of_the_service_is_told_the_paths_of_the_service() -> None:
    with MockServer(profile="instant") as mock:
        for path in ("/", "/v1/realtime/sst", "/__mok__/clock"):
            message = message_at(mock, path)
            assert "WebSocket clients connect to /v1/realtime/ws" in message
            assert "/clock" not in message.partition(";")[2]
