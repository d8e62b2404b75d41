"""The mock's voice: the audio of an answer, made chunk by chunk when it is asked for.

It depends on the seed, the text, the speaker, the dialect, the language, the format and the expressiveness, and on
nothing else. All that is done at once for a request is to hash these inputs and to cut the answer into chunks.
"""

from hashlib import blake2b
from itertools import pairwise
from typing import Final

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_kit.proof import BLOCK_SAMPLES, HASH_BYTES, ProofWriter, block_bytes
from hamsa_mock.audio.chunks import chunk_borders
from hamsa_mock.audio.rhythm import Rhythm
from hamsa_mock.audio.syllables import CHARACTER_SECONDS, syllable_bank

SLOWEST_CHARACTER_SECONDS: Final = 0.094


class Voice:
    """Speaks texts. The same seed gives the same bytes. Nothing that is made is kept."""

    def __init__(self, seed: int) -> None:
        """Make the syllables for Hamsa's formats, unless the process has them already."""
        self._seed = seed
        for format in (PCM_16000_16, PCM_8000_16, ULAW_8000_8):
            syllable_bank(format)

    def speak(
        self,
        text: str,
        speaker: str,
        dialect: str,
        language: str,
        format: AudioFormat = PCM_16000_16,
        expressiveness: float = 1.0,
        *,
        growing: bool = False,
    ) -> "Answer":
        """The answer to a request. None of its audio is made yet. `growing`: its chunks are.

        Errors: UnicodeEncodeError for a lone surrogate, ValueError for a text of more than 65,535 bytes in UTF-8.
        """
        expression = repr(float(expressiveness))  # 1 and 1.0 are the same wish
        key = _hash(str(self._seed), text, speaker, dialect, language, format.name, expression)
        return Answer(key, text, speaker, format, growing=growing)


class Answer:
    """The audio that answers one request. Nothing about it ever changes."""

    def __init__(self, key: bytes, text: str, speaker: str, format: AudioFormat, *, growing: bool) -> None:
        """`key` is the hash of all that the audio depends on: `Voice.speak` makes answers."""
        chance = int.from_bytes(key, "big")
        slower = chance % 1001 / 1000 * (SLOWEST_CHARACTER_SECONDS - CHARACTER_SECONDS)
        samples = len(text) * (CHARACTER_SECONDS + slower) * format.sample_rate
        block_size = block_bytes(format)
        self.key: Final = key
        self.text: Final = text
        self.format: Final = format
        self.blocks: Final = max(1, round(samples / BLOCK_SAMPLES))
        self.samples: Final = self.blocks * BLOCK_SAMPLES
        self.nbytes: Final = self.blocks * block_size
        self.seconds: Final = self.samples / format.sample_rate
        borders = chunk_borders(self.nbytes, block_size, chance >> 32, growing=growing)
        self._borders: Final = [border // block_size for border in borders]  # in blocks
        self.chunk_sizes: Final = tuple(end - start for start, end in pairwise(borders))
        """In bytes, whole blocks each."""
        self._rhythm: Final = Rhythm(text, self.blocks, syllable_bank(format), speaker)
        self._proof: Final = ProofWriter(key, self.blocks, text, format)

    def chunk(self, place: int) -> bytes:
        """The audio of one chunk, counted from 0. The work depends on the size of the chunk only.

        Errors: IndexError for a chunk that the answer does not have.
        """
        if not 0 <= place < len(self.chunk_sizes):
            raise IndexError(f"chunk {place} of an answer in {len(self.chunk_sizes)} chunks")
        first, end = self._borders[place : place + 2]
        return self._proof.write(first, self._rhythm.base(first, end - first))


def _hash(*inputs: str) -> bytes:
    """A hash of the inputs. Each goes in behind its length, so that no two rows of inputs look alike."""
    encoded = [text.encode() for text in inputs]
    return blake2b(b"".join([b"%d:%b" % (len(text), text) for text in encoded]), digest_size=HASH_BYTES).digest()
