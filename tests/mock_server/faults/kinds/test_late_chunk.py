"""Audio behind the end, as a fault."""

from hamsa_mock.core.actions import Raw, Send
from hamsa_mock.faults.kinds.late_chunk import LateChunk
from tests.mock_server.faults.virtual import answer, messages, played, request


def test_chunk_of_silence_follows_the_end_of_its_answer() -> None:
    asked = request()
    connection = played("late_chunk(320)", answer(asked))
    assert connection.names == ["ack", "chunk 1", "chunk 2", "chunk 3", "end", "chunk 1"]
    assert messages(connection)[-1].payload == bytes(320)
    last = connection.singles[-1]
    assert isinstance(last, Send)
    assert last.request is asked


def test_chunk_behind_an_end_that_is_no_message_belongs_to_no_request() -> None:
    _, late = LateChunk().script(Raw(b"", "end"), "after", lambda: 0)
    assert isinstance(late, Send)
    assert late.request is None
