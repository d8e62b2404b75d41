"""Connections as they end, and what is charged for the answers that end with them."""

from typing import Any

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Close, Send, Single
from tests.mock_server.providers.hamsa.virtual import (
    UNLIMITED,
    VirtualHamsa,
    audio_of,
    connected,
    names,
    sizes,
)


def charged(single: Single) -> Any:
    """What was charged for the request of an answer's part."""
    assert isinstance(single, Send)
    assert single.request is not None
    return single.request.details.get("charged")


@pytest.mark.statement("API-20")
def test_mock_that_stops_closes_with_1001() -> None:
    (close,) = connected().receive(events.Shutdown())
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (1001, "Server shutting down")


def test_mock_that_stops_does_not_finish_its_answers() -> None:
    client = connected("documented")
    client.ask()
    assert names(client.receive(events.Shutdown())) == ["close 1001"]
    assert client.session.deadline is None


@pytest.mark.parametrize("event", [events.PeerClosed(1000, ""), events.Failed(1002, ""), events.Lost()])
def test_answer_ends_with_its_connection_and_is_charged_as_far_as_it_was_sent(event: events.Event) -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.chunk_gap": 1})
    client = hamsa.connect()
    ack, *_ = client.ask()
    hamsa.advance(2.5)
    client.ask("behind the first one")
    assert names(client.since(2)) == ["ack", "chunk", "chunk", "chunk"]
    assert charged(ack) is None
    assert client.receive(event) == []
    sent = len(audio_of(client.all))
    assert charged(ack) == -(-sent // 32_000) == 2
    assert client.session.deadline is None
    assert client.ask() == []


def test_answer_whose_audio_had_not_begun_is_not_charged() -> None:
    client = connected("documented")
    (ack,) = client.ask()
    client.receive(events.Lost())
    assert charged(ack) == 0


def test_whole_answer_is_charged_in_whole_seconds() -> None:
    client = connected()
    answer = client.ask()
    assert charged(answer[0]) == -(-sizes(answer)[0] // 32_000)


@pytest.mark.parametrize(("activity", "closed"), [("messages", True), ("frames", False)])
def test_client_that_only_pings_is_closed_for_inactivity_unless_frames_count(activity: str, closed: bool) -> None:
    hamsa = VirtualHamsa("instant", {"hamsa.keepalive.activity": activity})
    client = hamsa.connect(UNLIMITED)
    hamsa.advance(3599)
    client.receive(events.Pinged())
    hamsa.advance(2)
    assert client.ended == closed
    assert names(client.all).count("ping") == 119 + (not closed)
