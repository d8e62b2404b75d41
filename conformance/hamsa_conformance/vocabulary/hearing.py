"""Recordings for requests for transcripts, and what is said to them. The speech is the server's own."""

import base64
import json
import struct
from dataclasses import dataclass
from typing import Any

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.shown import shown_text
from hamsa_conformance.judgement import CannotTell, unmet
from hamsa_kit.audio_formats import FULL_SCALE, PCM_16000_16, wav_bytes
from hamsa_kit.client_session import message_type

WORDS = "مرحبا بكم في همسة"
SECONDS = 3.0
"""How long these may be, spoken by any voice."""

SHORTEST = 4000
"""Bytes. With less than this nothing was spoken but a piece of the words (FAQ-1)."""

_FORMS = ("response", "transcription", "transcript", "stt_response")
"""Types of messages in which clients have been seen to look for a transcript."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Speech in 16-bit samples, 16 kHz, mono. `is_marked`: the mock has spoken it, and knows its words for sure.

    Half a sample at its end is left out: `hamsa.audio.whole_samples` judges that, and the rest can be heard.
    """

    words: str
    samples: bytes
    is_marked: bool

    def __post_init__(self) -> None:
        whole = len(self.samples) // PCM_16000_16.bytes_per_sample * PCM_16000_16.bytes_per_sample
        object.__setattr__(self, "samples", self.samples[:whole])

    @property
    def seconds(self) -> float:
        """How long it is."""
        return PCM_16000_16.seconds(len(self.samples))

    @property
    def wav(self) -> bytes:
        """As a file."""
        return wav_bytes(PCM_16000_16, self.samples)

    @property
    def base64(self) -> str:
        """As a file in Base64 (API-10)."""
        return base64.b64encode(self.wav).decode()

    @property
    def floats(self) -> list[float]:
        """As samples from -1 to 1 (API-11)."""
        return [sample / FULL_SCALE for (sample,) in struct.iter_unpack("<h", self.samples)]

    def half(self) -> "Speech":
        """What is said until its middle. Of what it is about, nothing is known."""
        return Speech("", self.samples[: len(self.samples) // 4 * 2], False)


def spoken_by(client: Connection, words: str = WORDS) -> Speech:
    """Words, spoken by the server. Errors: CannotTell where they were cut short."""
    answer = client.speak(words)
    if len(answer.samples) < SHORTEST or answer.is_whole is False:
        raise CannotTell(f"an answer was cut short: {len(answer.audio)} bytes")
    return Speech(words, answer.samples, answer.is_whole is True)


def transcript_in(text: str) -> str:
    """The transcript, in whatever form it is. Errors: Unmet for an error message."""
    type = message_type(text)
    if type == "error":
        unmet("a transcript", shown_text(text))
    payload = json.loads(text).get("payload") if type in _FORMS else None
    return str(payload["text"]) if isinstance(payload, dict) and "text" in payload else text


def expect_transcript(client: Connection, speech: Speech) -> str:
    """The transcript of it, which comes next; of marked speech it has the words. Errors: Unmet, CannotTell."""
    return _as_spoken(client.next_transcript().text, speech)


def transcript_of(client: Connection, speech: Speech, **options: Any) -> str:
    """The transcript of a recording in Base64. `options`: fields of the request; None leaves one out. Errors: Unmet,
    CannotTell."""
    return _as_spoken(client.hear(speech.wav, speech.seconds, **options).text, speech)


def _as_spoken(text: str, speech: Speech) -> str:
    transcript = transcript_in(text)
    if speech.is_marked and transcript != speech.words:
        unmet(f"the transcript {speech.words}", transcript)
    return transcript
