"""The requests that the tests with foreign clients send, and how they judge what comes back."""

import json
from typing import Any

from hamsa_kit.audio_formats import PCM_16000_16, AudioFormat
from hamsa_kit.proof import read_proof
from hamsa_schemas import load_facts

FACTS = load_facts("hamsa")

SENTENCES = ("مرحبا بكم في همسة", "كيف حالك اليوم؟", "Your order number 1204 has left the warehouse, شكرا لك.")
SECONDS_TO_WAIT = 60
"""For what takes a moment: long enough for a machine that is busy with other tests."""


def answer(type: str, fact: str) -> dict[str, Any]:
    """A message of the server with the text of a fact."""
    return {"type": type, "payload": {"message": FACTS.text(fact)}}


INFO = answer("info", "text.info")
ACK = answer("ack", "text.ack")
END = answer("end", "text.end")
WRONG_KEY = answer("error", "text.unknown_key")
INVALID = answer("error", "text.invalid_tts")


def tts(text: str, **fields: object) -> str:
    """A speech request as JSON."""
    payload = {"text": text, "speaker": "Majd", "dialect": "ksa", "languageId": "ar", **fields}
    return json.dumps({"type": "tts", "payload": payload}, ensure_ascii=False)


def said(audio: bytes, format: AudioFormat = PCM_16000_16) -> str | None:
    """The text of which this is the whole audio and nothing else; None if it is not."""
    proof = read_proof(audio, format)
    return proof.text if proof.whole else None
