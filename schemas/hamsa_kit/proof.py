"""The proof that the mock hides in its audio: whose answer this is, which part of it, and what it says.

Each block of 320 samples carries a record of 40 bytes, one bit a sample, most significant bit first:

    bytes  field
        2  magic, whose last four bits are the version of this layout
        8  hash of the answer
        3  number of the block, from 0
        3  number of blocks in the answer
        2  length of the text in UTF-8 bytes
       18  a piece of the text, zero padded: piece number = block number modulo the number of pieces
        4  CRC-32 of the 36 bytes before
All numbers are big-endian.

In 16-bit PCM a sample is a multiple of 16, and the bit is the parity of sample / 16. So it survives a change of up
to 7: conversion to float and back, rounding to four decimals. In mu-law the bit is the low bit of the code.
docs/audio.md says what else the proof survives, and what it does not.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple
from zlib import crc32

from hamsa_kit.audio_formats import PCM_16000_16, AudioFormat

BLOCK_SAMPLES: Final = 320
HASH_BYTES: Final = 8
PIECE_BYTES: Final = 18
MAGIC: Final = b"\xf5\xa1"
MAX_BLOCKS: Final = (1 << 24) - 1
MAX_TEXT_BYTES: Final = (1 << 16) - 1

_RECORD: Final = struct.Struct(f">2s{HASH_BYTES}s3s3sH{PIECE_BYTES}sI")
_CHECKED_BYTES: Final = _RECORD.size - 4
_PCM_BIT: Final = 16

# Writing: what bit 7 - k of each byte is in a sample, k being the bit's place in the record.
_PCM_BITS: Final = [bytes(_PCM_BIT * (byte >> 7 - k & 1) for byte in range(256)) for k in range(8)]
_ULAW_BITS: Final = [bytes(byte >> 7 - k & 1 for byte in range(256)) for k in range(8)]
# Reading: the bit of a sample as the digit "0" or "1", by the sample's low byte or code.
_PCM_DIGITS: Final = bytes(ord("0") + ((low + _PCM_BIT // 2) // _PCM_BIT & 1) for low in range(256))
_ULAW_DIGITS: Final = bytes(ord("0") + (code & 1) for code in range(256))
_MAGIC_DIGITS: Final = f"{int.from_bytes(MAGIC, 'big'):016b}".encode()


def block_bytes(format: AudioFormat) -> int:
    """The bytes of a block of 320 samples."""
    return BLOCK_SAMPLES * format.bytes_per_sample


def text_pieces(text: bytes) -> list[bytes]:
    """The text cut into pieces of 18 bytes, the last one zero padded. An empty text is one piece."""
    starts = range(0, max(len(text), 1), PIECE_BYTES)
    return [text[start : start + PIECE_BYTES].ljust(PIECE_BYTES, b"\0") for start in starts]


class ProofWriter:
    """Writes the proof of one answer into its audio, many blocks at a time."""

    def __init__(self, answer: bytes, block_count: int, text: str, format: AudioFormat) -> None:
        """`answer` is the 8-byte hash.

        Errors: ValueError for what the fields of the layout cannot hold.
        """
        encoded = text.encode()
        if len(answer) != HASH_BYTES:
            raise ValueError(f"the hash of an answer has {HASH_BYTES} bytes, not {len(answer)}")
        if not 1 <= block_count <= MAX_BLOCKS:
            raise ValueError(f"an answer has 1 to {MAX_BLOCKS} blocks, not {block_count}")
        if len(encoded) > MAX_TEXT_BYTES:
            raise ValueError(f"the text has {len(encoded)} bytes in UTF-8, more than {MAX_TEXT_BYTES}")
        self._encoding = format.encoding
        self._head = MAGIC + answer
        same = block_count.to_bytes(3, "big") + len(encoded).to_bytes(2, "big")
        self._tails = [same + piece for piece in text_pieces(encoded)]

    def write(self, first: int, base: Sequence[bytes]) -> bytes:
        """The audio of `len(base)` blocks, the first of which has the number `first`.

        A base block is 640 bytes of 16-bit PCM, of which only the high bytes are kept, so that each low byte can be
        written at once; or 320 mu-law codes, all even.
        """
        records = self._records(first, len(base))
        if self._encoding == "s16le":
            audio = bytearray().join(base)
            for place, bits in enumerate(_PCM_BITS):
                audio[2 * place :: 16] = records.translate(bits)
            return bytes(audio)
        plane = bytearray(8 * len(records))
        for place, bits in enumerate(_ULAW_BITS):
            plane[place::8] = records.translate(bits)
        codes = int.from_bytes(b"".join(base), "little") | int.from_bytes(plane, "little")
        return codes.to_bytes(len(plane), "little")

    def _records(self, first: int, count: int) -> bytes:
        head, tails = self._head, self._tails
        checked_head = crc32(head)
        records: list[bytes] = []
        for number in range(first, first + count):
            rest = number.to_bytes(3, "big") + tails[number % len(tails)]
            records.append(head + rest + crc32(rest, checked_head).to_bytes(4, "big"))
        return b"".join(records)


class Block(NamedTuple):
    """A block that was recognised: its checksum is right."""

    answer: bytes
    number: int
    block_count: int
    text_bytes: int
    piece: bytes


@dataclass(frozen=True, slots=True)
class AnswerProof:
    """What was recognised of one answer."""

    answer: bytes
    """The 8-byte hash."""
    block_count: int
    """How many blocks the whole answer has."""
    numbers: tuple[int, ...]
    """The blocks that were found, in the order of the audio."""
    text: str | None
    """The text of the whole answer; None where pieces of it were not seen."""
    opening: str
    """The text as far as it is known from its beginning, in whole characters."""

    @property
    def blocks_seen(self) -> int:
        """Different blocks that were found."""
        return len(set(self.numbers))

    @property
    def in_order(self) -> bool:
        """No block comes twice, or before one with a smaller number."""
        return all(one < next_one for one, next_one in pairwise(self.numbers))

    @property
    def complete(self) -> bool:
        """Every block is there, in order."""
        return self.blocks_seen == self.block_count and self.in_order


@dataclass(frozen=True, slots=True)
class Proof:
    """What `read_proof` recognised in a piece of audio."""

    answers: tuple[AnswerProof, ...]
    """In the order in which they begin."""
    samples: int
    """Samples in the audio; half a sample counts as one."""
    unrecognised_samples: int
    """Samples that belong to no block with a right checksum."""

    @property
    def whole(self) -> bool:
        """The audio is exactly one answer: all its blocks, in order, and nothing else."""
        return len(self.answers) == 1 and self.answers[0].complete and self.unrecognised_samples == 0

    @property
    def text(self) -> str | None:
        """The text, where the audio holds (parts of) exactly one answer and all pieces of its text were seen."""
        return self.answers[0].text if len(self.answers) == 1 else None


def read_proof(audio: bytes, format: AudioFormat = PCM_16000_16) -> Proof:
    """What the audio says about itself, wherever in it the blocks begin.

    `audio` is samples only: take a WAV file apart with `audio_formats.read_wav` first (a header that was left on counts
    as samples that are not recognised). The sample rate does not matter.
    """
    width = format.bytes_per_sample
    size = block_bytes(format)
    found: list[tuple[int, Block]] = []
    # The blocks begin at an odd byte behind the place where half a sample was lost: look there only if need be.
    for shift in range(width):
        if len(found) * size < len(audio):
            end = len(audio) - (len(audio) - shift) % width  # without a last half of a sample
            digits = audio[shift:end:width].translate(_PCM_DIGITS if width == 2 else _ULAW_DIGITS)
            found += [(shift + width * start, block) for start, block in _find_blocks(digits)]
    found.sort()
    answers: dict[tuple[bytes, int, int], list[Block]] = {}
    for _, block in found:
        answers.setdefault((block.answer, block.block_count, block.text_bytes), []).append(block)
    unrecognised = len(audio) - len(found) * size
    return Proof(
        tuple(_answer_proof(blocks) for blocks in answers.values()),
        samples=-(-len(audio) // width),
        unrecognised_samples=-(-unrecognised // width),
    )


def _find_blocks(digits: bytes) -> Iterator[tuple[int, Block]]:
    """The blocks in a string of binary digits, one a sample, and the samples at which they begin."""
    start = digits.find(_MAGIC_DIGITS)
    while 0 <= start <= len(digits) - BLOCK_SAMPLES:
        block = _read_record(int(digits[start : start + BLOCK_SAMPLES], 2).to_bytes(_RECORD.size, "big"))
        if block:
            yield start, block
        start = digits.find(_MAGIC_DIGITS, start + (BLOCK_SAMPLES if block else 1))


def _read_record(record: bytes) -> Block | None:
    """The block; None when the checksum is wrong, or the number lies beyond the last block."""
    _, answer, number_bytes, count_bytes, text_bytes, piece, checksum = _RECORD.unpack(record)
    number, count = int.from_bytes(number_bytes, "big"), int.from_bytes(count_bytes, "big")
    if crc32(record[:_CHECKED_BYTES]) != checksum or number >= count:
        return None
    return Block(answer, number, count, text_bytes, piece)


def _answer_proof(blocks: list[Block]) -> AnswerProof:
    """What one answer's blocks, in the order of the audio, say together."""
    first = blocks[0]
    piece_count = -(-max(first.text_bytes, 1) // PIECE_BYTES)
    pieces = {block.number % piece_count: block.piece for block in blocks}
    known = 0
    while known in pieces:
        known += 1
    # Whoever computes a checksum can write a block: bytes that are not UTF-8 must not stop the reader.
    opening = b"".join(pieces[index] for index in range(known))[: first.text_bytes]
    return AnswerProof(
        answer=first.answer,
        block_count=first.block_count,
        numbers=tuple(block.number for block in blocks),
        text=opening.decode(errors="replace") if known == piece_count else None,
        opening=opening.decode(errors="ignore"),
    )
