"""A close frame as a fault."""

import pytest

from hamsa_mock.core.actions import Close, Why
from hamsa_mock.faults.board import read_fault
from hamsa_mock.faults.errors import WrongFault
from tests.mock_server.faults.virtual import played


def test_connection_is_closed_and_nothing_follows() -> None:
    connection = played('close(4003, "no money") after chunk 2')
    assert connection.names == ["ack", "chunk 1", "chunk 2", "close 4003"]
    assert connection.singles[-1] == Close(4003, "no money", Why("a fault"))


def test_reason_that_no_close_frame_has_room_for_is_refused() -> None:
    read_fault(f'close(4003, "{"ب" * 61}")')
    with pytest.raises(WrongFault, match="close: reason has 124 bytes; allowed: at most 123"):
        read_fault(f'close(4003, "{"ب" * 62}")')
