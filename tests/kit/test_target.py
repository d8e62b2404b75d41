"""Where a tool is pointed at, what is there, and what its user has to say yes to first."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hamsa_kit.admin_calls import MockRefused, MockUnreachable
from hamsa_kit.target import Kind, TargetError, TargetUrl, consent, find_mock, kind_of, parse_target

ENDPOINT = "/v1/realtime/ws"
JSON = "application/json"
READY: Mapping[str, tuple[int, str, bytes]] = {
    "/__mock__/ready": (200, JSON, b'{"status": "ok"}'),
    "/__mock__/info": (200, JSON, json.dumps({"ws_url": "ws://mock/", "keys": ["k"]}).encode()),
}


class Site:
    """A server on loopback that gives prepared answers, and 404 to all else."""

    def __init__(self, answers: Mapping[str, tuple[int, str, bytes]]) -> None:
        self.asked: list[tuple[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers.get("authorization", "")))
                status, media_type, content = answers.get(self.path, (404, JSON, b'{"message": "Not Found"}'))
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *values: object) -> None:
                """Silence."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.target = parse_target(f"ws://127.0.0.1:{self.server.server_address[1]}")


@pytest.fixture
def answers() -> dict[str, tuple[int, str, bytes]]:
    return dict(READY)


@pytest.fixture
def site(answers: dict[str, tuple[int, str, bytes]]) -> Iterator[Site]:
    site = Site(answers)
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,))
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.mark.parametrize(
    ("written", "ws_url", "http_url"),
    [
        ("ws://127.0.0.1:8765", f"ws://127.0.0.1:8765{ENDPOINT}", "http://127.0.0.1:8765"),
        ("http://127.0.0.1:8765/", f"ws://127.0.0.1:8765{ENDPOINT}", "http://127.0.0.1:8765"),
        (f"wss://staging.example{ENDPOINT}", f"wss://staging.example{ENDPOINT}", "https://staging.example"),
        (f"https://staging.example{ENDPOINT}/", f"wss://staging.example{ENDPOINT}", "https://staging.example"),
        (" WSS://Staging.Example ", f"wss://staging.example{ENDPOINT}", "https://staging.example"),
        ("ws://[::1]:8765", f"ws://[::1]:8765{ENDPOINT}", "http://[::1]:8765"),
        ("ws://bücher.example", f"ws://xn--bcher-kva.example{ENDPOINT}", "http://xn--bcher-kva.example"),
    ],
)
def test_target_is_understood_however_it_is_written(written: str, ws_url: str, http_url: str) -> None:
    target = parse_target(written)
    assert (target.ws_url, target.http_url) == (ws_url, http_url)
    assert target.admin_url == f"{http_url}/__mock__"
    assert not target.had_key


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "a target is a URL, such as ws://127"),
        ("127.0.0.1:8765", "begins with no scheme; write ws://127.0.0.1:8765, or wss:// for TLS"),
        ("wsss://127.0.0.1", "no scheme 'wsss'; did you mean 'wss'"),
        ("ws://", "the host is missing"),
        ("ws://:8765", "the host is missing"),
        ("ws://[::1", "is no host and port"),
        ("ws://a..b", "is no host and port"),
        ("ws://127.0.0.1:port", "is no host and port"),
        ("ws://127.0.0.1:70000", "is no host and port"),
        ("ws://127.0.0.1:0", "ports are 1 to 65535"),
        ("ws://0.0.0.0:8765", r"127\.0\.0\.1 is this machine"),
        ("ws://[::]:8765", r"127\.0\.0\.1 is this machine"),
        ("ws://127.0.0.1/v1/realtime/sw", f"leave it out or write {ENDPOINT}"),
        ("ws://127.0.0.1?voice=Majd", "leave out what follows"),
        ("ws://127.0.0.1#here", "leave out what follows"),
        ("ws://127.0.0.1?api_key=abc#here", "leave out what follows"),
    ],
)
def test_target_that_cannot_be_used_is_refused_with_what_to_do(written: str, words: str) -> None:
    with pytest.raises(TargetError, match=words):
        parse_target(written)


@pytest.mark.parametrize(
    "written",
    [
        "ws://127.0.0.1:8765?api_key=5ca1ab1e",
        f"ws://127.0.0.1:8765{ENDPOINT}?API_KEY=5ca1ab1e&x=1",
        "ws://5ca1ab1e@127.0.0.1:8765",
        "ws://user:5ca1ab1e@127.0.0.1:8765",
    ],
)
def test_key_in_a_target_is_taken_out(written: str) -> None:
    target = parse_target(written)
    assert target.had_key
    assert target.ws_url == f"ws://127.0.0.1:8765{ENDPOINT}"
    assert "5ca1ab1e" not in repr(target)


@pytest.mark.parametrize(
    "written",
    [
        "127.0.0.1:8765?api_key=5ca1ab1e",
        "user:5ca1ab1e@127.0.0.1:8765",
        "ws://5ca1ab1e@127.0.0.1:port",
        "ws://127.0.0.1:port?api_key=5ca1ab1e",
        f"ws://127.0.0.1{ENDPOINT}&api_key=5ca1ab1e",
        "ws://127.0.0.1?5ca1ab1e",
        "ws://127.0.0.1#5ca1ab1e",
        "5ca1ab1e@wsx://127.0.0.1",
    ],
)
def test_refusal_of_a_target_shows_no_key(written: str) -> None:
    with pytest.raises(TargetError) as refused:
        parse_target(written)
    assert "5ca1ab1e" not in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "mock.localhost", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_names_and_addresses_of_this_machine_are_loopback(host: str) -> None:
    assert parse_target(f"ws://{host}:1").is_loopback


@pytest.mark.parametrize("host", ["localhost.example", "192.168.0.7", "mock", "api.tryhamsa.com", "[2001:db8::1]"])
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not parse_target(f"ws://{host}:1").is_loopback


@pytest.mark.parametrize("host", ["api.tryhamsa.com", "API.tryhamsa.com.", "eu.tryhamsa.com", "ａｐｉ.tryhamsa.com"])
def test_vendor_is_recognised_by_name_however_it_is_written(host: str) -> None:
    assert parse_target(f"wss://{host}").is_vendor


def test_mock_on_this_machine_is_found(site: Site) -> None:
    mock = find_mock(site.target, token="token")
    assert mock is not None
    assert mock.key == "k"
    assert {token for _, token in site.asked} == {"Bearer token"}


def test_mock_is_found_where_its_user_says_that_its_admin_api_is(site: Site) -> None:
    assert find_mock(parse_target("ws://mock.example"), f"{site.target.admin_url}/") is not None


def test_target_elsewhere_is_asked_nothing_by_itself() -> None:
    assert find_mock(parse_target("ws://mock.invalid"), token="token") is None


def test_vendor_is_asked_nothing() -> None:
    vendor = parse_target("wss://api.tryhamsa.com")
    assert find_mock(vendor) is None
    with pytest.raises(TargetError, match=r"api\.tryhamsa\.com is a vendor's host"):
        find_mock(vendor, "http://127.0.0.1:1/__mock__")


@pytest.mark.parametrize(
    "answer",
    [
        (404, JSON, b'{"message": "Not Found"}'),
        (200, "text/html", b"<p>ok</p>"),
        (200, JSON, b"no JSON"),
        (200, JSON, b"[" * 200_000),
        (200, JSON, b"[]"),
        (200, JSON, b'{"status": "starting"}'),
    ],
)
def test_other_server_is_no_mock(answers: dict[str, tuple[int, str, bytes]], site: Site, answer: object) -> None:
    answers["/__mock__/ready"] = answer  # type: ignore[assignment]
    assert find_mock(site.target) is None


def test_place_where_nobody_listens_is_no_mock() -> None:
    assert find_mock(parse_target("ws://127.0.0.1:9")) is None


def test_missing_admin_api_is_told_where_one_was_named(site: Site) -> None:
    with pytest.raises(MockUnreachable, match=r"no mock answers at http://127\.0\.0\.1:9;"):
        find_mock(site.target, "http://127.0.0.1:9")


def test_mock_that_asks_for_another_token_is_told(answers: dict[str, tuple[int, str, bytes]], site: Site) -> None:
    answers["/__mock__/info"] = 401, JSON, b'{"message": "send its token"}'
    with pytest.raises(MockRefused, match="send its token"):
        find_mock(site.target)


def test_admin_url_that_is_none_is_refused(site: Site) -> None:
    with pytest.raises(TargetError, match="begins with http"):
        find_mock(site.target, "ws://127.0.0.1")


@pytest.mark.parametrize(
    ("written", "is_mock", "kind"),
    [
        ("ws://127.0.0.1", True, "mock"),
        ("ws://mock.example", True, "mock"),
        ("ws://127.0.0.1", False, "local"),
        ("ws://mock.example", False, "elsewhere"),
        ("wss://api.tryhamsa.com", False, "vendor"),
        ("wss://api.tryhamsa.com", True, "vendor"),
    ],
)
def test_kind_of_a_target(written: str, is_mock: bool, kind: Kind) -> None:
    assert kind_of(parse_target(written), is_mock) == kind


@pytest.mark.parametrize(
    ("kind", "live", "has_budget", "words"),
    [
        ("mock", False, False, None),
        ("local", False, False, None),
        ("elsewhere", True, True, None),
        ("vendor", True, True, None),
        ("elsewhere", False, True, "host.example is not this machine; --live says"),
        ("vendor", False, True, "host.example is a vendor's own service.*--live says"),
        ("elsewhere", True, False, "host.example may cost money; cap it by --budget-chars"),
        ("vendor", True, False, "host.example may cost money; cap it by --budget-chars"),
    ],
)
def test_what_a_user_has_to_say_yes_to(kind: Kind, live: bool, has_budget: bool, words: str | None) -> None:
    said = consent(TargetUrl("host.example", None, True, ENDPOINT), kind, live=live, has_budget=has_budget)
    assert said is None if words is None else re.search(words, said or "")
