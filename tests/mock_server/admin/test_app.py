"""The admin API over real sockets: its guards are attacked, its bodies are wrong, its port is another."""

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from hamsa_kit.admin_calls import MockUnreachable
from hamsa_mock import MockServer
from hamsa_mock.admin.app import BODY_BYTES
from tests.mock_server.raw import RawSocket

Answer = tuple[int, Any]


@pytest.fixture
def mock() -> Iterator[MockServer]:
    with MockServer(profile="instant") as mock:
        yield mock


def call(url: str, method: str, path: str, body: object = None, **headers: str) -> Answer:
    """Status and content of an answer. `body` is sent as JSON, bytes as they are."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    try:
        connection.request(method, path, data, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        content = response.read()
        is_json = response.getheader("content-type") == "application/json"
        return response.status, json.loads(content) if is_json else content
    finally:
        connection.close()


def admin(mock: MockServer, method: str, path: str, body: object = None, **headers: str) -> Answer:
    return call(mock.http_url, method, f"/__mock__{path}", body, **headers)


# Guards


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "rebound.example"},
        {"origin": "https://evil.example"},
        {"origin": "null", "content_type": "text/plain"},
        {"sec_fetch_site": "cross-site"},
    ],
)
def test_page_of_another_site_changes_nothing(mock: MockServer, headers: dict[str, str]) -> None:
    status, error = admin(mock, "PATCH", "/behaviours", {"hamsa.tts.truncation": "never"}, **headers)
    assert status == error["code"] == 403
    assert mock.behaviours["hamsa.tts.truncation"] != "never"


def test_page_of_another_site_is_answered_on_the_routes_of_the_service(mock: MockServer) -> None:
    headers = {"authorization": f"Token {mock.key}", "host": "rebound.example", "origin": "https://evil.example"}
    assert call(mock.http_url, "GET", "/v1/projects/by-api-key", None, **headers)[0] == 200


def test_nothing_of_the_api_may_be_read_by_pages_of_other_origins(mock: MockServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(mock.http_url).netloc, timeout=10)
    connection.request("OPTIONS", "/__mock__/clock", headers={"Origin": "http://localhost:3000"})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 405
    assert response.getheader("access-control-allow-origin") is None


def test_mock_that_other_machines_reach_asks_for_its_token() -> None:
    with MockServer(host="0.0.0.0", profile="instant") as mock:
        url = mock.http_url
        assert call(url, "GET", "/__mock__/clock")[0] == 401
        assert call(url, "GET", "/__mock__/clock", None, authorization="Bearer guess")[0] == 401
        assert call(url, "GET", "/__mock__/health") == (200, {"status": "ok"})
        assert call(url, "GET", "/__mock__/ready", None, host="anything.example") == (200, {"status": "ok"})
        assert mock.clock.now() >= 0, "its own client has the token"


def test_token_can_be_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_MOCK_ADMIN_TOKEN", "chosen")
    with MockServer(host="0.0.0.0", profile="instant") as mock:
        assert call(mock.http_url, "GET", "/__mock__/seed", None, authorization="Bearer chosen") == (200, {"seed": 0})


@pytest.mark.parametrize("name", ["mock", "Mock", "mock:8765", "mock."])
def test_allowed_names_are_hosts_of_the_mock(name: str) -> None:
    with MockServer(profile="instant", config={"admin_hosts": [name]}) as mock:
        assert admin(mock, "GET", "/seed", None, host="mock:8765")[0] == 200
        assert admin(mock, "GET", "/seed", None, host="other:8765")[0] == 403


def test_admin_api_on_a_port_of_its_own_is_nowhere_else() -> None:
    with MockServer(profile="instant", config={"admin_port": 0}) as mock:
        assert urlsplit(mock.client.ws_url).netloc == urlsplit(mock.ws_url).netloc
        assert call(mock.http_url, "GET", "/__mock__/clock")[0] == 404
        assert mock.clock.now() >= 0
        admin_url = mock.client.environment["HAMSA_MOCK_ADMIN_URL"]
        assert call(admin_url, "GET", "/v1/projects/by-api-key")[0] == 404
        with RawSocket(admin_url.replace("/__mock__", "/v1/realtime/ws")) as upgrade:
            upgrade.upgrade()
            assert upgrade.read_http()[0] == 404


# Bodies and paths


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("POST", "/clock", b"{", 400, "the body is not JSON"),
        ("POST", "/clock", b"", 400, "the body is not JSON"),
        ("POST", "/clock", {}, 400, "exactly one of advance, scale and freeze"),
        ("POST", "/clock", {"advanse": 1}, 400, "did you mean 'advance'?"),
        ("POST", "/clock", {"advance": -1}, 400, "allowed: 0 to"),
        ("POST", "/clock", {"advance": "nxt"}, 400, "a number of seconds or 'next'"),
        ("POST", "/clock", {"advance": 1e300}, 400, "allowed: 0 to"),
        ("POST", "/clock", {"advance": 1, "scale": 2}, 400, "exactly one of"),
        ("POST", "/clock", {"scale": 0}, 400, "allowed: 0.001 to"),
        ("POST", "/clock", {"freeze": "yes"}, 400, "freeze"),
        ("PATCH", "/behaviours", {"hamsa.tts.truncatoin": "never"}, 400, "did you mean 'hamsa.tts.truncation'?"),
        ("PATCH", "/behaviours", [], 400, ""),
        ("GET", "/behaviours/hamsa.tts.truncatoin", None, 404, "did you mean 'hamsa.tts.truncation'?"),
        ("PUT", "/profile", {"profile": "instand"}, 400, "did you mean 'instant'?"),
        ("PUT", "/profile", {"profile": "/etc/passwd.json"}, 400, "no profile"),
        ("PUT", "/seed", {"seed": 1.5}, 400, "seed"),
        ("POST", "/faults", "clothe(4003)", 400, "did you mean 'close'?"),
        ("POST", "/faults", {"kind": "close", "code": 4003}, 400, ""),
        ("DELETE", "/faults/7", None, 404, "armed: none"),
        ("DELETE", "/faults/x", None, 400, "id must be a whole number"),
        ("POST", "/verify", {"query": {"evnt": "tts"}}, 400, "did you mean 'event'?"),
        ("POST", "/verify", {"query": {}, "timeout": 1e9}, 400, "timeout"),
        ("GET", "/journal?evnt=tts", None, 400, "did you mean 'event'?"),
        ("GET", "/journal?kind=bogus", None, 400, "no kind 'bogus'"),
        ("GET", "/journal?limit=-1", None, 400, "limit must be a whole number"),
        ("GET", "/journal/export?canonical=1", None, 400, "canonical must be true or false"),
        ("GET", "/seed?x=1", None, 400, "no query parameter 'x'; it takes none"),
        ("PUT", "/seed", {"seed": 2**64}, 400, "seed"),
        ("POST", "/connections/7/close", None, 404, "open: none"),
        ("GET", "/journal?limit=x", None, 400, "limit must be a whole number"),
        ("GET", "/journal/1/1/bytes", None, 404, ""),
        ("GET", "/journal/x/1/bytes", None, 400, "connection must be a whole number"),
        ("POST", "/connections/7/close", {}, 404, "there is no connection 7; open: none"),
        ("POST", "/connections/7/close", {"code": 1005}, 400, "1005 is no code that a close frame can carry"),
        ("POST", "/connections/7/close", {"reason": "ن" * 62}, 400, "124 bytes"),
        ("POST", "/connections/7/send", {"base64": "!"}, 400, "base64"),
        ("POST", "/connections/7/send", {}, 400, ""),
        ("PATCH", "/providers/hamsa/keys", [{"key": "a", "projekt": "x"}], 400, "did you mean 'project'?"),
        ("PATCH", "/providers/hamsa/keys", [{"key_env": "PATH", "project": "x"}], 400, "PATH"),
        ("PATCH", "/providers/hamsa/audio", [{"text": "a", "file": "/etc/hostname"}], 400, "config file only"),
        ("DELETE", "/providers/hamsa/users/nobody", None, 404, "nobody"),
        ("PUT", "/clock", {}, 405, "/clock takes GET, POST"),
        ("GET", "/nothing", None, 404, "Nothing at /__mock__/nothing"),
    ],
)
def test_mistake_gets_one_line_that_says_what_is_right(
    mock: MockServer, method: str, path: str, body: object, status: int, words: str
) -> None:
    found, error = admin(mock, method, path, body)
    assert found == error["code"] == status, error
    assert words in error["message"]
    assert error["message"].strip()
    assert "\n" not in error["message"]


def test_body_that_is_too_large_is_refused_while_it_comes(mock: MockServer) -> None:
    host, port = urlsplit(mock.http_url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as sock:
        head = f"PATCH /__mock__/behaviours HTTP/1.1\r\nHost: {host}\r\nContent-Length: {10 * BODY_BYTES}\r\n\r\n"
        sock.sendall(head.encode())
        piece = bytes(2**20)
        try:
            for _ in range(BODY_BYTES // len(piece) + 2):
                sock.sendall(piece)
        except OSError:
            pass  # it has been answered, and the connection is ending
        assert sock.recv(12) == b"HTTP/1.1 413"


def test_content_type_does_not_matter(mock: MockServer) -> None:
    body = json.dumps({"seed": 0}).encode()
    assert admin(mock, "PUT", "/seed", body, content_type="application/x-www-form-urlencoded")[0] == 200


def test_head_is_answered_like_get_without_a_body(mock: MockServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(mock.http_url).netloc, timeout=10)
    connection.request("HEAD", "/__mock__/clock")
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"")
    connection.close()


def test_client_that_goes_in_the_middle_of_its_request_is_told_without_a_traceback(
    mock: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = urlsplit(mock.http_url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as sock:
        sock.sendall(f"POST /__mock__/clock HTTP/1.1\r\nHost: {host}\r\nContent-Length: 500\r\n\r\n{{".encode())
    assert mock.journal.verify(kind="note", text="before its request was whole", timeout=10)
    assert caplog.records == []


# What it tells


def test_change_is_told_in_the_journal_and_a_question_is_not(mock: MockServer) -> None:
    mock.reset()
    mock.journal.verify(event="tts", exactly=0)
    mock.clock.now()
    assert mock.journal.entries() == []
    mock.client.seed(3)
    assert [entry.text for entry in mock.journal.entries()] == ['PUT /__mock__/seed: 200 {"seed": 3}']


def test_key_that_a_fault_names_is_told_nowhere(mock: MockServer) -> None:
    assert admin(mock, "POST", "/faults", 'stall after ack when key="sk-unknown-to-the-mock"')[0] == 200
    assert "sk-unknown" not in mock.journal.export() + mock.client.config() + str(mock.faults.armed())


def test_refusal_is_told_with_its_reason(mock: MockServer) -> None:
    admin(mock, "PUT", "/profile", {"profile": "instand"})
    (entry,) = mock.journal.entries()
    assert entry.text is not None
    assert entry.text.startswith("PUT /__mock__/profile: 400 no profile 'instand'; did you mean 'instant'?")


def test_metrics_are_in_the_format_of_prometheus(mock: MockServer) -> None:
    status, text = admin(mock, "GET", "/metrics")
    assert status == 200
    lines = text.decode().splitlines()
    assert "# TYPE hamsa_mock_lateness_seconds histogram" in lines
    assert "hamsa_mock_connections_open 0" in lines
    for line in lines:
        assert line.startswith("# ") or float(line.rpartition(" ")[2]) >= 0


def test_shutdown_ends_the_mock() -> None:
    mock = MockServer(profile="instant").start()
    assert admin(mock, "POST", "/shutdown")[0] == 204
    assert is_gone(mock)
    mock.stop()


def is_gone(mock: MockServer) -> bool:
    """Whether nobody answers any more; asked until then."""
    while True:
        try:
            mock.client.is_ready()
        except MockUnreachable:
            return True
