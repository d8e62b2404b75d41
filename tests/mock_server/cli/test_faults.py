"""Faults on the command line."""

import signal

import pytest
from click.testing import CliRunner

from hamsa_mock.cli.faults import faults_command
from hamsa_mock.faults.registry import kinds
from tests.mock_server.command import run_to_end, running_mock
from tests.mock_server.raw import RawWebSocket, speech

pytestmark = pytest.mark.slow


def test_list_has_a_line_for_each_fault() -> None:
    listed = CliRunner().invoke(faults_command, []).output
    assert [line.split()[0] for line in listed.splitlines()] == list(kinds())


def test_fault_is_explained_with_parameters_places_events_and_an_example() -> None:
    explained = CliRunner().invoke(faults_command, ["close"]).output
    assert explained.startswith("close: The connection is closed")
    for words in ("code=1011", "(0 to 65535)", "stands: after, before, instead of", "pong", "example: close(4003"):
        assert words in explained


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("faults", "clsoe"), "no fault 'clsoe'; did you mean 'close'?"),
        (
            ("serve", "--port", "0", "--fault", "close(4003) aftr chunk"),
            "'aftr' is not understood; did you mean 'after'?",
        ),
        (("serve", "--port", "0", "--fault", "close(70000)"), "close: code cannot be 70000; allowed: 0 to 65535"),
    ],
)
def test_wrong_fault_is_told_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    ended = run_to_end(*arguments)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("source", ["flag", "environment"])
def test_faults_are_armed_from_the_start(source: str) -> None:
    faults = ["missing_ack times 1", "close(4003) after chunk 1"]
    flags = [flag for fault in faults for flag in ("--fault", fault)] if source == "flag" else []
    environment = {} if source == "flag" else {"HAMSA_MOCK_FAULT": ";".join(faults)}
    with running_mock("--profile", "instant", *flags, environment=environment) as command:
        with RawWebSocket(command.url) as client:
            client.send(speech())
            assert client.next().opcode == 2, "no ack"
            assert client.next_close().code == 4003
        _, output = command.end(signal.SIGTERM)
    assert "fault 1 applied: missing_ack instead of ack times 1" in output
