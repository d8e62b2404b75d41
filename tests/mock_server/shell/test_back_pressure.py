"""Clients that do not read cost a bounded amount of memory, and get everything once they read again."""

import psutil
import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from tests.mock_server.command import RunningCommand, running_mock
from tests.mock_server.raw import RawWebSocket, frame, speech

pytestmark = pytest.mark.slow

MEBIBYTE = 2**20
OFFERED = 20_000
"""Requests a client offers without reading: some three gigabytes of audio, if they were all answered."""


def url(command: RunningCommand) -> str:
    """The endpoint with a key that no limit stops."""
    return f"{command.ready['ws_url']}?api_key=hamsa-test-unlimited"


PADDING = 4_000


def request(number: int, padding: int = 0) -> bytes:
    return speech(f"هذه هي الجملة رقم {number} من جمل كثيرة لا يقرؤها أحد", padding)


def offer(connection: RawWebSocket, first: int, padding: int = 0) -> int:
    """Send requests until nothing more is taken, without reading; how many were sent. `padding`: bytes of white space
    in each, so that all of them together are more than what systems keep of what nobody has read.
    """
    connection.socket.settimeout(0.5)
    for number in range(first, first + OFFERED):
        try:
            connection.send(request(number, padding))
        except TimeoutError:
            return number - first
    return OFFERED


@pytest.mark.parametrize("profile", ["instant", "documented"])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_client_that_never_reads_is_not_read_and_costs_bounded_memory(loop: str, profile: str) -> None:
    with running_mock("--loop", loop, "--profile", profile, "--quiet") as command:
        process = psutil.Process(command.process.pid)
        with RawWebSocket(url(command)) as warm_up:
            warm_up.send(request(-1))
            warm_up.next()
            warm_up.audio()
        before = process.memory_info().rss
        with RawWebSocket(url(command)) as connection:
            sent = offer(connection, 0, PADDING)
            assert sent < OFFERED, "the mock stopped reading"
            assert process.memory_info().rss - before < 16 * MEBIBYTE
            with RawWebSocket(url(command)) as other:
                other.send(request(-1))
                assert other.next_json()["type"] == "ack"


def test_client_that_reads_again_gets_every_answer_in_order() -> None:
    with running_mock("--profile", "instant", "--quiet") as command, RawWebSocket(url(command)) as connection:
        count = 200  # some 28 MB, more than the buffers of the system hold
        for number in range(count):
            connection.send(request(number))
        for number in range(count):
            assert connection.next_json()["type"] == "ack"
            proof = read_proof(connection.audio(), PCM_16000_16)
            assert proof.whole
            assert proof.text is not None
            assert f"رقم {number} من" in proof.text


def ping_until_nothing_is_taken(connection: RawWebSocket) -> bool:
    pings = frame(9, b"x" * 125) * 500
    try:
        for _ in range(2000):
            connection.send(pings)
    except TimeoutError:
        return True
    return False


def test_pings_of_a_client_that_never_reads_cost_bounded_memory() -> None:
    with running_mock("--quiet") as command:
        process = psutil.Process(command.process.pid)
        before = process.memory_info().rss
        with RawWebSocket(command.url) as connection:
            connection.socket.settimeout(0.5)
            assert ping_until_nothing_is_taken(connection)
            assert process.memory_info().rss - before < 16 * MEBIBYTE
