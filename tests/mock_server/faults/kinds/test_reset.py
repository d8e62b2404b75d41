"""A reset as a fault."""

import pytest

from hamsa_mock.core.actions import Reset
from tests.mock_server.faults.virtual import played


@pytest.mark.parametrize(("fault", "drained"), [("reset", False), ("reset(true)", True)])
def test_connection_is_reset_and_nothing_follows(fault: str, drained: bool) -> None:
    connection = played(f"{fault} after ack")
    assert connection.names == ["ack", "reset"]
    assert connection.singles[-1] == Reset(drained)
