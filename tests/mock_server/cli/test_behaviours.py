"""Choosing behaviours on the command line."""

import signal

import pytest
from click.testing import CliRunner

from hamsa_mock.cli.behaviours import behaviours_command
from hamsa_schemas import load_behaviours
from tests.mock_server.command import run_to_end, running_mock
from tests.mock_server.raw import RawWebSocket, speech

pytestmark = pytest.mark.slow


def test_list_has_a_line_for_each_behaviour_with_value_and_basis() -> None:
    listed = CliRunner().invoke(behaviours_command, ["--profile", "instant"])
    lines = dict(line.split(maxsplit=1) for line in listed.output.splitlines())
    assert lines.keys() == set(load_behaviours())
    assert lines["hamsa.tts.chunk_gap"].split()[:2] == ["0", "assumed"]
    assert lines["hamsa.tts.truncation"].split()[:3] == ["connections", "observed", "2026-02"]
    assert lines["hamsa.limit.message_bytes"].split()[0] == "33554432"


def test_choice_is_explained_with_all_its_options() -> None:
    explained = CliRunner().invoke(behaviours_command, ["hamsa.auth.failure"]).output
    assert explained.startswith("hamsa.auth.failure = error_then_close\n")
    for words in ("API-17", "assumed: ", "close_only", "http_401"):
        assert words in explained


def test_number_is_explained_with_its_bounds() -> None:
    explained = CliRunner().invoke(behaviours_command, ["hamsa.limit.message_bytes"]).output
    assert "1024 to 1073741824 bytes, whole numbers" in explained
    assert "statements" not in explained


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("behaviours", "hamsa.tts.trunc"), "did you mean 'hamsa.tts.truncation'?"),
        (("behaviours", "--profile", "mine.json"), "mine.json"),
        (("serve", "--set", "hamsa.tts.truncation=nevr"), "did you mean 'never'?"),
        (("serve", "--set", "hamsa.tts.chunk_gap=soon"), "0 to 3600 seconds"),
        (
            ("serve", "--set", "hamsa.limit.requests=1.5"),
            "cannot be '1.5'; allowed: 0 to 1000000 requests, whole numbers",
        ),
        (("serve", "--set", "hamsa.tts.truncation"), "is not SLUG=VALUE"),
    ],
)
def test_mistake_is_told_in_one_line_with_the_nearest_right_one(arguments: tuple[str, ...], words: str) -> None:
    ended = run_to_end(*arguments)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert words in ended.stderr


def test_behaviour_that_is_set_changes_the_wire_and_the_log_says_how_to_switch_it() -> None:
    settings = ("--set", "hamsa.tts.truncation=first_answer", "--set", "hamsa.tts.truncated_bytes=320")
    with running_mock("--profile", "instant", *settings) as command:
        with RawWebSocket(command.url) as connection:
            connection.send(speech())
            connection.next_json()
            assert len(connection.audio()) == 320
        _, output = command.end(signal.SIGTERM)
    assert (
        "320 bytes: the first answer of each connection (hamsa.tts.truncation, observed 2026-02;"
        " --set hamsa.tts.truncation=connections|random|never)"
    ) in output
