"""The wrong order of two events, as a fault."""

from tests.mock_server.faults.virtual import VirtualConnection, answer, played


def test_event_and_the_one_behind_it_change_places() -> None:
    assert played("reorder instead of chunk 2").names == ["ack", "chunk 1", "chunk 3", "chunk 2", "end"]


def test_last_event_waits_for_the_next_answer() -> None:
    connection = VirtualConnection("reorder instead of end times 1")
    assert connection.step(answer()) == ["ack", "chunk 1", "chunk 2", "chunk 3"]
    assert connection.step(answer()) == ["ack", "end", "chunk 1", "chunk 2", "chunk 3", "end"]
