"""What a client sends, judged."""

import json
from base64 import b64encode
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, wav_bytes
from hamsa_kit.proof import MAX_TEXT_BYTES
from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.requests import Incoming, RequestReader, Stt, Tts, WireError
from hamsa_schemas import BehaviourValue, default_catalogue, load_facts
from tests.mock_server.changed import behaviours

TTS = default_catalogue().message("hamsa", "client", "tts")
STT = default_catalogue().message("hamsa", "client", "stt")


def reader(**changes: BehaviourValue) -> RequestReader:
    """Changes are named like `tts__long_text` for `hamsa.tts.long_text`."""
    return RequestReader(load_facts("hamsa"), behaviours(**changes), TTS, STT)


READER = reader()
MALFORMED = "Invalid message format: missing type or payload"
INVALID_TTS = "Invalid payload for message type: tts"
VALID = {"text": "مرحبا", "speaker": "Majd"}


def read(message: Any, reader: RequestReader = READER) -> Incoming:
    return reader.read(json.dumps(message))


def error(text: str, reader: RequestReader = READER) -> WireError:
    incoming = reader.read(text)
    assert isinstance(incoming, WireError)
    return incoming


def spoken(payload: dict[str, Any], reader: RequestReader) -> Tts:
    incoming = read({"type": "tts", "payload": payload}, reader)
    assert isinstance(incoming, Tts)
    return incoming


@pytest.mark.statement("WST-4", "API-7")
def test_request_with_the_required_fields_gets_the_documented_defaults() -> None:
    assert read({"type": "tts", "payload": VALID}) == Tts("مرحبا", "Majd", "", "ar", PCM_16000_16, 1.0)


@pytest.mark.statement("WST-4", "API-9")
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


@pytest.mark.statement("API-8")
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
    tts = read(message)
    assert isinstance(tts, Tts)
    assert tts.notes == (Why('ignored beside the payload: "dialect", "mulaw", "languageId"'),)


def test_fields_that_are_not_known_are_ignored_and_told_by_name() -> None:
    tts = spoken({**VALID, "samplerate": "8k", "foo": 1}, READER)
    assert tts.format is PCM_16000_16
    assert tts.notes == (Why('ignored: "samplerate" (did you mean "sampleRate"?), "foo"'),)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Language": "ar"}, ['ignored: "Language" (did you mean "language"?)']),
        ({"eosThreshold": 0.5}, ['ignored: "eosThreshold" without "isEosEnabled": true']),
        ({"eosThreshold": 0.5, "isEosEnabled": False}, ['ignored: "eosThreshold" without "isEosEnabled": true']),
        ({"eosThreshold": 0.5, "isEosEnabled": True}, []),
        ({"model": "s2"}, ['ignored: "model", the mock hears the same with every one']),
        ({}, []),
    ],
)
def test_fields_of_a_recording_that_change_nothing_are_told(fields: dict[str, Any], words: list[str]) -> None:
    payload = {"audioBase64": b64encode(wav_bytes(PCM_16000_16, bytes(640))).decode(), **fields}
    stt = read({"type": "stt", "payload": payload})
    assert isinstance(stt, Stt)
    assert [note.words for note in stt.notes] == words
    beside = read({"type": "stt", "payload": payload, "id": 1})
    assert isinstance(beside, Stt)
    assert Why('ignored beside the payload: "id"') in beside.notes


@pytest.mark.statement("API-26")
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
    assert (refused.text, refused.type) == (MALFORMED, "invalid")
    assert refused.why.words.startswith(words)
    assert refused.why.basis == "documented"


def test_binary_message_is_malformed() -> None:
    refused = READER.read_binary(b"\0" * 640)
    assert refused.text == MALFORMED
    assert "640 bytes" in refused.why.words


@pytest.mark.statement("API-27")
@pytest.mark.parametrize("name", ["stts", "TTS", "info", "shutdown", "تحويل", "a b"])
def test_unknown_type_is_named_in_the_error(name: str) -> None:
    refused = error(json.dumps({"type": name, "payload": 5}))
    assert (refused.text, refused.type) == (f"Unsupported message type: {name}", "invalid")
    assert "a client may send: tts, stt" in refused.why.words


def test_only_the_beginning_of_a_long_type_is_repeated() -> None:
    assert error(json.dumps({"type": "x" * 200, "payload": {}})).text.endswith(" " + "x" * 200)
    assert error(json.dumps({"type": "x" * 201, "payload": {}})).text.endswith(" " + "x" * 200 + "...")


def test_type_that_would_break_a_line_cannot_forge_one_in_the_log() -> None:
    assert "\n" not in error(json.dumps({"type": "a\nb", "payload": {}})).why.words


@pytest.mark.statement("API-28")
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
    assert (refused.text, refused.type) == (INVALID_TTS, "tts")
    assert refused.why.words.startswith(words)


@pytest.mark.statement("API-6")
def test_text_is_counted_in_characters_not_bytes() -> None:
    incoming = read({"type": "tts", "payload": {**VALID, "text": "ب" * 2000}})
    assert isinstance(incoming, Tts)


def test_long_message_is_refused_without_looking_for_the_place() -> None:
    refused = error(json.dumps({"type": "tts", "payload": {"text": "x" * 100_000, "speaker": 5}}))
    assert refused.text == INVALID_TTS
    assert "too long to say where" in refused.why.words


# Rules that behaviours change


@pytest.mark.statement("API-6", "API-28")
def test_text_over_the_limit_is_refused_with_the_behaviour_that_decides_it() -> None:
    refused = error(json.dumps({"type": "tts", "payload": {**VALID, "text": "x" * 150_000}}))
    words = "payload.text has 150000 characters, at most 2000 are allowed"
    assert refused == WireError(INVALID_TTS, Why(words, "hamsa.tts.long_text"), "tts")


def test_text_over_the_limit_is_cut_or_spoken_with_a_note_where_the_behaviour_says_so() -> None:
    payload = {**VALID, "text": "ب" * 1999 + "تتت"}
    why = Why("payload.text has 2002 characters, at most 2000 are allowed", "hamsa.tts.long_text")
    cut, whole = spoken(payload, reader(tts__long_text="cut")), spoken(payload, reader(tts__long_text="speak"))
    assert (cut.text, cut.notes) == ("ب" * 1999 + "ت", (why,))
    assert (whole.text, whole.notes) == (payload["text"], (why,))


@pytest.mark.parametrize("choice", ["refuse", "cut", "speak"])
def test_long_text_is_judged_like_any_other_in_all_but_its_length(choice: str) -> None:
    refused = error(
        json.dumps({"type": "tts", "payload": {"text": "ب" * 2001, "speaker": ""}}), reader(tts__long_text=choice)
    )
    assert refused.text == INVALID_TTS
    assert refused.why.words.startswith("payload.speaker")


@pytest.mark.parametrize(("limit", "longest"), [(1, "ب"), (10, "ب" * 10), (5000, "ب" * 5000)])
def test_limit_on_the_text_can_be_chosen(limit: int, longest: str) -> None:
    limited = reader(limit__text_characters=limit)
    assert spoken({**VALID, "text": longest}, limited).text == longest
    refused = error(json.dumps({"type": "tts", "payload": {**VALID, "text": longest + "ب"}}), limited)
    assert refused.why.behaviour == "hamsa.tts.long_text"


@pytest.mark.parametrize(
    "changes",
    [{"tts__long_text": "speak"}, {"limit__text_characters": 1_000_000}],
    ids=["spoken over the limit", "within a higher limit"],
)
def test_text_that_the_mock_cannot_speak_is_refused_whatever_the_limit(changes: dict[str, BehaviourValue]) -> None:
    text = "ب" * (MAX_TEXT_BYTES // 2)
    able = reader(**changes)
    assert spoken({**VALID, "text": text}, able).text == text
    refused = error(json.dumps({"type": "tts", "payload": {**VALID, "text": text + "ب"}}), able)
    assert (refused.text, refused.type) == (INVALID_TTS, "tts")
    assert refused.why.words == "payload.text has 65536 bytes of UTF-8; the mock can speak 65535, whatever is set"


def test_text_of_any_length_can_be_cut() -> None:
    assert spoken({**VALID, "text": "ب" * 100_000}, reader(tts__long_text="cut")).text == "ب" * 2000


def test_rate_beside_mulaw_is_ignored_with_a_note_or_refused() -> None:
    payload = {**VALID, "mulaw": True, "sampleRate": "8k"}
    why = Why("payload.sampleRate beside mulaw, which is always 8 kHz", "hamsa.tts.mulaw_with_rate")
    assert spoken(payload, READER).notes == (why,)
    strict = reader(tts__mulaw_with_rate="refuse")
    assert error(json.dumps({"type": "tts", "payload": payload}), strict) == WireError(INVALID_TTS, why, "tts")
    assert spoken({**payload, "mulaw": False}, strict).format is PCM_8000_16


# Recordings

SAMPLES = bytes(range(200)) * 32
WAV = b64encode(wav_bytes(PCM_16000_16, SAMPLES)).decode()
INVALID_STT = "Invalid payload for message type: stt"


def stt(reader: RequestReader = READER, **payload: Any) -> Incoming:
    return read({"type": "stt", "payload": payload}, reader)


def unread(reader: RequestReader = READER, **payload: Any) -> WireError:
    incoming = stt(reader, **payload)
    assert isinstance(incoming, WireError)
    assert incoming.type == "stt"
    return incoming


@pytest.mark.statement("API-10", "API-12", "API-13")
def test_recording_in_base64_is_decoded_and_gets_the_documented_defaults() -> None:
    incoming = stt(audioBase64=WAV)
    assert isinstance(incoming, Stt)
    assert incoming.recording.samples == SAMPLES
    assert (incoming.language, incoming.finished_from) == ("ar", None)


@pytest.mark.statement("API-11")
def test_recording_as_a_list_of_samples_is_read() -> None:
    incoming = stt(audioList=[0, 0.5, -0.5], language="en", isEosEnabled=True, eosThreshold=0.7)
    assert isinstance(incoming, Stt)
    assert incoming.recording.seconds == 3 / 16_000
    assert (incoming.language, incoming.finished_from) == ("en", 0.7)


@pytest.mark.statement("API-13")
def test_end_of_speech_is_judged_from_its_default_threshold_where_only_that_is_asked_for() -> None:
    incoming = stt(audioBase64=WAV, isEosEnabled=True)
    assert isinstance(incoming, Stt)
    assert incoming.finished_from == 0.3


@pytest.mark.statement("API-11", "API-14", "API-29")
@pytest.mark.parametrize(
    ("payload", "text", "words"),
    [
        ({}, INVALID_STT, "payload needs at least one of: audioBase64, audioList"),
        ({"audioBase64": WAV, "audioList": [0]}, INVALID_STT, "payload must not have these together"),
        ({"audioBase64": "!"}, INVALID_STT, "audioBase64: "),
        ({"audioBase64": WAV, "eosThreshold": 1.1}, INVALID_STT, "payload.eosThreshold"),
        ({"audioBase64": b64encode(b"ID3" + bytes(40)).decode()}, "Only WAV files are supported", "audioBase64: not a"),
        (
            {"audioBase64": b64encode(b"RIFF\x04\x00\x00\x00WAVE").decode()},
            "Error generating transcription: Audio format not supported",
            "",
        ),
    ],
)
def test_recording_that_cannot_be_read_is_refused_with_the_reason(
    payload: dict[str, Any], text: str, words: str
) -> None:
    refused = unread(**payload)
    assert refused.text == text
    assert refused.why.words.startswith(words)


def test_samples_are_refused_when_the_behaviour_says_so() -> None:
    refused = unread(reader(stt__audio_list="refused"), audioList=[0.5])
    assert (refused.text, refused.why.behaviour) == (INVALID_STT, "hamsa.stt.audio_list")


def test_any_container_is_taken_when_the_behaviour_says_so() -> None:
    mp3 = b"ID3" + bytes(range(41))
    incoming = stt(reader(stt__containers="any"), audioBase64=b64encode(mp3).decode())
    assert isinstance(incoming, Stt)
    assert incoming.recording.container == "MP3"
    assert incoming.recording.samples == mp3
