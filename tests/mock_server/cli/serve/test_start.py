"""`hamsa-mock serve` as it starts: what it tells, and where it listens."""

import json
import signal

import pytest

from hamsa_mock.providers.hamsa.accounts import ready_made_accounts
from tests.mock_server.command import has_ipv6_loopback, running_mock
from tests.mock_server.raw import RawSocket, RawWebSocket, frame, speech
from tests.tools.leftout import leave_out

pytestmark = pytest.mark.slow


def test_ready_file_says_where_the_mock_is() -> None:
    with running_mock() as command:
        ready = command.ready
        with RawSocket(f"{ready['http_url']}/__mock__/health") as connection:
            connection.upgrade(Upgrade=None, Connection=None)
            status, _, body = connection.read_http()
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    assert ready["schema_version"] == 1
    assert ready["pid"] == command.process.pid
    assert ready["keys"] == list(ready_made_accounts().test_keys)
    assert ready["keys"][0] == "hamsa-test-key"
    origin = ready["http_url"].removeprefix("http://")
    assert ready["ws_url"] == f"ws://{origin}/v1/realtime/ws"
    assert ready["admin_url"] == f"http://{origin}/__mock__"
    assert ready["providers"] == {"hamsa": {"ws_url": ready["ws_url"], "http_url": ready["http_url"]}}


def test_banner_names_the_urls_and_the_test_keys() -> None:
    with running_mock("--profile", "instant") as command:
        code, output = command.end(signal.SIGTERM)
    assert code == 0
    assert "profile instant" in output
    assert command.url in output
    assert command.ready["http_url"] in output


def test_quiet_mock_prints_nothing() -> None:
    with running_mock("--quiet") as command:
        with RawWebSocket(command.url) as connection:
            connection.send(frame(1, b"nonsense"))
            connection.next_json()
        assert command.end(signal.SIGTERM) == (0, "")


def test_flags_can_come_from_the_environment() -> None:
    with running_mock(environment={"HAMSA_MOCK_PROFILE": "instant", "HAMSA_MOCK_LOG_FORMAT": "json"}) as command:
        _, output = command.end(signal.SIGTERM)
    assert json.loads(output)["profile"] == "instant"


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_same_seed_gives_the_same_audio_in_another_process(loop: str) -> None:
    audio: list[bytes] = []
    for seed in ("5", "5", "6"):
        flags = ("--seed", seed, "--profile", "instant", "--loop", loop)
        with running_mock(*flags) as command, RawWebSocket(command.url) as connection:
            connection.send(speech())
            connection.next_json()
            audio.append(connection.audio())
    assert audio[0] == audio[1] != audio[2]


def test_mock_that_others_can_use_says_so() -> None:
    with running_mock("--host", "0.0.0.0", "--log-format", "json") as command:
        _, output = command.end(signal.SIGTERM)
    ready, token, warning = map(json.loads, output.splitlines())
    assert token["event"] == "admin_token"
    assert len(token["token"]) > 30
    assert warning == {
        "event": "warning",
        "message": "everybody on the network can use this mock: it listens on 0.0.0.0",
    }
    assert ready["event"] == "ready"


def test_ipv6_address_can_be_given_in_brackets() -> None:
    if not has_ipv6_loopback():
        leave_out("IPv6", "this machine has no ::1")
    with running_mock("--host", "[::1]") as command:
        assert command.ready["http_url"].startswith("http://[::1]:")
        assert "warning" not in command.end(signal.SIGTERM)[1]


def test_both_loopback_addresses_are_served_on_one_port() -> None:
    if not has_ipv6_loopback():
        leave_out("IPv6", "this machine has no ::1")
    with running_mock() as command:
        port = command.ready["http_url"].rpartition(":")[2]
        for host in ("127.0.0.1", "[::1]"):
            with RawWebSocket(f"ws://{host}:{port}/v1/realtime/ws?api_key=hamsa-test-key") as connection:
                connection.send(frame(1, b"nonsense"))
                assert connection.next_json()["type"] == "error"
