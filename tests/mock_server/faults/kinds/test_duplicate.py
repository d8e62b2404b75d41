"""Repetition as a fault."""

from tests.mock_server.faults.virtual import played


def test_event_comes_so_often() -> None:
    assert played("duplicate(3) instead of ack").names == ["ack", "ack", "ack", "chunk 1", "chunk 2", "chunk 3", "end"]
