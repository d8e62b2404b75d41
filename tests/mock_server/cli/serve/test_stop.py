"""`hamsa-mock serve` as it is stopped by signals."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.mock_server.command import needs_signals, running_mock
from tests.mock_server.raw import RawWebSocket, speech

pytestmark = pytest.mark.slow


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
        connection.send(speech("مرحبا " * 300))
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
            connection.send(speech())
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


@needs_signals
def test_ready_file_is_removed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    with running_mock(ready_file=path) as command:
        assert path.exists()
        assert command.end(signal.SIGTERM)[0] == 0
        assert list(tmp_path.iterdir()) == []
