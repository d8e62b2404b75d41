"""Node's `ws`, which most JavaScript clients outside of browsers use, against the command."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.mock_server.command import RunningCommand, needs_signals
from tests.peers.wire import (
    ACK,
    END,
    FACTS,
    INFO,
    INVALID,
    SECONDS_TO_WAIT,
    SENTENCES,
    WRONG_KEY,
    said,
    tts,
)

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).with_name("node")
EXAMPLES = Path(__file__).parents[2] / "examples"

Event = dict[str, Any]


def has_ipv6_loopback() -> bool:
    """Whether this machine has ::1, at which the mock then listens too."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


HOSTS = ["127.0.0.1", "localhost", *(["[::1]"] if has_ipv6_loopback() else [])]


@contextmanager
def running_client(
    node: str, url: str, *requests: str, options: dict[str, Any] | None = None, stays: bool = False
) -> Iterator[Iterator[Event]]:
    """Start client.mjs; gives what it prints, up to its end."""
    job = {"url": url, "options": options or {}, "requests": requests, "stays": stays}
    with subprocess.Popen(
        [node, str(FOLDER / "client.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            json.dump(job, process.stdin)
            process.stdin.close()
            yield map(json.loads, process.stdout)
        finally:
            process.kill()


def run_client(node: str, url: str, *requests: str, **more: Any) -> list[Event]:
    """All that client.mjs prints."""
    with running_client(node, url, *requests, **more) as events:
        return list(events)


def answers(events: list[Event]) -> list[Event | bytes]:
    """What the server said: JSON messages, and the audio between two of them in one piece."""
    found: list[Event | bytes] = []
    for event in events:
        if event["event"] != "message":
            continue
        assert event["isBuffer"]
        data = base64.b64decode(event["base64"])
        if not event["isBinary"]:
            found.append(json.loads(data))
        elif found and isinstance(found[-1], bytes):
            found[-1] += data
        else:
            found.append(data)
    return found


def said_or_message(answer: Event | bytes) -> Event | str | None:
    """Audio as the text of which it is the whole audio."""
    return said(answer) if isinstance(answer, bytes) else answer


@pytest.mark.statement("WST-2", "WST-3")
@pytest.mark.parametrize("place", ["query", "header"])
def test_node_gives_its_key_by_query_or_header(node: str, mock: RunningCommand, place: str) -> None:
    key = mock.ready["keys"][0]
    url, options = {
        "query": (f"{mock.ready['ws_url']}?api_key={key}", {}),
        "header": (mock.ready["ws_url"], {"headers": {"X-Api-Key": key}}),
    }[place]
    events = run_client(node, url, tts(SENTENCES[0]), options=options)
    assert [said_or_message(answer) for answer in answers(events)] == [INFO, ACK, SENTENCES[0], END]
    assert events[-1] == {"event": "close", "code": 1000, "reason": ""}


@pytest.mark.statement("API-1", "API-16", "FAQ-6")
def test_node_sends_several_requests_over_one_connection(node: str, mock: RunningCommand) -> None:
    """An error among them, and the next one is answered."""
    requests = [tts(SENTENCES[0]), tts(""), tts(SENTENCES[1]), tts(SENTENCES[2])]
    events = run_client(node, mock.url, *requests)
    assert [said_or_message(answer) for answer in answers(events)] == [
        INFO,
        *(ACK, SENTENCES[0], END),
        INVALID,
        *(ACK, SENTENCES[1], END),
        *(ACK, SENTENCES[2], END),
    ]


def test_node_that_offers_compression_is_answered_without(node: str, mock: RunningCommand) -> None:
    """`ws` offers it unless it is told not to."""
    upgrade, opened, *_ = run_client(node, mock.url)
    assert "sec-websocket-extensions" not in upgrade["headers"]
    assert opened == {"event": "open", "extensions": ""}


@pytest.mark.parametrize("taken_over", [True, False], ids=["context taken over", "context not taken over"])
def test_node_that_offers_compression_gets_it_where_that_is_switched_on(
    node: str, compressing_mock: RunningCommand, taken_over: bool
) -> None:
    """`ws` compresses what is longer than its threshold, so there are messages of both kinds."""
    refused = {f"{side}NoContextTakeover": not taken_over for side in ("server", "client")}
    options = {"perMessageDeflate": {"threshold": 300, **refused}}
    texts = [*SENTENCES, " ".join(SENTENCES * 15), *SENTENCES]
    events = run_client(node, compressing_mock.url, *map(tts, texts), options=options)
    assert events[1] == {"event": "open", "extensions": "permessage-deflate"}
    assert ("no_context_takeover" in events[0]["headers"]["sec-websocket-extensions"]) is not taken_over
    expected = [message for text in texts for message in (ACK, text, END)]
    assert [said_or_message(answer) for answer in answers(events)] == [INFO, *expected]
    assert events[-1] == {"event": "close", "code": 1000, "reason": ""}


@pytest.mark.statement("API-17", "API-22")
def test_node_with_a_wrong_key_gets_the_error_and_close_code_4001(node: str, mock: RunningCommand) -> None:
    events = run_client(node, f"{mock.ready['ws_url']}?api_key=wrong", stays=True)
    assert answers(events) == [WRONG_KEY]
    assert events[-1] == {"event": "close", "code": 4001, "reason": WRONG_KEY["payload"]["message"]}


@pytest.mark.parametrize("host", HOSTS)
def test_node_finds_the_mock_at_every_name_of_this_machine(node: str, mock: RunningCommand, host: str) -> None:
    """Node looks `localhost` up itself and may get ::1 first; before version 20 it tries nothing else."""
    assert answers(run_client(node, mock.url.replace("127.0.0.1", host))) == [INFO]


@pytest.mark.statement("API-20")
@needs_signals
def test_node_is_told_1001_when_the_server_stops(node: str, mock: RunningCommand) -> None:
    with running_client(node, mock.url, stays=True) as events:
        while next(events)["event"] != "message":
            pass
        mock.process.send_signal(signal.SIGTERM)
        assert list(events) == [{"event": "close", "code": 1001, "reason": FACTS.text("reason.shutting_down")}]
    assert mock.process.wait(timeout=SECONDS_TO_WAIT) == 0


# The ten-line examples


def run_example(command: list[str], mock: RunningCommand, key: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        env={**os.environ, "HAMSA_WS_URL": mock.ready["ws_url"], "HAMSA_API_KEY": key},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_TO_WAIT,
        check=False,
    )


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example as a user has it: in a folder of its own, with `ws` installed beside it.

    Node looks for packages in the folders above a module and nowhere else, hence the copies.
    """
    shutil.copytree(FOLDER / "node_modules", tmp_path / "node_modules")
    return Path(shutil.copy(EXAMPLES / "tts_client.mjs", tmp_path))


def test_example_prints_the_same_in_node_as_in_python(node: str, mock: RunningCommand, example: Path) -> None:
    key = mock.ready["keys"][0]
    in_node = run_example([node, str(example)], mock, key)
    in_python = run_example([sys.executable, str(EXAMPLES / "tts_client.py")], mock, key)
    assert in_node.stderr == in_python.stderr == ""
    assert in_node.stdout == in_python.stdout
    assert int(in_node.stdout.split()[0]) > 10_000


def test_example_says_why_it_was_refused(node: str, mock: RunningCommand, example: Path) -> None:
    refused = run_example([node, str(example)], mock, "wrong")
    assert (refused.stdout, refused.stderr.strip()) == ("", WRONG_KEY["payload"]["message"])


def test_test_files_of_node_run_side_by_side_with_a_mock_each(node: str) -> None:
    command = f"{sys.executable} -m hamsa_mock"
    ended = subprocess.run(
        [node, "--test", "parallel"],
        cwd=FOLDER,
        env={**os.environ, "HAMSA_MOCK_COMMAND": command},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_TO_WAIT,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "# pass 2" in ended.stdout


def test_shell_script_arms_a_fault_that_the_client_meets_and_reads_the_journal(node: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    for name in ("steer.sh", "tts_client.mjs"):
        shutil.copy(EXAMPLES / name, tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "hamsa_mock", "exec", "--profile", "instant", "--", "sh", str(tmp_path / "steer.sh")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_TO_WAIT,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    armed, met, whole, journal, verdict = ended.stdout.splitlines()
    assert json.loads(armed)["kind"] == "close"
    assert met == "the client met the fault"
    assert "bytes of audio" in whole
    codes = [entry["code"] for entry in json.loads(journal)["entries"]]
    assert 4003 in codes
    assert 1000 in codes
    assert json.loads(verdict)["verdict"] == "satisfied"
