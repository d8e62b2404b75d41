"""Audio that the user gives for a text or for a pattern, to be played instead of the mock's own voice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_kit.proof import HASH_BYTES, block_bytes
from hamsa_mock.audio.chunks import chunk_borders
from hamsa_mock.audio.conversion import to_format
from hamsa_mock.audio.decoding import BrokenWav, NotWav, Recording, decode_wav

MAX_SECONDS: Final = 600.0
"""No given audio is longer. The longest text that a request may have takes three minutes."""


class ScriptedAnswer:
    """Given audio in one format, cut like the voice's. It carries no proof. To a session it is a `voice.Answer`."""

    def __init__(self, audio: bytes, format: AudioFormat, *, growing: bool = False) -> None:
        """`audio` is samples of that format, at least one. `growing`: its chunks are."""
        self.key: Final = blake2b(format.name.encode() + b":" + audio, digest_size=HASH_BYTES).digest()
        self.format: Final = format
        self.nbytes: Final = len(audio)
        self.seconds: Final = format.seconds(len(audio))
        chance = int.from_bytes(self.key, "big")
        self._borders: Final = chunk_borders(len(audio), block_bytes(format), chance, growing=growing)
        self.chunk_sizes: Final = tuple(end - start for start, end in pairwise(self._borders))
        """In bytes, whole blocks of 320 samples each, but the last may end with a part of one."""
        self._audio: Final = audio

    def chunk(self, place: int) -> bytes:
        """The audio of one chunk, counted from 0.

        Errors: IndexError for a chunk that the answer does not have.
        """
        if not 0 <= place < len(self.chunk_sizes):
            raise IndexError(f"chunk {place} of an answer in {len(self.chunk_sizes)} chunks")
        return self._audio[self._borders[place] : self._borders[place + 1]]


FORMATS: Final = (PCM_16000_16, PCM_8000_16, ULAW_8000_8)
"""Those in which Hamsa's answers can be asked for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording that is played for a text, or for each text in which a compiled pattern is found."""

    what: str | re.Pattern[str]
    recording: Recording
    answers: Mapping[tuple[AudioFormat, bool], ScriptedAnswer]
    """By format and by whether chunks grow."""
    file: str | None
    """The file that it came from, if it came from one."""

    @property
    def text(self) -> str:
        """The text, or the pattern as text."""
        return self.what if isinstance(self.what, str) else self.what.pattern

    def fits(self, text: str) -> bool:
        """Whether the recording is played for this text."""
        return self.what == text if isinstance(self.what, str) else self.what.search(text) is not None


def make_rule(what: str | re.Pattern[str], wav: bytes, file: str | None = None) -> Rule:
    """Decode a WAV file and convert it to every format, once, so that no answer waits for it.

    Errors: ValueError for a file that cannot be read, has no samples or is longer than `MAX_SECONDS`.
    """
    try:
        recording = decode_wav(wav)
    except (NotWav, BrokenWav) as error:
        raise ValueError(str(error)) from error
    if not recording.samples:
        raise ValueError("a WAV file without samples")
    if recording.seconds > MAX_SECONDS:
        raise ValueError(f"{recording.seconds:.0f} s of audio are more than {MAX_SECONDS:.0f} s")
    sounds = {format: to_format(recording, format) for format in FORMATS}
    answers = {
        (format, growing): ScriptedAnswer(audio, format, growing=growing)
        for format, audio in sounds.items()
        for growing in (False, True)
    }
    return Rule(what, recording, answers, file)


class ScriptedAudio:
    """The rules of one World, in the order in which they were given: the first one that fits a text applies."""

    def __init__(self) -> None:
        self._rules: dict[str | re.Pattern[str], Rule] = {}
        self.keep()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules that there are now."""
        return tuple(self._rules.values())

    def put(self, rules: Iterable[Rule]) -> None:
        """Add rules. One for the same text or pattern is replaced where it stands."""
        self._rules = {**self._rules, **{rule.what: rule for rule in rules}}

    def remove(self, text: str) -> bool:
        """Take the rules for this text or this pattern away; whether there were any."""
        before = len(self._rules)
        self._rules = {what: rule for what, rule in self._rules.items() if rule.text != text}
        return len(self._rules) < before

    def keep(self) -> None:
        """The rules of now are those that `reset` returns to."""
        self._start = self._rules

    def reset(self) -> None:
        """Back to the rules at the start."""
        self._rules = self._start

    def answer(self, text: str, format: AudioFormat, *, growing: bool = False) -> ScriptedAnswer | None:
        """The answer for a text in one of the formats; None: the voice speaks. `growing`: its chunks are."""
        return next((rule.answers[format, growing] for rule in self._rules.values() if rule.fits(text)), None)
