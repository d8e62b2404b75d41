"""`hamsa-mock serve` as users run it: in a process of its own."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.mock_server.command import run_to_end, running_mock
from tests.mock_server.raw import RawSocket, RawWebSocket, frame
from tests.tools.leftout import leave_out


def request(text: str = "مرحبا") -> bytes:
    return frame(1, json.dumps({"type": "tts", "payload": {"text": text, "speaker": "Majd"}}).encode())


def one_line(text: str) -> str:
    """The only line of an output."""
    (line,) = text.splitlines()
    return line


# Starting


def test_ready_file_says_where_the_mock_is() -> None:
    with running_mock() as command:
        ready = command.ready
        with RawSocket(f"{ready['http_url']}/__mock__/health") as connection:
            connection.upgrade(Upgrade=None, Connection=None)
            status, _, body = connection.read_http()
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    assert ready["schema_version"] == 1
    assert ready["pid"] == command.process.pid
    assert ready["keys"] == ["hamsa-test-key"]
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
            connection.send(request())
            connection.next_json()
            audio.append(connection.audio())
    assert audio[0] == audio[1] != audio[2]


# Stopping


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_closes_every_connection_with_1001_and_exits_0(number: int) -> None:
    with running_mock() as command:
        with connect(command.url) as first, connect(command.url) as second:
            first.recv()
            second.recv()
            command.process.send_signal(number)
            for connection in (first, second):
                with pytest.raises(ConnectionClosed) as closed:
                    connection.recv(timeout=20)
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1001
        command.process.communicate(timeout=20)
    assert command.process.returncode == 0


def test_mock_stops_in_the_middle_of_an_answer() -> None:
    with running_mock() as command, RawWebSocket(command.url) as connection:
        connection.send(request("مرحبا " * 300))
        assert connection.next_json()["type"] == "ack"
        command.process.send_signal(signal.SIGTERM)
        assert connection.next_close().code == 1001
        connection.socket.close()
        output, _ = command.process.communicate(timeout=20)
    assert command.process.returncode == 0
    assert "cut: the connection ended before the answer did" in output.decode()


# Logs


def test_log_has_a_line_for_each_request_and_each_refusal() -> None:
    with running_mock("--profile", "instant") as command:
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            connection.next_json()
            connection.audio()
            connection.send(frame(1, b"nonsense"))
            connection.next_json()
        with RawWebSocket(command.ready["ws_url"] + "?api_key=sesame"):
            pass
        _, output = command.end(signal.SIGTERM)
    lines = [line.split(maxsplit=1)[1] for line in output.splitlines()[4:]]
    assert lines[0].startswith("#1 open from 127.0.0.1:")
    assert lines[1].startswith('#1.1 tts (characters 5, speaker "Majd"')
    assert lines[2].startswith('#1.2 {"type":"error"')
    refused = next(line for line in lines if line.startswith("#2 close"))
    assert refused == (
        '#2 close 4001 "API key is invalid or expired": the key (6 characters) is unknown; this mock knows'
        " hamsa-test-key (hamsa.auth.failure, assumed)"
    )
    assert "sesame" not in output


def test_json_log_is_one_object_a_line() -> None:
    with running_mock("--profile", "instant", "--log-format", "json") as command:
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            connection.next_json()
            nbytes = len(connection.audio())
        _, output = command.end(signal.SIGTERM)
    lines = [json.loads(line) for line in output.splitlines()]
    assert [line["event"] for line in lines[:3]] == ["ready", "open", "request"]
    assert lines[0]["ws_url"] == command.ready["ws_url"]
    assert lines[2]["connection"] == lines[2]["request"] == 1
    assert lines[2]["bytes"] == nbytes


def test_console_that_cannot_show_arabic_shows_escapes() -> None:
    with running_mock(environment={"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}) as command:
        with RawWebSocket(command.url) as connection:
            connection.send(frame(1, '{"type": "غناء", "payload": {}}'.encode()))
            assert connection.next_json()["payload"]["message"] == "Unsupported message type: غناء"
        code, output = command.end(signal.SIGTERM)
    assert code == 0
    assert r"\u063a" in output


def test_mock_goes_on_when_nobody_reads_its_log() -> None:
    with running_mock("--profile", "instant") as command:
        assert command.process.stdout is not None
        command.process.stdout.close()
        with RawWebSocket(command.url) as connection:
            for _ in range(3):
                connection.send(request())
                assert connection.next_json()["type"] == "ack"
                assert connection.audio()
        command.process.send_signal(signal.SIGTERM)
        assert command.process.wait(20) == 0
        command.process.stdout = None


# Systems that lack something

BARE_SYSTEM = """
import asyncio, sys
sys.modules["uvloop"] = None
def add_signal_handler(*_): raise NotImplementedError
asyncio.SelectorEventLoop.add_signal_handler = add_signal_handler
from hamsa_mock.cli.main import main
main()
"""


def test_mock_runs_without_uvloop_and_without_add_signal_handler() -> None:
    with running_mock("--profile", "instant", start=(sys.executable, "-c", BARE_SYSTEM)) as command:
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            assert connection.next_json()["type"] == "ack"
        code, _ = command.end(signal.SIGTERM)
    assert code == 0


OUTGOING = """
import sys
def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        print("OUTGOING", event, arguments, flush=True)
sys.addaudithook(hook)
from hamsa_mock.cli.main import main
main()
"""


def test_mock_opens_no_outgoing_connection() -> None:
    """Python reports every connection and every look-up to an audit hook, before it is made."""
    with running_mock("--loop", "asyncio", start=(sys.executable, "-c", OUTGOING)) as command:
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            connection.next_json()
            connection.audio()
        _, output = command.end(signal.SIGTERM)
    reported = [line for line in output.splitlines() if line.startswith("OUTGOING")]
    listening = [line for line in reported if "getaddrinfo" in line and ("127.0.0.1" in line or "::1" in line)]
    assert reported == listening, "only its own addresses are looked up, to listen on them"
    assert listening, "the hook was at work"


# Mistakes


def test_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run_to_end("serve", "--port", str(port))
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert one_line(ended.stderr) == (
        f"hamsa-mock: port {port} on 127.0.0.1 is taken; end what holds it, or use --port 0 for a free one"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("serve", "--profile", "documentd"), "documented"),
        (("serve", "--prot", "1"), "--port"),
        (("serve", "--port", "many"), "many"),
        (("serve", "--port", "65536"), "65535"),
        (("serve", "--log-format", "xml"), "json"),
        (("serve", "--loop", "twisted"), "asyncio"),
        (("serve", "extra"), "extra"),
        (("sevre",), "sevre"),
    ],
)
def test_mistake_on_the_command_line_is_told_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    ended = run_to_end(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert one_line(ended.stderr).startswith("hamsa-mock: ")
    assert words in ended.stderr


def test_host_that_is_no_address_is_told_in_one_line() -> None:
    ended = run_to_end("serve", "--host", "203.0.113.7", "--port", "0")
    assert ended.returncode == 3
    assert "203.0.113.7" in one_line(ended.stderr)


def test_ready_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--port", "0", "--quiet", "--ready-file", str(tmp_path / "missing" / "ready.json"))
    assert ended.returncode == 3
    assert "cannot write" in one_line(ended.stderr)


def test_uvloop_that_is_not_installed_is_told_in_one_line() -> None:
    code = 'import sys; sys.modules["uvloop"] = None; from hamsa_mock.cli.main import main; main()'
    ended = subprocess.run(
        [sys.executable, "-c", code, "serve", "--loop", "uvloop"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "--loop asyncio" in one_line(ended.stderr)


def test_command_without_arguments_shows_its_help() -> None:
    ended = run_to_end()
    assert ended.returncode == 2
    assert "serve" in ended.stdout + ended.stderr
    assert run_to_end("--help").returncode == 0
    assert run_to_end("--version").stdout.startswith("hamsa-mock, version ")


def test_both_loopback_addresses_are_served_on_one_port() -> None:
    if not has_ipv6_loopback():
        leave_out("IPv6", "this machine has no ::1")
    with running_mock() as command:
        port = command.ready["http_url"].rpartition(":")[2]
        for host in ("127.0.0.1", "[::1]"):
            with RawWebSocket(f"ws://{host}:{port}/v1/realtime/ws?api_key=hamsa-test-key") as connection:
                connection.send(frame(1, b"nonsense"))
                assert connection.next_json()["type"] == "error"


def has_ipv6_loopback() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
