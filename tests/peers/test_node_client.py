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

from tests.mock_server.command import RunningCommand
from tests.peers.wire import (
    ACK,
    END,
    FACTS,
    INFO,
    INVALID,
    SECONDS_TO_WAIT,
    SENTENCES,
    WRONG_KEY,
    needs_signals,
    said,
    tts,
)
from tests.tools.leftout import leave_out

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


@pytest.fixture
def node() -> str:
    """Node itself; `ws` is there too."""
    found = shutil.which("node")
    if found is None or not (FOLDER / "node_modules" / "ws").is_dir():
        leave_out("the Node client", "install npm (Debian, Ubuntu: apt install nodejs npm), then `make peers`")
    return found


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


@pytest.mark.parametrize("place", ["query", "header"])
def test_node_gives_its_key_by_query_or_header(node: str, mock: RunningCommand, place: str) -> None:
    """WST-2, WST-3."""
    key = mock.ready["keys"][0]
    url, options = {
        "query": (f"{mock.ready['ws_url']}?api_key={key}", {}),
        "header": (mock.ready["ws_url"], {"headers": {"X-Api-Key": key}}),
    }[place]
    events = run_client(node, url, tts(SENTENCES[0]), options=options)
    assert [said_or_message(answer) for answer in answers(events)] == [INFO, ACK, SENTENCES[0], END]
    assert events[-1] == {"event": "close", "code": 1000, "reason": ""}


def test_node_sends_several_requests_over_one_connection(node: str, mock: RunningCommand) -> None:
    """API-1, API-16, FAQ-6: an error among them, and the next one is answered."""
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


def test_node_with_a_wrong_key_gets_the_error_and_close_code_4001(node: str, mock: RunningCommand) -> None:
    """API-17, API-22."""
    events = run_client(node, f"{mock.ready['ws_url']}?api_key=wrong", stays=True)
    assert answers(events) == [WRONG_KEY]
    assert events[-1] == {"event": "close", "code": 4001, "reason": WRONG_KEY["payload"]["message"]}


@pytest.mark.parametrize("host", HOSTS)
def test_node_finds_the_mock_at_every_name_of_this_machine(node: str, mock: RunningCommand, host: str) -> None:
    """Node looks `localhost` up itself and may get ::1 first; before version 20 it tries nothing else."""
    assert answers(run_client(node, mock.url.replace("127.0.0.1", host))) == [INFO]


@needs_signals
def test_node_is_told_1001_when_the_server_stops(node: str, mock: RunningCommand) -> None:
    """API-20."""
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
