"""What Hamsa's documents say, in the words of somebody who writes a server from them: texts, codes, rules.

Written from the documents and nothing else, so that the suite is judged by a second reading of them. The servers in
Python share it; how it goes over the wire is their own.
"""

import base64
import binascii
import json
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

VALID = "foreign-valid"
CUSTOM_VOICE = "5b0f7c1e-9d5b-4a55-8a3c-0f2d8f6f2a11"
FOREIGN_VOICE = "9e3f3d8a-2c4f-4d0a-b7a6-5d1c6e0b7f22"
TRANSCRIPT = "مرحبا بك في خدمة همسة"

INFO = "Connected to realtime WebSocket server"
ACK = "Real time text to speach connection establesh"
END = "End of TTS stream"
MALFORMED = "Invalid message format: missing type or payload"
LIMITED = "Rate limit exceeded for this API key"
NO_FUNDS = "Insufficient funds in wallet"
NOT_OWNED = "Voice not owned by user"
PRELOADED = "Custom voice have been preloaded successfully"

REQUESTS = 100
WINDOW_SECONDS = 60.0
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Refusal:
    """Why a client may not connect: close code and text."""

    code: int
    text: str


@dataclass(frozen=True)
class Speech:
    """A request to speak."""

    text: str
    speaker: str
    mulaw: bool = False


@dataclass(frozen=True)
class Recording:
    """A request to transcribe. `is_empty`: there is nothing in it to be heard."""

    is_empty: bool = False


class Wrong(Exception):
    """A request gets an error with this text."""


_REFUSALS = {
    None: Refusal(4001, "Missing API key in headers or query parameters"),
    "foreign-expired": Refusal(4001, "API key is invalid or expired"),
    "foreign-inactive-user": Refusal(4001, "User account is inactive or not found"),
    "foreign-inactive-project": Refusal(4001, "Project is inactive or not found"),
    "foreign-no-funds": Refusal(4003, NO_FUNDS),
    "foreign-internal-error": Refusal(4500, "Internal authentication error"),
}
_ACCEPTED = {VALID, "foreign-nearly-broke", "foreign-rate-limited"}


def refusal_of(key: str | None) -> Refusal | None:
    """Why this key may not connect; None: it may."""
    if key in _ACCEPTED:
        return None
    return _REFUSALS.get(key, _REFUSALS["foreign-expired"])


class Limit:
    """So many requests in 60 seconds for each name, over all connections."""

    def __init__(self, requests: int = REQUESTS) -> None:
        self._requests = requests
        self._made: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, name: str, now: float) -> None:
        """One more request. Errors: Wrong."""
        made = self._made[name]
        while made and made[0] <= now - WINDOW_SECONDS:
            made.popleft()
        if len(made) >= self._requests or name == "foreign-rate-limited":
            raise Wrong(LIMITED)
        made.append(now)


class Wallets:
    """The money of keys: some have enough for one answer, over all connections."""

    def __init__(self) -> None:
        self._empty: set[str] = set()

    def charge(self, key: str) -> None:
        """An answer has been given."""
        if key == "foreign-nearly-broke":
            self._empty.add(key)

    def is_empty(self, key: str) -> bool:
        """Whether nothing is left."""
        return key in self._empty


def request_of(message: str | bytes) -> Speech | Recording:
    """What a message asks for. Errors: Wrong."""
    try:
        content = json.loads(message) if isinstance(message, str) else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("type"), str) or content.get("payload") is None:
        raise Wrong(MALFORMED)
    match content["type"]:
        case "tts":
            return speech_of(content["payload"])
        case "stt":
            return recording_of(content["payload"])
        case other:
            raise Wrong(f"Unsupported message type: {other}")


def speech_of(payload: Any, longest: int = LONGEST_TEXT) -> Speech:
    """What is to be spoken. Errors: Wrong."""
    wrong = Wrong("Invalid payload for message type: tts")
    if not isinstance(payload, dict):
        raise wrong
    text, speaker, mulaw = payload.get("text"), payload.get("speaker"), payload.get("mulaw", False)
    others = [payload.get("dialect", ""), payload.get("languageId", "ar")]
    if not all(isinstance(value, str) for value in (text, speaker, *others)) or not isinstance(mulaw, bool):
        raise wrong
    assert isinstance(text, str)
    assert isinstance(speaker, str)
    if not 0 < len(text) <= longest or not speaker:
        raise wrong
    if _is_uuid(speaker) and speaker.lower() != CUSTOM_VOICE:
        raise Wrong(NOT_OWNED)
    return Speech(text, speaker, mulaw)


def recording_of(payload: Any) -> Recording:
    """What is to be heard. Errors: Wrong."""
    wrong = Wrong("Invalid payload for message type: stt")
    if not isinstance(payload, dict) or ("audioBase64" in payload) is ("audioList" in payload):
        raise wrong
    threshold = payload.get("eosThreshold", 0.3)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise wrong
    if not isinstance(payload.get("language", "ar"), str) or not isinstance(payload.get("isEosEnabled", False), bool):
        raise wrong
    if "audioList" in payload:
        samples = payload["audioList"]
        if not isinstance(samples, list) or not samples or not all(_is_number(sample) for sample in samples):
            raise wrong
        return Recording(is_empty=not any(samples))
    try:
        audio = base64.b64decode(payload["audioBase64"], validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise wrong from None
    if not audio:
        raise wrong
    if audio[:4] != b"RIFF" or audio[8:12] != b"WAVE":
        raise Wrong("Error generating transcription: Audio format not supported")
    return Recording(is_empty=not any(audio[44:]))


def answer_over_rest(path: str, authorization: str | None, body: bytes, limit: Limit, now: float) -> tuple[int, Any]:
    """Status, and what is answered: a Speech or Recording to be done, or JSON."""
    key = (authorization or "").removeprefix("Token ")
    if key == "foreign-internal-error":
        return error(500, "Internal server error")
    if not (authorization or "").startswith("Token ") or refusal_of(key) not in (None, _REFUSALS["foreign-no-funds"]):
        return error(401, "Unauthorized")
    try:
        limit.take(key, now)
    except Wrong as wrong:
        return error(429, str(wrong))
    try:
        content = json.loads(body)
    except ValueError:
        return error(400, "Invalid JSON body")
    if path == "/v2/tts/voices/custom/preload":
        return _preload(content)
    if key == "foreign-no-funds":
        return error(402, NO_FUNDS)
    try:
        return 200, recording_of(content) if path == "/v1/realtime/stt" else speech_of(content)
    except Wrong as wrong:
        return error(404, "Voice not found") if str(wrong) == NOT_OWNED else error(400, str(wrong))


def error(status: int, text: str) -> tuple[int, Any]:
    """A REST error."""
    return status, {"code": status, "message": text}


def transcript_over_rest(recording: Recording) -> dict[str, Any]:
    """The body with a transcript."""
    text = "" if recording.is_empty else TRANSCRIPT
    return {"success": True, "message": "Operation completed successfully", "data": {"text": text}}


def _preload(content: Any) -> tuple[int, Any]:
    voice = content.get("voiceId") if isinstance(content, dict) else None
    if not isinstance(voice, str) or not _is_uuid(voice):
        return error(400, "Invalid voice ID format")
    if voice.lower() != CUSTOM_VOICE:
        return error(404, "Voice not found")
    return 200, {"success": True, "message": PRELOADED, "data": []}


def _is_uuid(text: str) -> bool:
    groups = text.split("-")
    right = [len(group) for group in groups] == [8, 4, 4, 4, 12]
    return right and all(character in "0123456789abcdefABCDEF" for group in groups for character in group)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
