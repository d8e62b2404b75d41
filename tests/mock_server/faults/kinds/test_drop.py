"""Loss as a fault."""

from hamsa_mock.core.actions import Ping
from tests.mock_server.faults.virtual import played


def test_event_does_not_come_and_what_is_behind_it_does() -> None:
    assert played("drop instead of chunk 2").names == ["ack", "chunk 1", "chunk 3", "end"]


def test_pings_of_the_server_can_be_dropped() -> None:
    assert played("drop instead of ping", Ping()).names == []
