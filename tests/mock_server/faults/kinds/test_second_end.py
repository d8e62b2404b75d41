"""A second end as a fault."""

from tests.mock_server.faults.virtual import played


def test_answer_ends_twice() -> None:
    assert played("second_end").names == ["ack", "chunk 1", "chunk 2", "chunk 3", "end", "end"]
