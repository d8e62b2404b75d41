"""What a client sends, judged."""

import json
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_mock.providers.hamsa.requests import Incoming, RequestReader, Tts, WireError
from hamsa_schemas import default_catalogue, load_facts

READER = RequestReader(load_facts("hamsa"), default_catalogue().message("hamsa", "client", "tts"))
MALFORMED = "Invalid message format: missing type or payload"
INVALID_TTS = "Invalid payload for message type: tts"
VALID = {"text": "مرحبا", "speaker": "Majd"}


def read(message: Any) -> Incoming:
    return READER.read(json.dumps(message))


def error(text: str) -> WireError:
    incoming = READER.read(text)
    assert isinstance(incoming, WireError)
    return incoming


def test_request_with_the_required_fields_gets_the_documented_defaults() -> None:
    assert read({"type": "tts", "payload": VALID}) == Tts("مرحبا", "Majd", "", "ar", PCM_16000_16, 1.0)


def test_request_with_every_field_is_read_whole() -> None:
    payload = {
        **VALID,
        "dialect": "ksa",
        "languageId": "en",
        "mulaw": False,
        "sampleRate": "8k",
        "expressiveness": 2,
    }
    assert read({"type": "tts", "payload": payload}) == Tts("مرحبا", "Majd", "ksa", "en", PCM_8000_16, 2.0)


@pytest.mark.parametrize(
    ("fields", "audio_format"),
    [
        ({}, PCM_16000_16),
        ({"sampleRate": "16k"}, PCM_16000_16),
        ({"sampleRate": "8k"}, PCM_8000_16),
        ({"mulaw": True}, ULAW_8000_8),
        ({"mulaw": True, "sampleRate": "16k"}, ULAW_8000_8),
    ],
)
def test_format_follows_the_fields(fields: dict[str, Any], audio_format: AudioFormat) -> None:
    incoming = read({"type": "tts", "payload": {**VALID, **fields}})
    assert isinstance(incoming, Tts)
    assert incoming.format is audio_format


def test_fields_repeated_beside_the_payload_are_ignored() -> None:
    message = {"type": "tts", "payload": VALID, "dialect": 5, "mulaw": "yes", "languageId": None}
    assert isinstance(read(message), Tts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("hello", "not JSON"),
        ("[1, 2]", "a JSON array, not an object"),
        ('"tts"', "a JSON string, not an object"),
        ("5", "a JSON number, not an object"),
        ("0.5", "a JSON number, not an object"),
        ("true", "a JSON boolean, not an object"),
        ("null", "a JSON null, not an object"),
        ("{}", "type is missing, empty or not a string"),
        ('{"type": "", "payload": {}}', "type is missing, empty or not a string"),
        ('{"type": 5, "payload": {}}', "type is missing, empty or not a string"),
        ('{"type": "tts"}', "payload is missing or null"),
        ('{"type": "tts", "payload": null}', "payload is missing or null"),
        ('{"type": "nonsense"}', "payload is missing or null"),
    ],
)
def test_message_without_type_or_payload_is_malformed(text: str, words: str) -> None:
    refused = error(text)
    assert refused.text == MALFORMED
    assert refused.why.words.startswith(words)


def test_binary_message_is_malformed() -> None:
    refused = READER.read_binary(b"\0" * 640)
    assert refused.text == MALFORMED
    assert "640 bytes" in refused.why.words


@pytest.mark.parametrize("name", ["stts", "TTS", "info", "shutdown", "تحويل", "a b"])
def test_unknown_type_is_named_in_the_error(name: str) -> None:
    refused = error(json.dumps({"type": name, "payload": 5}))
    assert refused.text == f"Unsupported message type: {name}"
    assert "a client may send: tts" in refused.why.words


def test_only_the_beginning_of_a_long_type_is_repeated() -> None:
    assert error(json.dumps({"type": "x" * 200, "payload": {}})).text.endswith(" " + "x" * 200)
    assert error(json.dumps({"type": "x" * 201, "payload": {}})).text.endswith(" " + "x" * 200 + "...")


def test_type_that_would_break_a_line_cannot_forge_one_in_the_log() -> None:
    assert "\n" not in error(json.dumps({"type": "a\nb", "payload": {}})).why.words


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (5, "payload"),
        ([], "payload"),
        ({}, "payload"),
        ({"text": "a"}, "payload"),
        ({"speaker": "Majd"}, "payload"),
        ({**VALID, "text": ""}, "payload.text"),
        ({**VALID, "text": "ب" * 2001}, "payload.text has 2001 characters"),
        ({**VALID, "text": 5}, "payload.text"),
        ({**VALID, "mulaw": "yes"}, "payload.mulaw"),
        ({**VALID, "sampleRate": 16000}, "payload.sampleRate"),
        ({**VALID, "expressiveness": 3}, "payload.expressiveness"),
    ],
)
def test_wrong_payload_is_refused_with_the_field_that_is_wrong(payload: Any, words: str) -> None:
    refused = error(json.dumps({"type": "tts", "payload": payload}))
    assert refused.text == INVALID_TTS
    assert refused.why.words.startswith(words)


def test_text_is_counted_in_characters_not_bytes() -> None:
    incoming = read({"type": "tts", "payload": {**VALID, "text": "ب" * 2000}})
    assert isinstance(incoming, Tts)


def test_long_message_is_refused_without_looking_for_the_place() -> None:
    refused = error(json.dumps({"type": "tts", "payload": {**VALID, "text": "x" * 100_000}}))
    assert refused.text == INVALID_TTS
    assert "too long to say where" in refused.why.words
