"""The mock's speech recognition: scripts, the proof in the mock's own audio, and the ear for silence."""

import struct
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from operator import itemgetter
from typing import Final, Literal

from hamsa_kit.audio_formats import PCM_16000_16, ULAW_8000_8, ulaw_encode
from hamsa_kit.proof import BLOCK_SAMPLES, AnswerProof, Proof, read_proof
from hamsa_mock.audio.decoding import Recording
from hamsa_mock.audio.listening import SILENCE_DBFS, Loudness, end_of_speech
from hamsa_mock.audio.syllables import CHARACTER_SECONDS
from hamsa_mock.audio.voice import SLOWEST_CHARACTER_SECONDS

UNREAD_SENTENCE: Final = "أسمع صوتك ولكنني لا أفهم ما تقول"
"""What speech is taken for that the mock cannot read: "I hear your voice but do not understand what you say"."""

HASH_DIGITS: Final = 12

Kind = Literal["scripted", "own", "silence", "unread"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the mock made of one recording."""

    text: str
    """The transcript."""
    kind: Kind
    """Where it is from: a script, the proof in the mock's own audio, silence, or nowhere."""
    content_hash: str
    score: float
    """How sure it is that the speaker has finished, 0.0 to 1.0."""
    finished: bool
    """Whether that is sure enough: if it reaches `eosThreshold` (API-14), or is not judged."""
    why: str
    """A short sentence for the console."""


# A sample as the steps of its content hash, by the sample taken as an unsigned number. A step is five times 0.0001
# of full scale, because its borders then lie where rounding to four decimals moves no sample across, whichever way it
# rounds halves. The low eight bits of the step's number are enough to tell recordings apart.
_STEPS: Final = bytes((sample * 125 + 204 >> 11) & 0xFF for sample in (*range(1 << 15), *range(-1 << 15, 0)))
_HASHED_SAMPLES: Final = struct.Struct("<512H")  # at a time: so the table stays in the processor's cache


def content_hash(recording: Recording) -> str:
    """Twelve hex digits that stand for the samples and their rate, whatever carried them.

    The same samples have the same hash in base64 or not, in any WAV header, with 16, 24, 32 bits or as floats that were
    divided by 32768, also when these were rounded to four decimals. Samples up to half of full scale may have been
    divided by 32767, but not rounded too. Recordings that nowhere differ by more than 16 of 32768 may share a hash.
    """
    pcm = recording.samples
    padding = bytes(-len(pcm) % _HASHED_SAMPLES.size)
    digest = blake2b(b"%d %d " % (recording.sample_rate, len(pcm) // 2), digest_size=HASH_DIGITS // 2)
    for samples in _HASHED_SAMPLES.iter_unpack(pcm + padding):
        digest.update(bytes(itemgetter(*samples)(_STEPS)))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Scripts:
    """All that is scripted at one time. Texts are never interpreted."""

    by_hash: Mapping[str, str] = field(default_factory=dict[str, str])
    """Transcripts by the content hashes of their recordings."""
    common: tuple[str, ...] = ()
    """The transcripts of the next recordings, whoever sends them."""
    by_key: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The same for the recordings of single API keys."""
    unread: str = UNREAD_SENTENCE
    """The transcript of speech that the mock cannot read."""


class Transcripts:
    """The scripts of one World, and the ears that fall back on listening."""

    def __init__(self, scripts: Scripts | None = None) -> None:
        self.become(scripts or Scripts())
        self.keep()

    @property
    def scripts(self) -> Scripts:
        """What is scripted now; of the sequences, what is left."""
        by_key = {key: tuple(texts) for key, texts in self._by_key.items() if texts}
        return Scripts(dict(self._by_hash), tuple(self._common), by_key, self._unread)

    def become(self, scripts: Scripts) -> None:
        """From now on this is scripted, and nothing else."""
        self._by_hash = dict(scripts.by_hash)
        self._common = deque(scripts.common)
        self._by_key = {key: deque(texts) for key, texts in scripts.by_key.items()}
        self._unread = scripts.unread

    def keep(self) -> None:
        """What is scripted now is what `reset` returns to."""
        self._start = self.scripts

    def reset(self) -> None:
        """Back to what was scripted at the start."""
        self.become(self._start)

    def hear(self, recording: Recording, key: str | None = None, finished_from: float | None = None) -> Heard:
        """The transcript of a recording that came with an API key.

        `finished_from`: the score from which a speaker counts as having finished; None: that is not judged. A sequence
        gets shorter only by recordings that are finished: the others are not answered with a transcript.

        The first of these that has one: the script for this audio, the key's sequence, the common sequence, the proof
        in the mock's own audio, silence, the sentence for speech that cannot be read.
        """
        content = content_hash(recording)
        loudness = Loudness(recording)
        proof = _read_proof(recording)
        own = proof if _carries_proof(proof, loudness) else None
        score = end_of_speech(loudness, own)
        finished = finished_from is None or score >= finished_from
        scripted = self._scripted(content, key, take=finished)
        if scripted is not None:
            return Heard(scripted[0], "scripted", content, score, finished, scripted[1])
        if own is not None:
            return Heard(own_text(own, recording.sample_rate), "own", content, score, finished, _describe(own))
        if loudness.silent:
            why = f"silence: nothing in {recording.seconds:.2f} s is louder than {SILENCE_DBFS:g} dBFS"
            return Heard("", "silence", content, score, finished, why)
        why = f"speech that the mock cannot read: script its transcript under {content}"
        if proof.answers:
            why += "; some of it is the mock's own audio, changed on the way (resampled, mixed, louder, lossy)"
        return Heard(self._unread, "unread", content, score, finished, why)

    def _scripted(self, content: str, key: str | None, *, take: bool) -> tuple[str, str] | None:
        """The scripted transcript and where it is from. `take`: a sequence gets shorter by it."""
        if content in self._by_hash:
            return self._by_hash[content], f"scripted for this audio, {content}"
        keys_own = None if key is None else self._by_key.get(key)
        for texts, whose in ((keys_own, "of this key"), (self._common, "for all keys")):
            if texts:
                text = texts.popleft() if take else texts[0]
                return text, f"scripted in the sequence {whose}, {len(texts)} left"
        return None


def _read_proof(recording: Recording) -> Proof:
    """What the recording says about itself, as 16-bit samples or, at the rate of mu-law, as mu-law."""
    proof = read_proof(recording.samples, PCM_16000_16)
    if not proof.answers and recording.sample_rate == ULAW_8000_8.sample_rate:
        return read_proof(ulaw_encode(recording.samples), ULAW_8000_8)
    return proof


def _carries_proof(proof: Proof, loudness: Loudness) -> bool:
    """Whether at least half of what sounds is proved. In altered audio some blocks in pauses survive by chance."""
    proved = 2 * (proof.samples - proof.unrecognised_samples)
    return proved > 0 and (proved >= proof.samples or proved >= loudness.sound_samples)


_HOLE_BLOCKS: Final = 1  # a hole of so many blocks, such as a changed byte makes, is too short to be noticed
_USUAL_CHARACTER_SECONDS: Final = (CHARACTER_SECONDS + SLOWEST_CHARACTER_SECONDS) / 2


def own_text(proof: Proof, sample_rate: int) -> str:
    """What is heard in the mock's own audio: of each answer the characters in the share of its blocks that is there.

    They come in the order of the audio, so what was lost, repeated or swapped is so in the text. Several answers
    are joined by a space.
    """
    return " ".join(_heard_of(answer, sample_rate) for answer in proof.answers)


def _heard_of(answer: AnswerProof, sample_rate: int) -> str:
    if answer.text is not None:
        text, characters = answer.text, float(len(answer.text))
    else:  # so little of it is there that its length is not known: it follows from the length of the answer
        text = answer.opening
        characters = answer.block_count * BLOCK_SAMPLES / sample_rate / _USUAL_CHARACTER_SECONDS
    share = characters / answer.block_count
    return "".join(text[round(start * share) : round(end * share)] for start, end in _runs(answer.numbers))


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers in the order of the audio as ranges, the second number of which is no longer in it."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and 0 <= number - runs[-1][1] <= _HOLE_BLOCKS:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def _describe(proof: Proof) -> str:
    if proof.whole:
        return "the mock's own audio, whole"
    answer, *others = proof.answers
    if others:
        return f"the mock's own audio, of {1 + len(others)} answers"
    words = f"the mock's own audio, {answer.blocks_seen} of {answer.block_count} blocks"
    if not answer.in_order:
        words += ", not in order"
    if answer.numbers[-1] != answer.block_count - 1:
        words += ", without its end"
    return words
