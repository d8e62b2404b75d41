"""The requests that cases send: right ones, of which single fields are changed."""

from collections.abc import Mapping
from typing import Any

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat

SENTENCE = "أهلا وسهلا، كيف يمكنني مساعدتك اليوم؟"
"""Long enough for several chunks of audio, and no longer: characters cost money."""

SPEAKER = "Majd"
DIALECT = "leb"


def tts(text: str = SENTENCE, **payload: Any) -> dict[str, Any]:
    """A request for speech (WST-4). A field that is None is left out."""
    fields = {"text": text, "speaker": SPEAKER, "dialect": DIALECT, "languageId": "ar", "mulaw": False, **payload}
    return {"type": "tts", "payload": present(fields)}


def stt(**payload: Any) -> dict[str, Any]:
    """A request for a transcript (API-10). A field that is None is left out."""
    return {"type": "stt", "payload": present({"language": "ar", "isEosEnabled": False, **payload})}


def present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def speech_format(payload: Mapping[str, Any]) -> AudioFormat:
    """In which format a request for speech is answered."""
    if payload.get("mulaw") is True:
        return ULAW_8000_8
    return PCM_8000_16 if payload.get("sampleRate") == "8k" else PCM_16000_16
