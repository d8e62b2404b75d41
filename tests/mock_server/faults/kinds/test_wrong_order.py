"""A part of an answer behind its end, as a fault."""

from tests.mock_server.faults.virtual import VirtualConnection, answer, played, request


def test_acknowledgement_comes_behind_the_end() -> None:
    assert played("wrong_order").names == ["chunk 1", "chunk 2", "chunk 3", "end", "ack"]


def test_only_the_end_of_the_same_answer_counts() -> None:
    connection = VirtualConnection("wrong_order instead of chunk 1 times 1")
    first, second = request(1), request(2)
    ack, *rest = answer(first).sends()
    connection.step(ack, rest[0], answer(second))
    assert connection.names == ["ack", "ack", "chunk 1", "chunk 2", "chunk 3", "end"]
    assert connection.step(*rest[1:]) == ["chunk 2", "chunk 3", "end", "chunk 1"]
