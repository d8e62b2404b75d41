"""Connections to Hamsa as they begin: upgrade, key, greeting."""

import json

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Close, Reject, Why
from hamsa_mock.providers.hamsa.session import HamsaSession
from tests.mock_server.providers.hamsa.virtual import (
    VirtualHamsa,
    connected,
    json_of,
    names,
)

UNKNOWN = "API key is invalid or expired"


@pytest.mark.statement("API-2")
def test_client_with_a_key_is_greeted_with_info() -> None:
    accept, info = connected().all
    assert accept == Accept()
    assert json_of(info) == {"type": "info", "payload": {"message": "Connected to realtime WebSocket server"}}


@pytest.mark.parametrize(
    ("failure", "info", "expected"),
    [
        ("error_then_close", "after_key", ["accept", "error", "close 4001"]),
        ("error_then_close", "before_key", ["accept", "info", "error", "close 4001"]),
        ("close_only", "after_key", ["accept", "close 4001"]),
        ("close_only", "before_key", ["accept", "info", "close 4001"]),
        ("http_401", "after_key", ["reject 401"]),
        ("http_401", "before_key", ["reject 401"]),
    ],
)
def test_client_that_may_not_connect_is_turned_away_as_the_behaviours_say(
    failure: str, info: str, expected: list[str]
) -> None:
    client = connected(key="wrong", auth__failure=failure, auth__info=info)
    assert names(client.all) == expected
    last = client.all[-1]
    if isinstance(last, Reject):
        assert json.loads(last.body) == {"code": 401, "message": UNKNOWN}
        assert last.headers == {"Content-Type": "application/json"}
    else:
        assert isinstance(last, Close)
        assert last.reason == UNKNOWN
    assert last.why is not None
    assert last.why.behaviour == "hamsa.auth.failure"
    assert last.why.words.endswith("; turned away in this form"), "the behaviour decides nothing else"
    assert client.session.deadline is None


@pytest.mark.parametrize("info", ["after_key", "before_key"])
def test_client_that_may_connect_is_greeted_once(info: str) -> None:
    assert names(connected(auth__info=info, auth__failure="http_401").all) == ["accept", "info"]


def test_refused_client_is_not_answered_any_more() -> None:
    client = connected(key=None)
    assert client.ask() == []
    assert client.receive(events.Shutdown()) == []
    assert client.receive(events.PeerClosed(4001, "")) == []
    assert client.receive(events.Lost()) == []


def test_upgrade_that_was_never_answered_can_be_lost() -> None:
    assert HamsaSession(VirtualHamsa().service).receive(events.Lost(), 0) == []


@pytest.mark.parametrize("key", ["hamsa-test-key", "wrong"])
def test_upgrade_is_answered_after_the_delay_of_the_behaviour_whatever_the_answer_is(key: str) -> None:
    hamsa = VirtualHamsa(changes={"hamsa.auth.connect_delay": 1.2, "hamsa.auth.failure": "http_401"})
    client = hamsa.connect(key)
    hamsa.advance(1.1)
    assert client.all == []
    hamsa.advance(0.1)
    assert [at for at, _ in client.sent][:1] == [1.2]
    assert names(client.all) == (["reject 401"] if key == "wrong" else ["accept", "info"])


def test_upgrade_that_waits_for_its_answer_is_closed_when_the_mock_stops() -> None:
    client = VirtualHamsa(changes={"hamsa.auth.connect_delay": 1.2}).connect()
    assert names(client.receive(events.Shutdown())) == ["close 1001"]
    assert client.session.deadline is None


def test_client_that_does_not_wait_for_the_answer_is_forgotten() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.auth.connect_delay": 1.2})
    client = hamsa.connect()
    assert client.receive(events.Lost()) == []
    assert client.session.deadline is None
    assert client.session.tick(5) == []


def test_accepted_client_is_known_by_the_key_that_it_sent() -> None:
    for key in ("hamsa-test-key", "wrong", None):
        accept = connected(key=key).all[0]
        assert isinstance(accept, Accept)
        assert accept.key == key
        assert accept.why is None


def test_late_answer_to_the_upgrade_names_the_behaviour_that_delayed_it() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.auth.connect_delay": 1.2})
    client = hamsa.connect()
    hamsa.advance(1.2)
    accept = client.all[0]
    assert isinstance(accept, Accept)
    assert accept.why == Why("the answer to the upgrade waited 1.2 s", "hamsa.auth.connect_delay")


def test_mock_that_stops_in_the_middle_of_an_accepted_upgrade_says_so() -> None:
    session = HamsaSession(VirtualHamsa().service)
    session.receive(events.Opening("/v1/realtime/ws", {"api_key": "hamsa-test-key"}), 0)
    assert names([*session.receive(events.Shutdown(), 0)]) == ["close 1001"]  # type: ignore[list-item]
