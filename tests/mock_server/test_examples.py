"""The examples as users run them: in processes of their own, against a running mock."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from hamsa_mock import MockServer

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"
SECONDS_TO_WAIT = 60


def run_client(url: str, key: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(EXAMPLES / "tts_client.py")],
        env={**os.environ, "HAMSA_WS_URL": url, "HAMSA_API_KEY": key, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_TO_WAIT,
        check=False,
    )


def test_client_counts_the_bytes_of_a_sentence() -> None:
    with MockServer(profile="instant") as mock:
        ended = run_client(mock.ws_url, mock.key)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.fullmatch(r"\d{5,} bytes of audio, 16-bit mono at 16 kHz\n", ended.stdout)


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        ("error_then_close", r"API key is invalid or expired\n"),
        ("close_only", r".*4001.*API key is invalid or expired.*\n"),
        ("http_401", r".*HTTP 401\n"),
    ],
)
def test_client_that_is_refused_says_why(failure: str, why: str) -> None:
    with MockServer(profile="instant", behaviours={"hamsa.auth.failure": failure}) as mock:
        ended = run_client(mock.ws_url, "wrong")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(why, ended.stderr)


def test_client_whose_request_fails_says_why() -> None:
    with MockServer(profile="instant") as mock:
        ended = run_client(mock.ws_url, "hamsa-test-no-funds")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(r"[^\n]*\b[Bb]alance\b[^\n]*\n|[^\n]*funds[^\n]*\n", ended.stderr)


def test_client_without_a_mock_says_why() -> None:
    with socket.socket() as bound:  # nobody listens there, and nobody else can
        bound.bind(("127.0.0.1", 0))
        ended = run_client(f"ws://127.0.0.1:{bound.getsockname()[1]}/v1/realtime/ws", "any")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_ends_the_demo_and_its_mock() -> None:
    demo = [sys.executable, "-u", str(EXAMPLES / "demo.py")]
    with subprocess.Popen(demo, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        listens = re.fullmatch(r"The mock listens at .* \(process (\d+)\)\.\n", process.stdout.readline())
        assert listens is not None
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=SECONDS_TO_WAIT)
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert not psutil.pid_exists(int(listens[1]))
