"""Clients that do not read what they are sent, and clients that are not read."""

import pytest

from hamsa_mock.core import events
from hamsa_mock.providers.hamsa.session import ANSWERS_AT_ONCE, WAITING_REQUESTS
from tests.mock_server.providers.hamsa.virtual import (
    UNLIMITED,
    VirtualHamsa,
    connected,
    error_of,
    names,
)

MALFORMED = "Invalid message format: missing type or payload"


def test_nothing_is_made_for_a_client_that_does_not_read() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    client.ask()
    client.receive(events.Blocked())
    assert client.session.deadline == 30, "the next ping"
    assert client.ask() == []
    hamsa.advance(40)
    assert names(client.since(3)) == ["ping"]
    assert names(client.receive(events.Writable()))[0] == "chunk"


def test_bad_message_of_a_client_that_does_not_read_is_answered() -> None:
    client = connected()
    client.receive(events.Blocked())
    assert error_of(client.send("not json")) == MALFORMED


@pytest.mark.parametrize(("overlap", "at_once"), [("queue", 1), ("interleave", ANSWERS_AT_ONCE)])
def test_client_is_not_read_while_too_many_of_its_requests_wait(overlap: str, at_once: int) -> None:
    hamsa = VirtualHamsa("documented", {"hamsa.tts.overlap": overlap})
    client = hamsa.connect(UNLIMITED)
    for _ in range(at_once + WAITING_REQUESTS):
        assert client.session.hungry
        client.ask("ب")
    assert not client.session.hungry
    hamsa.advance(60)
    assert client.session.hungry
    assert names(client.all).count("end") == at_once + WAITING_REQUESTS
