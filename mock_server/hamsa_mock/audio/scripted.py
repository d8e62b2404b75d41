"""Audio that the user gives for a text or for a pattern, to be played instead of the mock's own voice."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Final, NamedTuple

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_kit.proof import HASH_BYTES, block_bytes
from hamsa_mock.audio.chunks import chunk_borders
from hamsa_mock.audio.conversion import to_format
from hamsa_mock.audio.decoding import BrokenWav, NotWav, Recording, decode_wav

MAX_SECONDS: Final = 600.0
"""No given audio is longer. The longest text that a request may have takes three minutes."""


class ScriptedAnswer:
    """Given audio in one format, cut like the voice's. It carries no proof. To a session it is a `voice.Answer`."""

    def __init__(self, audio: bytes, format: AudioFormat) -> None:
        """`audio` is samples of that format, at least one."""
        self.key: Final = blake2b(format.name.encode() + b":" + audio, digest_size=HASH_BYTES).digest()
        self.format: Final = format
        self.nbytes: Final = len(audio)
        self.seconds: Final = format.seconds(len(audio))
        borders = chunk_borders(len(audio), block_bytes(format), int.from_bytes(self.key, "big"))
        self.chunk_sizes: Final = tuple(end - start for start, end in pairwise(borders))
        """In bytes, whole blocks of 320 samples each, but the last may end with a part of one."""
        self._chunks: Final = tuple(audio[start:end] for start, end in pairwise(borders))

    def chunk(self, place: int) -> bytes:
        """The audio of one chunk, counted from 0.

        Errors: IndexError for a chunk that the answer does not have.
        """
        if not 0 <= place < len(self._chunks):
            raise IndexError(f"chunk {place} of an answer in {len(self._chunks)} chunks")
        return self._chunks[place]


class _Rule(NamedTuple):
    recording: Recording
    answers: dict[AudioFormat, ScriptedAnswer]


class ScriptedAudio:
    """The rules of one World, in the order in which they were given: the first one that fits a text applies."""

    def __init__(self, formats: Sequence[AudioFormat] = (PCM_16000_16, PCM_8000_16, ULAW_8000_8)) -> None:
        """`formats` are those in which answers can be asked for."""
        self._formats = tuple(formats)
        self._rules: dict[str | re.Pattern[str], _Rule] = {}

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self._rules)

    def script(self, what: str | re.Pattern[str], wav: bytes) -> None:
        """Play a WAV file for this text, or for each text in which this compiled pattern is found.

        The audio is decoded and converted to every format here, so that no answer waits for it. A rule for the same
        text or pattern is replaced where it stands.
        Errors: ValueError, saying for which rule, for a file that cannot be read, has no samples or is longer than
        `MAX_SECONDS`.
        """
        try:
            recording = decode_wav(wav)
        except (NotWav, BrokenWav) as error:
            raise ValueError(f"the audio for {what!r}: {error}") from error
        if not recording.samples:
            raise ValueError(f"the audio for {what!r}: a WAV file without samples")
        if recording.seconds > MAX_SECONDS:
            raise ValueError(f"the audio for {what!r}: {recording.seconds:.0f} s are more than {MAX_SECONDS:.0f} s")
        answers = {format: ScriptedAnswer(to_format(recording, format), format) for format in self._formats}
        self._rules[what] = _Rule(recording, answers)

    def clear(self) -> None:
        """Forget all rules."""
        self._rules.clear()

    def find(self, text: str) -> Recording | None:
        """The recording for a text, as the user gave it; None: the voice speaks."""
        rule = self._rule(text)
        return rule and rule.recording

    def answer(self, text: str, format: AudioFormat) -> ScriptedAnswer | None:
        """The answer for a text in one of the formats; None: the voice speaks.

        Errors: KeyError for a format that is not among them.
        """
        rule = self._rule(text)
        return rule and rule.answers[format]

    def _rule(self, text: str) -> _Rule | None:
        for what, rule in self._rules.items():
            if what == text if isinstance(what, str) else what.search(text):
                return rule
        return None
