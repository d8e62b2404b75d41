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

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock.providers.hamsa.accounts import ready_made_accounts
from tests.mock_server.command import has_ipv6_loopback, run_to_end, running_mock
from tests.mock_server.raw import RawSocket, RawWebSocket, frame
from tests.tools.leftout import leave_out

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


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
            connection.send(request())
            connection.next_json()
            audio.append(connection.audio())
    assert audio[0] == audio[1] != audio[2]


# Stopping


@needs_signals
@pytest.mark.parametrize("number", [getattr(signal, name, 0) for name in ("SIGINT", "SIGTERM", "SIGHUP")])
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


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_further_signals_change_nothing(number: int) -> None:
    with running_mock() as command, RawWebSocket(command.url) as silent:
        command.process.send_signal(number)
        assert silent.next_close().code == 1001
        while command.process.poll() is None:  # while it waits for the client, while it stops, while Python ends
            command.process.send_signal(number)
        output, _ = command.process.communicate(timeout=20)
    assert command.process.returncode == 0
    assert "Traceback" not in output.decode()


@needs_signals
def test_mock_under_nohup_survives_its_terminal() -> None:
    with running_mock(start=("nohup", sys.executable, "-m", "hamsa_mock")) as command:
        command.process.send_signal(signal.Signals["SIGHUP"])
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            assert connection.next_json()["type"] == "ack"
        assert command.end(signal.SIGTERM)[0] == 0


INTERRUPTED_WHILE_IMPORTING = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from hamsa_mock.cli.main import main
main(["serve", "--port", "0", "--quiet"])
"""


@needs_signals
@pytest.mark.parametrize(
    ("package", "code"),
    [("hamsa_mock.cli.serve", 130), ("uvicorn", 130), ("uvloop", 0)],
    ids=["before the command", "before the command is imported", "before its loop"],
)
def test_ctrl_c_before_the_mock_runs_ends_it_without_a_word(package: str, code: int) -> None:
    """The command begins with catching signals; the event loop is imported behind that."""
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_IMPORTING, package],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")


# Logs


def test_output_that_nobody_reads_holds_up_nobody() -> None:
    """The pipe stays open and is not read: after some 64 KiB a write to it waits for ever."""
    with running_mock("--profile", "instant", "--log-format", "json") as command:
        with RawWebSocket(f"{command.ready['ws_url']}?api_key=hamsa-test-unlimited") as connection:
            for _ in range(2000):
                connection.send(request("ب"))
                assert connection.next_json()["type"] == "ack"
                assert connection.audio()
        command.process.send_signal(signal.SIGTERM)
        assert command.process.wait(20) == 0
        output, _ = command.process.communicate(timeout=20)
    assert json.loads(output.splitlines()[0])["event"] == "ready"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
def test_mock_goes_on_when_its_output_is_full() -> None:
    with open("/dev/full", "wb") as full, running_mock("--profile", "instant", stdout=full) as command:
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            assert connection.next_json()["type"] == "ack"
            assert connection.audio()
        command.process.send_signal(signal.SIGTERM)
        assert command.process.wait(20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sh")
@pytest.mark.parametrize("missing", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_mock_runs_without_standard_streams(missing: str) -> None:
    start = ("sh", "-c", f'exec "$@" {missing}', "sh", sys.executable, "-m", "hamsa_mock")
    with running_mock("--profile", "instant", start=start) as command:
        with RawWebSocket(command.url) as connection:
            connection.send(request())
            assert connection.next_json()["type"] == "ack"
            assert read_proof(connection.audio(), PCM_16000_16).whole
        assert command.end(signal.SIGTERM)[0] == 0


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
        '#2 close 4001 "API key is invalid or expired": the key (6 characters) is unknown; this mock knows '
        + ", ".join(ready_made_accounts().test_keys)
        + " (hamsa.auth.failure, assumed; --set hamsa.auth.failure=close_only|http_401)"
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


@pytest.mark.parametrize("host", ["203.0.113.7", "..", "a" * 80])
def test_host_that_is_no_address_is_told_in_one_line(host: str) -> None:
    ended = run_to_end("serve", "--host", host, "--port", "0")
    assert ended.returncode == 3
    assert host in one_line(ended.stderr)


def test_ready_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--port", "0", "--quiet", "--ready-file", str(tmp_path / "missing" / "ready.json"))
    assert ended.returncode == 3
    assert "cannot write" in one_line(ended.stderr)


def test_ready_file_needs_a_name() -> None:
    ended = run_to_end("serve", "--port", "0", "--ready-file", "")
    assert ended.returncode == 2
    assert "--ready-file needs the name of a file" in one_line(ended.stderr)


def test_ready_file_does_not_replace_what_is_no_file(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--port", "0", "--quiet", "--ready-file", str(tmp_path))
    assert ended.returncode == 3
    assert one_line(ended.stderr).endswith("it exists and is no regular file")
    assert tmp_path.is_dir()


def test_ready_file_of_an_earlier_run_is_gone_even_if_the_mock_cannot_start(tmp_path: Path) -> None:
    old = tmp_path / "ready.json"
    old.write_text("{}")
    assert run_to_end("serve", "--host", "203.0.113.7", "--ready-file", str(old)).returncode == 3
    assert not old.exists()


@needs_signals
def test_ready_file_is_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    with running_mock(ready_file=path) as command:
        assert path.exists()
        assert command.end(signal.SIGTERM)[0] == 0
        assert list(tmp_path.iterdir()) == []


def test_mock_that_others_can_use_says_so() -> None:
    with running_mock("--host", "0.0.0.0", "--log-format", "json") as command:
        _, output = command.end(signal.SIGTERM)
    ready, warning = map(json.loads, output.splitlines())
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
