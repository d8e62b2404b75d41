"""Recordings, and the transcripts that answer them."""

import pytest

from hamsa_mock.core.actions import Close, Send, Single
from hamsa_schemas import default_catalogue
from tests.mock_server.providers.hamsa.virtual import (
    SENTENCE,
    UNLIMITED,
    VirtualHamsa,
    audio_of,
    connected,
    json_of,
    names,
    stt,
    tts,
)


def heard(singles: list[Single]) -> list[str]:
    """The bare texts that were sent."""
    return [s.message.payload.decode() for s in singles if isinstance(s, Send) and s.event == "transcript"]


@pytest.mark.statement("API-1", "API-15")
def test_voice_loop_closes_what_is_spoken_is_heard() -> None:
    client = connected()
    audio = audio_of(client.ask())
    assert heard(client.send(stt(audio))) == [SENTENCE]


@pytest.mark.statement("API-1")
def test_speech_and_transcripts_are_answered_in_the_order_of_their_requests() -> None:
    audio = audio_of(connected().ask())
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect(UNLIMITED)
    for request in (stt(audio), tts(), stt(audio)):
        assert [name for name in names(client.send(request)) if name != "ack"] == []
    hamsa.advance(60)
    answered = [name for name in names(client.all) if name in ("transcript", "end")]
    assert answered == ["transcript", "end", "transcript"]


@pytest.mark.statement("API-5")
def test_every_json_message_has_a_documented_type_and_fits_its_schema() -> None:
    client = connected(stt__answer="response")
    client.send(stt(audio_of(client.ask())))
    client.send({"type": "nonsense", "payload": {}})
    texts = [json_of(single) for single in client.all if isinstance(single, Send) and single.event != "chunk"]
    assert {message["type"] for message in texts} == {"info", "ack", "end", "response", "error"}
    for message in texts:
        assert default_catalogue().message("hamsa", "server", message["type"]).is_valid(message)


def test_recording_without_speech_can_end_the_connection() -> None:
    client = connected(stt__empty="close")
    (close,) = client.send(stt(bytes(3200)))
    assert isinstance(close, Close)
    assert close.code == 1000
    assert client.send(tts()) == []
