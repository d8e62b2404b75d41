"""`hamsa-mock serve` on systems that lack something, and what it leaves alone."""

import signal
import sys

import pytest

from tests.mock_server.command import running_mock
from tests.mock_server.raw import RawWebSocket, speech

pytestmark = pytest.mark.slow

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
            connection.send(speech())
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
            connection.send(speech())
            connection.next_json()
            connection.audio()
        _, output = command.end(signal.SIGTERM)
    reported = [line for line in output.splitlines() if line.startswith("OUTGOING")]
    listening = [line for line in reported if "getaddrinfo" in line and ("127.0.0.1" in line or "::1" in line)]
    assert reported == listening, "only its own addresses are looked up, to listen on them"
    assert listening, "the hook was at work"
