"""The end of the stream as a fault."""

from hamsa_mock.core.actions import Fin
from tests.mock_server.faults.virtual import played


def test_stream_ends_and_nothing_follows() -> None:
    connection = played("fin before chunk 2")
    assert connection.names == ["ack", "chunk 1", "fin"]
    assert connection.singles[-1] == Fin()
