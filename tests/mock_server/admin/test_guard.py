"""Who may steer a mock."""

import pytest

from hamsa_mock.admin.guard import Guard

HERE = {"host": "127.0.0.1:8765"}


def status(guard: Guard, path: str = "/clock", **headers: str) -> int | None:
    """The status that a request is refused with; None: it is answered."""
    denied = guard.judge(path, {name.replace("_", "-"): value for name, value in headers.items()})
    return None if denied is None else denied.status


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8765", "localhost", "LOCALHOST:80", "localhost.:80", "[::1]:8765", "127.8.9.1", "app.localhost:1"],
)
def test_program_on_this_machine_may_steer_without_a_token(host: str) -> None:
    assert status(Guard(), host=host) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::1", "192.0.2.7"],
)
def test_page_that_got_here_by_dns_rebinding_may_not_steer(host: str) -> None:
    assert status(Guard(), host=host) == 403


def test_request_without_a_host_may_not_steer() -> None:
    assert status(Guard()) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", "", "file://"])
def test_page_of_another_origin_may_not_steer(origin: str) -> None:
    assert status(Guard(), **HERE, origin=origin) == 403


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:8765", "https://[::1]"])
def test_page_of_this_machine_may_steer(origin: str) -> None:
    assert status(Guard(), **HERE, origin=origin) is None


def test_image_of_another_site_that_names_no_origin_is_refused_by_what_the_browser_says() -> None:
    assert status(Guard(), **HERE, sec_fetch_site="cross-site") == 403
    assert status(Guard(), **HERE, sec_fetch_site="same-origin") is None


def test_names_that_the_user_allows_are_hosts_of_the_mock() -> None:
    guard = Guard(hosts=frozenset({"mock"}))
    assert status(guard, host="mock:8765", origin="http://mock:8765") is None
    assert status(guard, host="other:8765") == 403


@pytest.mark.parametrize("sent", ["Bearer secret", "bearer secret", "Bearer  secret "])
def test_token_opens_a_mock_that_other_machines_reach_under_any_host(sent: str) -> None:
    assert status(Guard("secret"), host="192.0.2.7", origin="https://ci.example", authorization=sent) is None


@pytest.mark.parametrize(
    "sent", ["", "secret", "Bearer", "Bearer secre", "Bearer secrets", "Basic secret", "Bearer sécret"]
)
def test_without_the_token_nobody_steers_such_a_mock_not_even_from_here(sent: str) -> None:
    denied = Guard("secret").judge("/clock", {**HERE, "authorization": sent})
    assert denied is not None
    assert denied.status == 401
    assert denied.headers == {"WWW-Authenticate": "Bearer"}
    assert "secret" not in denied.message


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_health_is_told_to_anybody(path: str) -> None:
    assert status(Guard("secret"), path, host="192.0.2.7") is None
    assert status(Guard(), path, host="evil.example", origin="https://evil.example") is None
