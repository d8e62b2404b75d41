"""Silence as a fault."""

from hamsa_mock.core.actions import Pong
from tests.mock_server.faults.virtual import VirtualConnection, answer, played


def test_nothing_more_comes() -> None:
    connection = played("stall after chunk 1")
    assert connection.names == ["ack", "chunk 1"]
    assert connection.step(Pong(b"")) == []


def test_everything_comes_later() -> None:
    connection = VirtualConnection("stall(10) before chunk 2")
    connection.step(answer())
    assert connection.step(Pong(b"")) == []
    connection.wait(3600)
    assert connection.times == ["0 ack", "0 chunk 1", "10 chunk 2", "10 chunk 3", "10 end", "10 pong"]
