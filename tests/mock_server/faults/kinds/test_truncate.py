"""A message that is cut, as a fault."""

import pytest

from tests.mock_server.faults.virtual import CHUNKS, messages, played


@pytest.mark.parametrize(("size", "left"), [(640, 640), (0, 0), (9999, 6400)])
def test_only_the_beginning_comes(size: int, left: int) -> None:
    connection = played(f"truncate({size}) instead of chunk 2")
    assert [message.nbytes for message in messages(connection)[1:4]] == [6400, left, 6400]
    assert messages(connection)[2].payload == CHUNKS[1].payload[:left]
    assert connection.names == ["ack", "chunk 1", "chunk 2", "chunk 3", "end"]
