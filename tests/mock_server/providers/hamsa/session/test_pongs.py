"""Clients that owe a pong, where pings are to be answered."""

from hamsa_mock.core import events
from hamsa_mock.core.actions import Abort, Close
from tests.mock_server.providers.hamsa.virtual import VirtualHamsa, names

TIMEOUT = {"hamsa.keepalive.pong_timeout": 20}


def test_client_that_does_not_answer_a_ping_is_closed_with_1011_and_told_why() -> None:
    hamsa = VirtualHamsa(changes=TIMEOUT)
    client = hamsa.connect()
    hamsa.advance(49.999)
    assert names(client.since(2)) == ["ping"]
    hamsa.advance(0.001)
    close = client.all[-1]
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (1011, "keepalive ping timeout")
    assert close.why is not None
    assert close.why.behaviour == "hamsa.keepalive.pong_timeout"
    assert client.session.deadline is None


def test_client_that_answers_its_pings_stays() -> None:
    hamsa = VirtualHamsa(changes=TIMEOUT)
    client = hamsa.connect()
    for _ in range(10):
        hamsa.advance(30)
        client.receive(events.Ponged())
    assert names(client.since(2)) == ["ping"] * 10


def test_clients_own_pings_are_no_answer() -> None:
    hamsa = VirtualHamsa(changes=TIMEOUT)
    client = hamsa.connect()
    hamsa.advance(40)
    client.receive(events.Pinged())
    hamsa.advance(10)
    assert names(client.all)[-1] == "close 1011"


def test_client_that_does_not_read_is_dropped_behind_the_close_it_would_not_see() -> None:
    hamsa = VirtualHamsa(changes=TIMEOUT)
    client = hamsa.connect()
    client.receive(events.Blocked())
    hamsa.advance(50)
    close, abort = client.all[-2:]
    assert isinstance(close, Close)
    assert close.code == 1011
    assert abort == Abort()
    client.receive(events.Lost())


def test_inactive_client_is_closed_as_such_even_if_it_owes_a_pong() -> None:
    hamsa = VirtualHamsa(changes={**TIMEOUT, "hamsa.keepalive.inactivity": 50})
    client = hamsa.connect()
    hamsa.advance(100)
    assert names(client.all)[-1] == "close 1000"


def test_client_that_never_answers_stays_by_default() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    hamsa.advance(3599)
    assert names(client.since(2)) == ["ping"] * 119
