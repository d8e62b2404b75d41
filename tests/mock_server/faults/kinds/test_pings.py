"""Pings between messages, as a fault."""

import pytest

from hamsa_mock.core.actions import Ping
from hamsa_mock.faults.board import read_fault
from hamsa_mock.faults.errors import WrongFault
from tests.mock_server.faults.virtual import played


def test_pings_stand_where_they_are_asked_for() -> None:
    connection = played('pings(2, "هل") after ack')
    assert connection.names == ["ack", "ping", "ping", "chunk 1", "chunk 2", "chunk 3", "end"]
    assert connection.singles[1] == Ping("هل".encode())


def test_pings_wait_with_the_message_that_they_stand_at() -> None:
    connection = played("pings before chunk 1")
    assert connection.names[:3] == ["ack", "ping", "chunk 1"]


def test_payload_that_no_ping_has_room_for_is_refused() -> None:
    read_fault(f'pings(1, "{"x" * 125}")')
    with pytest.raises(WrongFault, match="pings: payload has 126 bytes; allowed: at most 125"):
        read_fault(f'pings(1, "{"x" * 126}")')
