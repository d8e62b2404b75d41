"""Reads what a client sends: a request, or the documented error for what is wrong with it."""

import json
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_kit.proof import MAX_TEXT_BYTES
from hamsa_mock.audio.decoding import (
    NotBase64,
    NotWav,
    Recording,
    decode_base64,
    decode_floats,
    decode_wav,
    sniff,
)
from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.ignored import ignored
from hamsa_mock.providers.hamsa.states import MESSAGE_TYPES
from hamsa_schemas import Behaviours, Facts, MalformedJson, MessageSchema, default_catalogue, parse

ECHOED_CHARACTERS = 200
"""Of an unknown message type so much is repeated in the error, so that no answer grows with its request."""

DEFAULT_THRESHOLD = 0.3
"""Of `eosThreshold`, where it is left out (documented by the REST reference)."""

EXPLAINED_CHARACTERS = 100_000
"""Of a longer message it is not told what exactly is wrong: to find out would hold up all connections."""


ENVELOPE = frozenset({"type", "payload"})
"""The fields of a message."""


@dataclass(frozen=True, slots=True)
class Tts:
    """A valid request for speech (API-6 to API-9). Notes say what is done otherwise than asked for."""

    text: str
    speaker: str
    dialect: str
    language: str
    format: AudioFormat
    expressiveness: float
    notes: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Stt:
    """A valid request for a transcript (API-10 to API-14). `finished_from`: the score from which a speaker counts as
    having finished; None: it is not judged. Notes say what is ignored.
    """

    recording: Recording
    language: str
    finished_from: float | None
    notes: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class WireError:
    """A message that gets an `error`: its text, and the reason for the console.

    `type`: what kind of request the message was meant to be, as far as that can be told.
    """

    text: str
    why: Why
    type: str = "invalid"


Incoming: TypeAlias = Tts | Stt | WireError


class RequestReader:
    """Judges messages by the schemas, and by the rules that behaviours can change; names errors by the facts."""

    def __init__(self, facts: Facts, behaviours: Behaviours, tts: MessageSchema, stt: MessageSchema) -> None:
        self._facts = facts
        self._behaviours = behaviours
        self._tts = tts
        self._stt = stt
        self._is_valid_tts = tts.is_valid  # looked up here, because the first look-up compiles the schema
        self._is_valid_stt = stt.is_valid
        schemas = default_catalogue().schemas
        self._tts_fields = frozenset(schemas["hamsa/shared/tts_payload.schema.json"]["properties"])
        self._stt_fields = frozenset(schemas["hamsa/shared/stt_payload.schema.json"]["properties"])

    def read_binary(self, data: bytes) -> WireError:
        """Nothing a client may send is binary (assumed: answered like a message without a type)."""
        return self._malformed(f"a binary message of {len(data)} bytes; clients send JSON text")

    def read(self, text: str) -> Incoming:
        """Read one text message.

        A message that is no JSON object with a string as `type` and something as `payload` is
        malformed (API-26); then the type is judged (API-27), then the payload (API-28).
        """
        try:
            message = parse(text)
        except MalformedJson as error:
            return self._malformed(f"not JSON: {error}")
        if not isinstance(message, dict):
            return self._malformed(f"a JSON {_kind(message)}, not an object")
        name, payload = message.get("type"), message.get("payload")
        if not isinstance(name, str) or not name:
            return self._malformed("type is missing, empty or not a string")
        if payload is None:
            return self._malformed("payload is missing or null")
        if name not in MESSAGE_TYPES:
            return self._unsupported(name)
        read = self._read_stt if name == "stt" else self._read_tts
        return read(message, payload, len(text))

    def _read_tts(self, message: dict[str, Any], payload: Any, characters: int) -> Incoming:
        judged = message
        if isinstance(payload, dict):
            judged = {**message, "payload": self.judged_payload(payload)}
        if not self._is_valid_tts(judged):
            return self._invalid(Why(self._explain(self._tts, judged, characters)))
        tts = self.apply_rules(cast(dict[str, Any], payload))
        return replace(tts, notes=(*tts.notes, *_beside(message))) if isinstance(tts, Tts) else tts

    def _read_stt(self, message: dict[str, Any], payload: Any, characters: int) -> Incoming:
        if not self._is_valid_stt(message):
            return self._unread("text.invalid_stt", Why(self._explain(self._stt, message, characters)))
        valid = cast(dict[str, Any], payload)
        stt = self.read_recording(valid)
        if isinstance(stt, WireError):
            return stt
        notes = [*stt.notes, *_beside(message)]
        if "eosThreshold" in valid and not valid.get("isEosEnabled"):
            notes.append(Why('ignored: "eosThreshold" without "isEosEnabled": true'))
        return replace(stt, notes=tuple(notes))

    def read_recording(self, payload: dict[str, Any]) -> Stt | WireError:
        """Decode the audio of a payload that is valid against its schema."""
        try:
            recording = self._decode(payload)
        except NotBase64 as error:
            return self._unread("text.invalid_stt", Why(f"audioBase64: {error}"))
        except NotWav as error:
            return self._unread("text.only_wav", Why(f"audioBase64: {error}", "hamsa.stt.containers"))
        except ValueError as error:  # BrokenWav, or samples that are no numbers
            return self._unread("text.unsupported_audio", Why(str(error)))
        if recording is None:
            return self._unread("text.invalid_stt", Why("audioList is not accepted", "hamsa.stt.audio_list"))
        threshold = float(payload.get("eosThreshold", DEFAULT_THRESHOLD))
        language = payload.get("language", self._facts.text("default.language"))
        notes = ignored(payload, self._stt_fields)
        if "model" in payload:
            notes.append(Why('ignored: "model", the mock hears the same with every one'))
        return Stt(recording, language, threshold if payload.get("isEosEnabled") else None, tuple(notes))

    def _decode(self, payload: dict[str, Any]) -> Recording | None:
        """The recording; None: samples, which the behaviours do not accept. Raises ValueError."""
        if "audioList" in payload:
            accepted = self._behaviours.choice("hamsa.stt.audio_list") == "accepted"
            return decode_floats(payload["audioList"]) if accepted else None
        data = decode_base64(payload["audioBase64"])
        try:
            return decode_wav(data)
        except NotWav:
            if self._behaviours.choice("hamsa.stt.containers") == "wav":
                raise
            return opaque(data)

    @staticmethod
    def judged_payload(payload: dict[str, Any]) -> dict[str, Any]:
        """What a schema judges: everything but the length of the text, which is a rule of its own."""
        text = payload.get("text")
        return {**payload, "text": text[:1]} if isinstance(text, str) else payload

    def apply_rules(self, payload: dict[str, Any]) -> Tts | WireError:
        """Judge a payload that is valid against its schema by the rules that behaviours can change."""
        notes: list[Why] = []
        text: str = payload["text"]
        limit = int(self._behaviours.number("hamsa.limit.text_characters"))
        if len(text) > limit:
            words = f"payload.text has {len(text)} characters, at most {limit} are allowed"
            why = Why(words, "hamsa.tts.long_text")
            choice = self._behaviours.choice("hamsa.tts.long_text")
            if choice == "refuse":
                return self._invalid(why)
            notes.append(why)
            text = text[:limit] if choice == "cut" else text
        nbytes = len(text.encode())
        if nbytes > MAX_TEXT_BYTES:
            words = f"payload.text has {nbytes} bytes of UTF-8; the mock can speak {MAX_TEXT_BYTES}, whatever is set"
            return self._invalid(Why(words, basis="assumed"))
        if payload.get("mulaw") and "sampleRate" in payload:
            why = Why("payload.sampleRate beside mulaw, which is always 8 kHz", "hamsa.tts.mulaw_with_rate")
            if self._behaviours.choice("hamsa.tts.mulaw_with_rate") == "refuse":
                return self._invalid(why)
            notes.append(why)
        notes += ignored(payload, self._tts_fields)
        return Tts(
            text=text,
            speaker=payload["speaker"],
            dialect=payload.get("dialect", ""),
            language=payload.get("languageId", self._facts.text("default.language")),
            format=_audio_format(payload),
            expressiveness=float(payload.get("expressiveness", 1)),
            notes=tuple(notes),
        )

    @staticmethod
    def _explain(schema: MessageSchema, message: dict[str, Any], characters: int) -> str:
        if characters > EXPLAINED_CHARACTERS:
            return f"the payload breaks its schema; the message is too long to say where ({characters} characters)"
        explanation = schema.explain(message)
        assert explanation is not None, "two validators disagree"
        return explanation.text

    def _invalid(self, why: Why) -> WireError:
        return self._error("text.invalid_tts", why, "tts")

    def _unread(self, text: str, why: Why) -> WireError:
        return self._error(text, why, "stt")

    def _malformed(self, words: str) -> WireError:
        return self._error("text.malformed_message", Why(words))

    def _unsupported(self, name: str) -> WireError:
        shown = name if len(name) <= ECHOED_CHARACTERS else name[:ECHOED_CHARACTERS] + "..."
        known = ", ".join(MESSAGE_TYPES)
        words = f"unknown type {json.dumps(shown)}; a client may send: {known}"
        why = Why(words, basis=self._facts["text.unsupported_type"].basis)
        return WireError(self._facts.text("text.unsupported_type", type=shown), why)

    def _error(self, text: str, why: Why, type: str = "invalid") -> WireError:
        """As sure as its text (API-26 to API-28), unless a behaviour decides."""
        return WireError(self._facts.text(text), why.on(self._facts[text].basis), type)


def opaque(data: bytes) -> Recording:
    """Audio in a container that the mock cannot decode, such as MP3: bytes to tell recordings apart by, and no samples
    that would mean anything. It is taken for speech."""
    return Recording(data[: len(data) // 2 * 2], PCM_16000_16.sample_rate, sniff(data), "opaque", 1)


def _beside(message: dict[str, Any]) -> list[Why]:
    """What stands beside type and payload, where real clients repeat fields of the payload (assumed)."""
    return ignored(message, ENVELOPE, "ignored beside the payload")


def _audio_format(payload: dict[str, Any]) -> AudioFormat:
    """Mu-law is always 8 kHz; PCM is 16 kHz unless 8 is asked for."""
    if payload.get("mulaw"):
        return ULAW_8000_8
    return PCM_8000_16 if payload.get("sampleRate") == "8k" else PCM_16000_16


def _kind(value: Any) -> str:
    names = {list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")
