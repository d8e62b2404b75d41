"""Torn samples as a fault."""

import pytest

from hamsa_mock.core.actions import Send
from hamsa_mock.core.messages import binary_message
from tests.mock_server.faults.virtual import CHUNKS, messages, played


@pytest.mark.parametrize(
    ("nbytes", "asked", "sizes"),
    [
        (6400, 641, [641, 5759]),
        (6400, 640, [639, 5761]),
        (6400, 9999, [6399, 1]),
        (6399, 9999, [6397, 2]),
        (2, 1, [1, 1]),
        (1, 1, [1]),
        (0, 1, [0]),
    ],
)
def test_first_message_has_an_odd_size(nbytes: int, asked: int, sizes: list[int]) -> None:
    chunk = Send("chunk", binary_message(bytes(nbytes)))
    pieces = messages(played(f"odd_split({asked})", chunk))
    assert [piece.nbytes for piece in pieces] == sizes


def test_both_messages_together_are_the_chunk() -> None:
    connection = played("odd_split instead of chunk 2")
    assert connection.names == ["ack", "chunk 1", "chunk 2", "chunk 2", "chunk 3", "end"]
    first, second = messages(connection)[2:4]
    assert first.payload + second.payload == CHUNKS[1].payload
