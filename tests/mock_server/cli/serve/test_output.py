"""What `hamsa-mock serve` prints, also where nobody reads it or nothing can be printed."""

import json
import signal
import sys
from pathlib import Path

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_mock.providers.hamsa.accounts import ready_made_accounts
from tests.mock_server.command import running_mock
from tests.mock_server.raw import RawWebSocket, frame, speech

pytestmark = pytest.mark.slow


def test_output_that_nobody_reads_holds_up_nobody() -> None:
    """The pipe stays open and is not read: after some 64 KiB a write to it waits for ever."""
    with running_mock("--profile", "instant", "--log-format", "json") as command:
        with RawWebSocket(f"{command.ready['ws_url']}?api_key=hamsa-test-unlimited") as connection:
            for _ in range(2000):
                connection.send(speech("ب"))
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
            connection.send(speech())
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
            connection.send(speech())
            assert connection.next_json()["type"] == "ack"
            assert read_proof(connection.audio(), PCM_16000_16).whole
        assert command.end(signal.SIGTERM)[0] == 0


def test_log_has_a_line_for_each_request_and_each_refusal() -> None:
    with running_mock("--profile", "instant") as command:
        with RawWebSocket(command.url) as connection:
            connection.send(speech())
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
        + "; turned away in this form (hamsa.auth.failure, assumed; --set hamsa.auth.failure=close_only|http_401)"
    )
    assert "sesame" not in output


def test_json_log_is_one_object_a_line() -> None:
    with running_mock("--profile", "instant", "--log-format", "json") as command:
        with RawWebSocket(command.url) as connection:
            connection.send(speech())
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
                connection.send(speech())
                assert connection.next_json()["type"] == "ack"
                assert connection.audio()
        command.process.send_signal(signal.SIGTERM)
        assert command.process.wait(20) == 0
        command.process.stdout = None
