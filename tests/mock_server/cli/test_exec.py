"""`hamsa-mock exec`, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from tests.mock_server.command import SECONDS_TO_START, needs_signals

pytestmark = pytest.mark.slow

ASK = """
import json, os, sys, urllib.request
from websockets.sync.client import connect
with connect(f"{os.environ['HAMSA_WS_URL']}?api_key={os.environ['HAMSA_API_KEY']}") as client:
    print(json.loads(client.recv())["type"])
with urllib.request.urlopen(os.environ["HAMSA_MOCK_ADMIN_URL"] + "/info") as answer:
    print(json.load(answer)["http_url"] == os.environ["HAMSA_BASE_URL"])
"""


def execute(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hamsa_mock", "exec", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_TO_START,
        check=False,
    )


def python(code: str) -> Sequence[str]:
    return ("--", sys.executable, "-c", code)


def test_command_finds_the_mock_in_its_environment() -> None:
    ended = execute(*python(ASK))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "info\nTrue\n", "")


def test_exit_code_is_that_of_the_command() -> None:
    assert execute(*python("raise SystemExit(7)")).returncode == 7


@needs_signals
def test_command_that_a_signal_killed_gives_the_code_of_shells() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert execute(*python(code)).returncode == 128 + signal.SIGKILL


def test_flags_before_the_command_are_of_the_mock_and_those_behind_it_are_not() -> None:
    code = "import os, sys; print(sys.argv[1:])"
    ended = execute("--profile", "instant", "--seed", "3", *python(code), "--profile", "x")
    assert ended.stdout == "['--profile', 'x']\n"


def test_console_of_the_mock_is_shown_where_that_is_asked_for() -> None:
    ended = execute("-v", *python(ASK))
    assert "#1 open from 127.0.0.1" in ended.stderr
    assert ended.stdout == "info\nTrue\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--", "no-such-command"), 127, "cannot run no-such-command: No such file or directory"),
        (("--", os.path.dirname(__file__)), 126, "cannot run"),
        (("--profile", "instand", "--", "true"), 2, "did you mean 'instant'?"),
        (("--host", "192.0.2.1", "--", "true"), 3, "cannot listen on"),
        ((), 2, "Missing argument 'COMMAND...'"),
    ],
)
def test_mistake_is_one_line_with_its_exit_code(arguments: Sequence[str], code: int, words: str) -> None:
    ended = execute(*arguments)
    assert ended.returncode == code
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


@needs_signals
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGINT", "SIGUSR1", "SIGQUIT"])
def test_signal_is_passed_on_and_nothing_is_left(number: str, tmp_path: Path) -> None:
    place = tmp_path / "child"
    code = f"""
import json, os, signal, sys, time
def end(number, frame):
    print("got", number, flush=True)
    sys.exit(9)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGQUIT):
    signal.signal(number, end)
with open({str(place)!r}, "w") as file:
    json.dump([os.getpid(), os.environ["HAMSA_BASE_URL"]], file)
time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-m", "hamsa_mock", "exec", *python(code)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    child, _ = wait_for(place)
    process.send_signal(getattr(signal, number))
    output, _ = process.communicate(timeout=SECONDS_TO_START)
    assert (process.returncode, output) == (9, f"got {int(getattr(signal, number))}\n")
    assert not psutil.pid_exists(child)


def wait_for(place: Path) -> tuple[int, str]:
    """What the child has written, once it has."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if place.exists() and (text := place.read_text()):
            pid, url = json.loads(text)
            return pid, url
        time.sleep(0.01)
    raise AssertionError("the command was not started")


def test_command_is_given_the_token_of_a_mock_that_others_reach() -> None:
    ended = execute("--host", "0.0.0.0", *python("import os; print(len(os.environ['HAMSA_MOCK_ADMIN_TOKEN']) > 30)"))
    assert (ended.returncode, ended.stdout) == (0, "True\n")


def test_command_is_told_what_to_trust(tmp_path: Path) -> None:
    code = "import os; print(os.environ['HAMSA_MOCK_CA_FILE'] == os.environ['NODE_EXTRA_CA_CERTS'])"
    ended = execute("--tls", "--tls-dir", str(tmp_path), *python(code))
    assert (ended.returncode, ended.stdout) == (0, "True\n")
