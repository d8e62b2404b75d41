"""A slow handshake as a fault."""

from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept
from hamsa_mock.faults.board import FaultBoard
from tests.mock_server.faults.virtual import VirtualConnection


def test_upgrade_is_answered_late() -> None:
    board = FaultBoard(lambda: 0)
    board.arm("slow_handshake(3)")
    connection = VirtualConnection(board=board)
    assert connection.step(event=events.Ponged()) == []
    assert connection.wait(10) == ["accept"]
    assert connection.times == ["3 accept"]
    assert connection.singles == [Accept()]
