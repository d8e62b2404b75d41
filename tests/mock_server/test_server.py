"""The mock in a thread of its own."""

import asyncio
import json
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.proof import read_proof
from hamsa_mock import MockServer
from hamsa_mock.config.file import ConfigError
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.http import Http
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.sockets import CannotListen
from hamsa_schemas import UnknownProfile, WrongValue

REQUEST = json.dumps({"type": "tts", "payload": {"text": "مرحبا بكم", "speaker": "Majd"}})


def speak(mock: MockServer) -> bytes:
    """The audio of one request over a new connection, keyed by header (WST-3)."""
    with connect(mock.ws_url, additional_headers={"X-Api-Key": mock.key}) as connection:
        connection.recv()
        connection.send(REQUEST)
        return b"".join(message for message in until_end(connection) if isinstance(message, bytes))


def until_end(connection: object) -> "list[str | bytes]":
    received: list[str | bytes] = []
    for message in connection:  # type: ignore[attr-defined]
        received.append(message)
        if isinstance(message, str) and json.loads(message)["type"] == "end":
            break
    return received


def test_mock_is_a_context_manager() -> None:
    with MockServer(profile="instant") as mock:
        proof = read_proof(speak(mock), PCM_16000_16)
    assert proof.whole
    assert proof.text == "مرحبا بكم"


async def test_mock_is_an_async_context_manager() -> None:
    async with (
        MockServer(profile="instant") as mock,
        websockets.connect(f"{mock.ws_url}?api_key={mock.key}") as connection,
    ):
        assert json.loads(await connection.recv())["type"] == "info"


def test_two_mocks_in_one_process_do_not_see_each_other() -> None:
    with (
        MockServer(profile="instant", seed=1, loop="asyncio") as first,
        MockServer(profile="instant", seed=2) as second,
        MockServer(profile="instant", seed=1) as like_first,
    ):
        assert len({first.ws_url, second.ws_url, like_first.ws_url}) == 3
        assert speak(first) == speak(like_first) != speak(second)
        with connect(f"{first.ws_url}?api_key={first.key}") as connection:
            connection.recv()
            second.stop()
            connection.send(REQUEST)
            assert until_end(connection)


def test_stopped_mock_closes_its_connections_with_1001_and_can_be_started_again() -> None:
    mock = MockServer(profile="instant")
    with mock, connect(f"{mock.ws_url}?api_key={mock.key}") as connection:
        connection.recv()
        mock.stop()
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
    with mock:
        assert speak(mock)


def test_client_that_ignores_the_close_does_not_hold_up_the_stop() -> None:
    from tests.mock_server.raw import RawWebSocket

    with MockServer(profile="instant") as mock, RawWebSocket(f"{mock.ws_url}?api_key={mock.key}") as silent:
        mock.stop()
        assert silent.next_close().code == 1001
        with pytest.raises((EOFError, ConnectionResetError)):
            silent.next()


def test_mock_that_is_not_running_says_so() -> None:
    mock = MockServer()
    with pytest.raises(RuntimeError, match="not running"):
        _ = mock.ws_url
    mock.stop()
    with mock, pytest.raises(RuntimeError, match="running already"):
        mock.start()


def test_port_that_is_taken_is_an_error_and_leaves_nothing_behind() -> None:
    with MockServer() as mock:
        port = int(mock.http_url.rpartition(":")[2])
        with pytest.raises(CannotListen, match=f"port {port} on 127.0.0.1 is taken"):
            MockServer(port=port).start()
        assert [thread.name for thread in threading.enumerate()].count("hamsa-mock") == 1


def test_start_that_is_interrupted_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes before the mock's thread has done anything: there is no loop yet that could be woken."""
    interrupted = threading.Event()
    run = MockServer._run

    def run_late(mock: MockServer, started: "Future[Addresses]") -> None:
        assert interrupted.wait(20)
        run(mock, started)

    def interrupt(started: "Future[Addresses]", timeout: float | None = None) -> Addresses:
        interrupted.set()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(MockServer, "_run", run_late)
        patch.setattr(Future, "result", interrupt)
        mock = MockServer(profile="instant")
        with pytest.raises(KeyboardInterrupt):
            mock.start()
    assert "hamsa-mock" not in [thread.name for thread in threading.enumerate()]
    with mock:
        assert speak(mock)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ({"port": -1}, "port -1 does not exist"),
        ({"port": 65536}, "port 65536 does not exist"),
        ({"loop": "uvlop"}, "no event loop 'uvlop'; choose one of auto, asyncio, uvloop"),
    ],
)
def test_argument_that_cannot_be_right_is_an_error_in_plain_words(argument: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MockServer(**argument)


def test_idle_http_connection_is_closed_before_the_others_get_their_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.mock_server.raw import RawSocket

    open_ones: list[Http] = []
    closing: list[bool] = []
    connection_made, shut_down = Http.connection_made, Hub.shut_down

    def remember(protocol: Http, transport: asyncio.Transport) -> None:
        connection_made(protocol, transport)
        open_ones.append(protocol)

    async def look_and_shut_down(hub: Hub, grace: float) -> None:
        closing.extend(protocol.transport.is_closing() for protocol in open_ones)
        await shut_down(hub, grace)

    monkeypatch.setattr(Http, "connection_made", remember)
    monkeypatch.setattr(Hub, "shut_down", look_and_shut_down)
    with MockServer(profile="instant") as mock, RawSocket(f"{mock.http_url}/__mock__/health") as idle:
        idle.upgrade(Upgrade=None, Connection=None)
        assert idle.read_http()[0] == 200
        mock.stop()
        assert idle.socket.recv(1) == b""
    assert closing == [True]


def test_profile_or_value_that_does_not_exist_is_an_error_before_anything_starts() -> None:
    with pytest.raises(UnknownProfile, match="instant"):
        MockServer(profile="instnt")
    with pytest.raises(WrongValue, match="error_then_close"):
        MockServer(behaviours={"hamsa.auth.failure": "error_then_clos"})


def test_behaviours_differ_from_the_profile_where_the_user_says() -> None:
    with (
        MockServer(profile="instant", behaviours={"hamsa.auth.failure": "close_only"}) as mock,
        connect(mock.ws_url) as connection,
        pytest.raises(ConnectionClosed) as closed,
    ):
        connection.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4001


def test_importing_the_mock_imports_nothing_heavy() -> None:
    code = "import hamsa_mock, sys; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "hamsa_mock" in modules
    assert not {"rich", "socketio", "numpy", "jsonschema", "pytest", "asyncio"} & set(modules)


# Configs


def test_config_sets_what_no_argument_does(tmp_path: Path) -> None:
    (tmp_path / "hello.wav").write_bytes(wav_bytes(PCM_16000_16, bytes(range(250)) * 64))
    (tmp_path / "mock.yaml").write_text(
        """\
profile: documented
behaviours: {hamsa.auth.failure: close_only}
hamsa:
  keys: [{key: my-own-key}]
  audio: [{text: "مرحبا بكم", file: hello.wav}]
""",
        encoding="utf-8",
    )
    with MockServer(config=tmp_path / "mock.yaml", profile="instant") as mock:
        with connect(f"{mock.ws_url}?api_key=my-own-key") as connection:
            connection.recv(timeout=20)
        assert speak(mock) == bytes(range(250)) * 64
        with connect(mock.ws_url) as connection, pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4001


def test_arguments_go_before_the_config() -> None:
    config = {"seed": 1, "behaviours": {"hamsa.tts.truncation": "first_answer"}, "profile": "instant"}
    with (
        MockServer(config=config, seed=2, behaviours={"hamsa.tts.truncation": "never"}) as mock,
        MockServer(profile="instant", seed=2) as like_it,
    ):
        assert speak(mock) == speak(like_it)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"prot": 1}, "config: there is no 'prot'; did you mean 'port'?"),
        ("none.yaml", "cannot read none.yaml: No such file"),
        (
            {"hamsa": {"voices": [{"id": OWN_VOICE, "user": "testr"}]}},
            "config: hamsa.voices: .* did you mean 'tester'?",
        ),
    ],
)
def test_config_that_cannot_be_used_is_an_error_before_anything_starts(config: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        MockServer(config=config)


def test_yaml_is_imported_for_config_files_only() -> None:
    code = "import sys, hamsa_mock; hamsa_mock.MockServer(config={'port': 0}); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "hamsa_mock.config.file" in modules
    assert "yaml" not in modules
