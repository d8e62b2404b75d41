"""Resets of TCP connections, at once and after everything has arrived."""

import sys

import pytest

from hamsa_mock.shell import resetting
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.faults.wire import WireClient
from tests.mock_server.raw import frame, speech

PING = 0x9
MUCH = speech("ب" * 2000)
"""Its answer has nearly six megabytes: more than the buffers of the system hold for a client that does not read."""


def wait_for_others(mock: LoggingMock) -> None:
    """Until another client was answered, and so the requests before it were read."""
    with WireClient(mock) as other:
        other.send(frame(PING))
        assert other.next().name == "pong"


def test_everything_arrives_before_the_reset_also_at_a_client_that_reads_late(mock_on_each_loop: LoggingMock) -> None:
    mock_on_each_loop.faults.arm("reset(drained=true) after end")
    with WireClient(mock_on_each_loop) as client:
        client.send(MUCH)
        wait_for_others(mock_on_each_loop)
        assert client.to_the_end()[-2:] == ["end", "reset"]


def test_client_that_does_not_take_what_was_sent_is_reset_all_the_same(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resetting, "DRAIN_TIMEOUT", 0.0)
    monkeypatch.setattr(resetting, "_unsent", lambda transport: True)
    mock_on_each_loop.faults.arm("reset(drained=true) after ack")
    with WireClient(mock_on_each_loop) as client:
        client.send(speech())
        assert client.to_the_end()[-1] == "reset"


def test_reset_follows_also_where_the_system_does_not_tell_what_has_arrived(
    mock_on_each_loop: LoggingMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "termios", None)
    mock_on_each_loop.faults.arm("reset(drained=true) after ack")
    with WireClient(mock_on_each_loop) as client:
        client.send(speech())
        assert client.to_the_end()[-1] == "reset"
