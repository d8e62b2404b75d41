"""What a stock client makes of faults that it must notice by itself."""

import json
from importlib.metadata import version

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.mock_server.conftest import LoggingMock
from tests.mock_server.faults.wire import SENTENCE

OLD_CLIENT = int(version("websockets").partition(".")[0]) < 13
REQUEST = json.dumps({"type": "tts", "payload": {"text": SENTENCE, "speaker": "Majd"}})


def conversation(client: ClientConnection) -> list[str | bytes]:
    """All messages of an answer. Raises ConnectionClosedError."""
    client.recv(timeout=20)  # info
    client.send(REQUEST)
    received: list[str | bytes] = []
    while not received or '"end"' not in str(received[-1]):
        received.append(client.recv(timeout=20))
    return received


def failed_with(mock: LoggingMock, fault: str) -> ConnectionClosedError:
    """How the connection ends because of a fault."""
    mock.faults.arm(fault)
    with connect(mock.url) as client, pytest.raises(ConnectionClosedError) as closed:
        conversation(client)
    return closed.value


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("invalid_utf8 instead of ack", 1007),
        ("reserved_bits(2) instead of chunk 1", 1002),
        ("oversized(1048577) instead of chunk 1", 1009),
        ("wrong_opcode instead of chunk 1", 1007),
    ],
)
def test_client_fails_the_connection(mock_on_each_loop: LoggingMock, fault: str, code: int) -> None:
    closed = failed_with(mock_on_each_loop, fault)
    if OLD_CLIENT and code == 1007:
        assert closed.sent is None, "version 12 drops the connection without a close frame"
    else:
        assert closed.sent is not None
        assert closed.sent.code == code


@pytest.mark.parametrize("code", [1011, 1013, 3000, 4001, 4003, 4500, 4999])
def test_client_is_told_code_and_reason(mock: LoggingMock, code: int) -> None:
    closed = failed_with(mock, f'close({code}, "why") instead of ack')
    assert closed.rcvd is not None
    assert (closed.rcvd.code, closed.rcvd.reason) == (code, "why")


@pytest.mark.parametrize("fault", ["fin after ack", "reset(true) after ack"])
def test_client_is_told_that_there_was_no_close_frame(mock_on_each_loop: LoggingMock, fault: str) -> None:
    assert failed_with(mock_on_each_loop, fault).rcvd is None


def test_client_puts_fragments_together(mock_on_each_loop: LoggingMock) -> None:
    with connect(mock_on_each_loop.url) as client:
        whole = conversation(client)
    mock_on_each_loop.faults.arm("fragment(7, pings=true) instead of message")
    with connect(mock_on_each_loop.url) as client:
        assert conversation(client) == whole


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_client_is_refused_with_the_status_and_told_when_to_come_back(
    mock_on_each_loop: LoggingMock, status: int
) -> None:
    mock_on_each_loop.faults.arm(f"refuse({status}, retry_after=30)")
    with pytest.raises(InvalidStatus) as refused, connect(mock_on_each_loop.url):
        pass
    assert refused.value.response.status_code == status
    assert refused.value.response.headers["Retry-After"] == "30"


def test_client_that_waits_for_no_slow_handshake_gives_up(mock_on_each_loop: LoggingMock) -> None:
    mock_on_each_loop.clock.freeze()
    mock_on_each_loop.faults.arm("slow_handshake(60)")
    with pytest.raises(TimeoutError), connect(mock_on_each_loop.url, open_timeout=0.2):
        pass


def test_client_whose_pings_are_ignored_gives_up(mock_on_each_loop: LoggingMock) -> None:
    mock_on_each_loop.faults.arm("ignore_pings")
    with connect(mock_on_each_loop.url, close_timeout=0.2) as client:
        assert not client.ping().wait(0.2)
