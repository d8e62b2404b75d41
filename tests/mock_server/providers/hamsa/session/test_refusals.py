"""Requests that are refused, and what becomes of their connection."""

from typing import Any

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Send
from hamsa_mock.providers.hamsa.accounts import FOREIGN_VOICE
from tests.mock_server.providers.hamsa.virtual import (
    VirtualHamsa,
    connected,
    error_of,
    name_of,
    names,
    tts,
)

MALFORMED = "Invalid message format: missing type or payload"


@pytest.mark.statement("WST-8", "API-26")
def test_bad_message_gets_its_error_and_the_next_request_works() -> None:
    client = connected()
    assert error_of(client.send("not json")) == MALFORMED
    assert error_of(client.receive(events.Binary(b"\0"))) == MALFORMED
    assert names(client.ask())[-1] == "end"


def test_bad_message_is_answered_at_once_while_audio_is_on_its_way() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    client.ask()
    hamsa.advance(0.1)
    assert error_of(client.send({"type": "nonsense", "payload": {}})) == "Unsupported message type: nonsense"
    hamsa.advance(5)
    assert name_of(client.all[-1]) == "end"


@pytest.mark.parametrize(
    ("message", "type"),
    [(tts(text=""), "tts"), ({"type": "nonsense", "payload": {}}, "invalid"), ("not json", "invalid")],
)
def test_error_carries_number_type_and_reason_of_its_request(message: Any, type: str) -> None:
    client = connected()
    client.ask()
    (error,) = client.send(message)
    assert isinstance(error, Send)
    assert error.request is not None
    assert (error.request.number, error.request.type) == (2, type)
    assert error.why is not None


@pytest.mark.statement("WST-8", "API-30")
@pytest.mark.parametrize("voice", [FOREIGN_VOICE, "12345678-1234-4234-8234-123456789abc"])
def test_voice_that_is_not_the_users_own_is_refused(voice: str) -> None:
    client = connected()
    assert error_of(client.ask(speaker=voice)) == "Voice not owned by user"
    assert names(client.ask())[-1] == "end"


def test_end_follows_the_error_of_a_speech_request_where_the_behaviour_says_so() -> None:
    client = connected(error__end="end")
    assert names(client.ask(text="")) == ["error", "end"]
    assert names(client.ask(speaker=FOREIGN_VOICE)) == ["error", "end"]
    assert names(client.send("not json")) == ["error"], "that was no speech request"
    assert names(client.send({"type": "nonsense", "payload": {}})) == ["error"]


def test_request_over_the_limit_gets_its_error_and_the_connection_stays_open() -> None:
    client = connected(key="hamsa-test-rate-limited")
    assert error_of(client.ask()) == "Rate limit exceeded for this API key"
    assert not client.ended


def test_request_for_which_nothing_is_left_is_closed_with_4003() -> None:
    client = connected(key="hamsa-test-nearly-broke")
    assert names(client.ask())[-1] == "end"
    assert names(client.ask()) == ["error", "close 4003"]
