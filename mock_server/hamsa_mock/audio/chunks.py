"""Into how many binary messages the audio of an answer is cut, and where."""

from typing import Final

SHORT_CHUNK_BYTES: Final = 10_000
SHORT_ANSWER_BYTES: Final = 50_000
"""Up to this size an answer has one chunk for each `SHORT_CHUNK_BYTES` begun."""
SENTENCE_CHUNKS: Final = (5, 6, 7)
SENTENCE_BYTES: Final = 448_000
"""Up to this size an answer has one of `SENTENCE_CHUNKS` chunks (FAQ-10)."""
MAX_CHUNK_BYTES: Final = 64_000
"""No chunk is bigger. A longer answer has as few chunks as that allows. It is whole blocks in every format."""

FIRST_CHUNK_BYTES: Final = (7_000, 16_000)
"""The least and the most that the first chunk has, where chunks grow (measured 2026-02)."""
SECOND_BYTES: Final = 32_000
"""Then chunks of this size follow, `SECONDS_ALONE` of them, before they are of `MAX_CHUNK_BYTES`."""
SECONDS_ALONE: Final = 3


def chunk_borders(nbytes: int, block_bytes: int, chance: int, *, growing: bool = False) -> list[int]:
    """Where the chunks of an answer begin, in bytes, and at the end where the last one ends.

    `nbytes` is at least 1, `block_bytes` divides `SECOND_BYTES`, and `chance`, 0 or more, decides where there is a
    choice. Chunks are whole blocks; if `nbytes` is no whole number of blocks, the last chunk has the rest. If
    they are not `growing`, they differ by one block at most.
    """
    return _growing(nbytes, block_bytes, chance) if growing else _even(nbytes, block_bytes, chance)


def _growing(nbytes: int, block_bytes: int, chance: int) -> list[int]:
    least, most = (-(-size // block_bytes) for size in FIRST_CHUNK_BYTES)
    borders = [0]
    size = (least + chance % (most - least)) * block_bytes
    while borders[-1] + size < nbytes:
        borders.append(borders[-1] + size)
        size = SECOND_BYTES if len(borders) <= SECONDS_ALONE + 1 else MAX_CHUNK_BYTES
    return [*borders, nbytes]


def _even(nbytes: int, block_bytes: int, chance: int) -> list[int]:
    count = _chunk_count(nbytes, chance)
    blocks = -(-nbytes // block_bytes)
    return [min(place * blocks // count * block_bytes, nbytes) for place in range(count + 1)]


def _chunk_count(nbytes: int, chance: int) -> int:
    if nbytes <= SHORT_ANSWER_BYTES:
        return -(-nbytes // SHORT_CHUNK_BYTES)
    least = -(-nbytes // MAX_CHUNK_BYTES)
    if nbytes > SENTENCE_BYTES:
        return least
    choices = [count for count in SENTENCE_CHUNKS if count >= least]
    return choices[chance % len(choices)]
