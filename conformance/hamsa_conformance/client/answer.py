"""The answer to a request for speech, as it was received."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hamsa_kit.audio_formats import PCM_16000_16, AudioFormat, is_wav, split_wav
from hamsa_kit.client_events import BinaryMessage, TextMessage
from hamsa_kit.client_session import message_type
from hamsa_kit.proof import read_proof

TRUNCATED_BELOW = 10_000
"""Bytes. The answer to a sentence never has less, unless it was cut short (FAQ-2)."""

SENTENCE_CHARACTERS = 30
"""A shorter text may have a shorter answer."""

CUT_BYTES = 640
"""What an answer that was cut short has (FAQ-1): 20 ms, in which no word is spoken."""


@dataclass
class Answer:
    """All messages from the request to `end` or `error`, in order. Times are seconds of the clock that counts.

    `asked`: when the request was sent; `format`: that of the audio that was asked for.
    """

    text: str
    asked: float
    format: AudioFormat = PCM_16000_16
    messages: list[TextMessage | BinaryMessage] = field(default_factory=list[TextMessage | BinaryMessage])

    @property
    def types(self) -> list[str]:
        """What each message was: its type, `chunk` for audio, `text` for what is no JSON message."""
        return [_type(message) for message in self.messages]

    @property
    def times(self) -> list[float]:
        """When each message came, in seconds since the request."""
        return [message.at - self.asked for message in self.messages]

    @property
    def chunks(self) -> list[int]:
        """The size of each chunk, in bytes."""
        return [len(message.data) for message in self.messages if isinstance(message, BinaryMessage)]

    @property
    def chunk_times(self) -> list[float]:
        """When each chunk came, in seconds since the request."""
        return [message.at - self.asked for message in self.messages if isinstance(message, BinaryMessage)]

    @cached_property
    def audio(self) -> bytes:
        """The chunks joined."""
        return b"".join(message.data for message in self.messages if isinstance(message, BinaryMessage))

    @property
    def samples(self) -> bytes:
        """The audio without a WAV header, where there is one."""
        try:
            return split_wav(self.audio).data if is_wav(self.audio) else self.audio
        except ValueError:  # a header and no samples
            return b""

    @property
    def error(self) -> str | None:
        """The words of the error that ended it; None: there was none."""
        last = self.messages[-1] if self.messages else None
        if not isinstance(last, TextMessage) or message_type(last.text) != "error":
            return None
        return error_text(json.loads(last.text))

    @property
    def seconds(self) -> float:
        """How long the audio is."""
        return self.format.seconds(len(self.audio))

    @property
    def is_truncated(self) -> bool:
        """Whether it is far too short for its text."""
        least = TRUNCATED_BELOW if len(self.text) >= SENTENCE_CHARACTERS else CUT_BYTES + 1
        return self.error is None and len(self.audio) < least

    @property
    def is_whole(self) -> bool | None:
        """Whether nothing of it is missing, doubled or out of order, by the proof that the mock hides in its audio;
        None: it holds no proof."""
        proof = read_proof(self.samples, self.format)
        return proof.whole and proof.text == self.text if proof.answers else None


def error_text(content: dict[str, Any]) -> str:
    """The words of an error message, wherever a server has put them."""
    payload = content.get("payload")
    if isinstance(payload, dict) and isinstance(payload.get("message"), str):
        return str(payload["message"])
    return json.dumps(content, ensure_ascii=False)


def _type(message: TextMessage | BinaryMessage) -> str:
    if isinstance(message, BinaryMessage):
        return "chunk"
    return message_type(message.text) or "text"
