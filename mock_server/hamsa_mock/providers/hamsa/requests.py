"""Reads what a client sends: a request, or the documented error for what is wrong with it."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.states import MESSAGE_TYPES
from hamsa_schemas import Facts, MalformedJson, MessageSchema, parse

ECHOED_CHARACTERS = 200
"""Of an unknown message type so much is repeated in the error, so that no answer grows with its request."""


EXPLAINED_CHARACTERS = 100_000
"""Of a longer message it is not told what exactly is wrong: to find out would hold up all connections."""


@dataclass(frozen=True, slots=True)
class Tts:
    """A valid request for speech (API-6 to API-9)."""

    text: str
    speaker: str
    dialect: str
    language: str
    format: AudioFormat
    expressiveness: float


@dataclass(frozen=True, slots=True)
class WireError:
    """A message that is not a valid request: the text of the `error` answer, and the reason for the console."""

    text: str
    why: Why


Incoming: TypeAlias = Tts | WireError


class RequestReader:
    """Judges messages by the schemas and names errors by the facts."""

    def __init__(self, facts: Facts, tts: MessageSchema) -> None:
        self._facts = facts
        self._tts = tts
        self._is_valid_tts = tts.is_valid  # looked up here, because the first look-up compiles the schema

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
        if not self._is_valid_tts(message):
            return WireError(self._facts.text("text.invalid_tts"), Why(self._explain(message, len(text))))
        return self._tts_request(cast(dict[str, Any], payload))

    def _tts_request(self, payload: dict[str, Any]) -> Tts:
        return Tts(
            text=payload["text"],
            speaker=payload["speaker"],
            dialect=payload.get("dialect", ""),
            language=payload.get("languageId", self._facts.text("default.language")),
            format=_audio_format(payload),
            expressiveness=float(payload.get("expressiveness", 1)),
        )

    def _explain(self, message: dict[str, Any], characters: int) -> str:
        if characters > EXPLAINED_CHARACTERS:
            return f"the payload breaks its schema; the message is too long to say where ({characters} characters)"
        explanation = self._tts.explain(message)
        assert explanation is not None, "two validators disagree"
        return explanation.text

    def _malformed(self, words: str) -> WireError:
        return WireError(self._facts.text("text.malformed_message"), Why(words))

    def _unsupported(self, name: str) -> WireError:
        shown = name if len(name) <= ECHOED_CHARACTERS else name[:ECHOED_CHARACTERS] + "..."
        known = ", ".join(MESSAGE_TYPES)
        words = f"unknown type {json.dumps(shown)}; a client may send: {known}"
        return WireError(self._facts.text("text.unsupported_type", type=shown), Why(words))


def _audio_format(payload: dict[str, Any]) -> AudioFormat:
    """Mu-law is always 8 kHz, whatever `sampleRate` says (assumed); PCM is 16 kHz unless 8 is asked for."""
    if payload.get("mulaw"):
        return ULAW_8000_8
    return PCM_8000_16 if payload.get("sampleRate") == "8k" else PCM_16000_16


def _kind(value: Any) -> str:
    names = {list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")
