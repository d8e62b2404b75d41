"""HTTP to the admin API of a mock."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme

from hamsa_kit.admin_calls import AdminCalls, MockRefused, MockUnreachable

Answer = tuple[int, str, bytes]


class Stub:
    """A server that gives one answer to everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = 204, "", b""
        self.asked: list[tuple[str, str, str, bytes]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline()
                if not self.parse_request():
                    return
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                authorization = self.headers.get("authorization", "")
                stub.asked.append((self.command, self.path, authorization, body))
                status, media_type, content = stub.answer
                if not status:
                    return  # the connection ends without an answer
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *values: object) -> None:
                """Silence."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def stub() -> Iterator[Stub]:
    stub = Stub()
    thread = threading.Thread(target=stub.server.serve_forever, args=(0.01,))
    thread.start()
    yield stub
    stub.server.shutdown()
    thread.join()
    stub.server.server_close()


def calls(stub: Stub, token: str | None = None) -> AdminCalls:
    return AdminCalls(f"http://127.0.0.1:{stub.port}/__mock__/", token)


def test_caller_gets_the_json_of_an_answer(stub: Stub) -> None:
    stub.answer = 200, "application/json; charset=utf-8", b'{"now": 1.5}'
    assert calls(stub).get("clock") == {"now": 1.5}
    assert stub.asked == [("GET", "/__mock__/clock", "", b"")]


def test_caller_gets_bytes_of_any_other_answer(stub: Stub) -> None:
    stub.answer = 200, "application/octet-stream", b"\x00\x01"
    assert calls(stub).get("journal", 1, 2, "bytes") == b"\x00\x01"


def test_caller_gets_none_where_nothing_came_back(stub: Stub) -> None:
    assert calls(stub).send("POST", "reset") is None


def test_parts_of_a_path_and_of_a_query_are_quoted_and_none_is_left_out(stub: Stub) -> None:
    calls(stub).get("behaviours", "a/b ?", event="a&b", after=None, limit=3)
    assert stub.asked[0][1] == "/__mock__/behaviours/a%2Fb%20%3F?event=a%26b&limit=3"


def test_content_and_token_are_sent(stub: Stub) -> None:
    calls(stub, token="secret").send("PATCH", "seed", content={"seed": 1})
    ((method, _, authorization, body),) = stub.asked
    assert (method, authorization, json.loads(body)) == ("PATCH", "Bearer secret", {"seed": 1})


def test_no_more_is_read_than_is_wanted(stub: Stub) -> None:
    stub.answer = 200, "application/octet-stream", b"abcdef"
    assert AdminCalls(f"http://127.0.0.1:{stub.port}", most_bytes=4).get("x") == b"abcd"


def test_refusal_says_why(stub: Stub) -> None:
    stub.answer = 404, "application/json", b'{"code": 404, "message": "no such thing"}'
    with pytest.raises(MockRefused, match=r"^no such thing$") as refused:
        calls(stub).get("x")
    assert refused.value.status == 404


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"message": 3}', b""])
def test_refusal_of_something_else_is_no_refusal_of_a_mock(stub: Stub, content: bytes) -> None:
    stub.answer = 502, "application/json" if content.startswith((b"[", b"{")) else "text/html", content
    with pytest.raises(MockRefused, match="HTTP 502; is it the admin API of a mock"):
        calls(stub).get("x")


def test_missing_mock_is_unreachable() -> None:
    with pytest.raises(MockUnreachable, match=r"no mock answers at http://127\.0\.0\.1:9"):
        AdminCalls("http://127.0.0.1:9").get("clock")


def test_mock_that_ends_without_an_answer_is_unreachable(stub: Stub) -> None:
    stub.answer = 0, "", b""
    with pytest.raises(MockUnreachable, match="no mock answers"):
        calls(stub).get("clock")


def test_caller_can_be_held_back_before_a_request(stub: Stub) -> None:
    def forbid() -> None:
        raise RuntimeError("not here")

    with pytest.raises(RuntimeError, match="not here"):
        AdminCalls(f"http://127.0.0.1:{stub.port}", before=forbid).get("clock")
    assert stub.asked == []


@pytest.mark.parametrize("url", ["ws://127.0.0.1/", "127.0.0.1:8765", "http://", "/__mock__"])
def test_url_that_is_none_of_http_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="begins with http"):
        AdminCalls(url)


def test_caller_trusts_the_certificate_it_is_given(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ca_file))
    with pytest.raises(MockUnreachable):
        AdminCalls("https://127.0.0.1:9", ca_file=str(ca_file)).get("clock")


@pytest.mark.parametrize("content", [b"[" * 200_000, b"{", b"\xff", b"nothing"])
def test_json_that_cannot_be_read_is_refused(stub: Stub, content: bytes) -> None:
    stub.answer = 200, "application/json", content
    with pytest.raises(MockRefused, match="answered with JSON that cannot be read; is it the admin API of a mock"):
        calls(stub).get("ready")
