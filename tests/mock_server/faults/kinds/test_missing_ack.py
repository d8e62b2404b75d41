"""A missing acknowledgement as a fault."""

from tests.mock_server.faults.virtual import played


def test_answer_begins_with_its_audio() -> None:
    assert played("missing_ack").names == ["chunk 1", "chunk 2", "chunk 3", "end"]
