"""Pings that are not answered, as a fault."""

from hamsa_mock.core.actions import Ping, Pong
from tests.mock_server.faults.virtual import played


def test_pongs_do_not_come_and_pings_do() -> None:
    assert played("ignore_pings", Pong(b"x"), Ping()).names == ["ping"]
