"""The proof in the audio: what is written can be read, and what was lost on the way is told."""

import base64
import re
import struct
from collections.abc import Callable
from hashlib import shake_128
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsa_kit.audio_formats import (
    PCM_8000_16,
    PCM_16000_16,
    ULAW_8000_8,
    AudioFormat,
    pcm16_from_floats,
    read_wav,
    ulaw_decode,
    ulaw_encode,
    wav_bytes,
)
from hamsa_kit.proof import MAX_BLOCKS, MAX_TEXT_BYTES, ProofWriter, block_bytes, read_proof, text_pieces

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "audio.md"
HASH = bytes.fromhex("0123456789abcdef")
OTHER_HASH = bytes.fromhex("fedcba9876543210")
TEXT = "مرحبا بك في خدمة همسة، كيف أستطيع أن أساعدك اليوم؟"
BLOCKS = 12
FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]


def noise(nbytes: int, seed: int = 0) -> bytes:
    return shake_128(b"%d" % seed).digest(nbytes)


def base_blocks(format: AudioFormat, count: int) -> list[bytes]:
    """Loud noise, with even codes where they are mu-law."""
    size = block_bytes(format)
    audio = noise(count * size)
    if format.encoding == "ulaw":
        audio = bytes(code & 0xFE for code in audio)
    return [audio[start : start + size] for start in range(0, len(audio), size)]


def answer(format: AudioFormat = PCM_16000_16, hash: bytes = HASH, text: str = TEXT, blocks: int = BLOCKS) -> bytes:
    return ProofWriter(hash, blocks, text, format).write(0, base_blocks(format, blocks))


def blocks_of(audio: bytes, *numbers: int) -> bytes:
    """Some blocks of a 16-bit answer, joined."""
    return b"".join(audio[640 * number : 640 * (number + 1)] for number in numbers)


def to_floats(audio: bytes, full_scale: int) -> list[float]:
    return [sample / full_scale for sample in struct.unpack(f"<{len(audio) // 2}h", audio)]


def record_as_audio(record: bytes) -> bytes:
    """A record as 320 quiet samples, written without the writer."""
    bits = [byte >> place & 1 for byte in record for place in range(7, -1, -1)]
    return struct.pack(f"<{len(bits)}h", *[16 * bit for bit in bits])


def record(number: int, count: int, text: bytes, piece: bytes, magic: bytes = b"\xf5\xa1") -> bytes:
    """A record with a right checksum, made field by field as the layout says."""
    fields = magic + HASH + number.to_bytes(3, "big") + count.to_bytes(3, "big") + len(text).to_bytes(2, "big")
    checked = fields + piece.ljust(18, b"\0")
    return checked + crc32(checked).to_bytes(4, "big")


@pytest.mark.parametrize("format", FORMATS)
def test_reader_finds_the_whole_answer(format: AudioFormat) -> None:
    proof = read_proof(answer(format), format)
    assert proof.whole
    assert proof.text == TEXT
    assert (proof.samples, proof.unrecognised_samples) == (320 * BLOCKS, 0)
    (seen,) = proof.answers
    assert (seen.answer, seen.block_count, seen.blocks_seen) == (HASH, BLOCKS, BLOCKS)
    assert seen.numbers == tuple(range(BLOCKS))
    assert seen.in_order
    assert seen.complete
    assert seen.text == seen.opening == TEXT


def test_writer_keeps_to_the_layout() -> None:
    text = TEXT.encode()
    pieces = [text[:18], text[18:36], text[36:54], text[54:72], text[72:90], text[90:]]
    expected = [record_as_audio(record(number, 7, text, pieces[number % 6])) for number in range(7)]
    silence = [bytes(640)] * 7
    assert ProofWriter(HASH, 7, TEXT, PCM_16000_16).write(0, silence) == b"".join(expected)


def test_layout_in_the_documentation_is_that_of_the_record() -> None:
    page = DOCUMENTATION.read_text(encoding="utf-8").split("| bytes | field |")[1].split("\n\n")[0]
    sizes = [int(size) for size in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)]
    fields = [b"\xf5\xa1", HASH, b"\0\0\x03", b"\0\0\x05", b"\0\x05", b"salam".ljust(18, b"\0")]
    assert sizes == [*map(len, fields), 4]
    assert record(3, 5, b"salam", b"salam")[:-4] == b"".join(fields)


def test_writer_in_mulaw_sets_the_low_bit_of_each_code() -> None:
    pcm = record_as_audio(record(0, 1, b"salam", b"salam"))
    codes = ProofWriter(HASH, 1, "salam", ULAW_8000_8).write(0, [b"\x80" * 320])
    assert codes == bytes(0x80 + sample // 16 for sample in struct.unpack("<320h", pcm))


def test_writer_leaves_the_high_bytes_alone() -> None:
    base = base_blocks(PCM_16000_16, 3)
    assert ProofWriter(HASH, 3, TEXT, PCM_16000_16).write(0, base)[1::2] == b"".join(base)[1::2]


@pytest.mark.parametrize("format", FORMATS)
def test_chunks_written_one_by_one_make_the_same_audio(format: AudioFormat) -> None:
    writer, base = ProofWriter(HASH, BLOCKS, TEXT, format), base_blocks(format, BLOCKS)
    parts = [writer.write(first, base[first:end]) for first, end in ((7, 12), (0, 1), (1, 7))]
    assert parts[1] + parts[2] + parts[0] == answer(format)


def test_text_is_cut_into_zero_padded_pieces_of_18_bytes() -> None:
    assert text_pieces(b"") == [bytes(18)]
    assert text_pieces(b"a" * 18) == [b"a" * 18]
    assert text_pieces(b"a" * 19) == [b"a" * 18, b"a" + bytes(17)]


@pytest.mark.parametrize(
    ("hash", "blocks", "text", "reason"),
    [
        (b"short", 1, "", "8 bytes, not 5"),
        (HASH, 0, "", "not 0"),
        (HASH, MAX_BLOCKS + 1, "", "16777215 blocks"),
        (HASH, 1, "a" * (MAX_TEXT_BYTES + 1), "65536 bytes"),
    ],
)
def test_writer_refuses_what_the_fields_cannot_hold(hash: bytes, blocks: int, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        ProofWriter(hash, blocks, text, PCM_16000_16)


def test_fields_hold_their_greatest_values() -> None:
    text = "a" * MAX_TEXT_BYTES
    last = ProofWriter(HASH, MAX_BLOCKS, text, PCM_16000_16).write(MAX_BLOCKS - 1, [bytes(640)])
    (seen,) = read_proof(last).answers
    assert (seen.numbers, seen.block_count) == ((MAX_BLOCKS - 1,), MAX_BLOCKS)


def test_one_block_tells_whose_it_is_and_that_the_rest_is_missing() -> None:
    proof = read_proof(answer()[:640])
    assert not proof.whole
    assert proof.text is None
    assert proof.unrecognised_samples == 0
    (seen,) = proof.answers
    assert (seen.answer, seen.numbers, seen.block_count) == (HASH, (0,), BLOCKS)
    assert seen.opening == TEXT[: len(seen.opening)]
    assert 17 <= len(seen.opening.encode()) <= 18  # 18 bytes, less the half of a character
    assert seen.text is None
    assert not seen.complete


@pytest.mark.parametrize("text", ["", "ن", "a" * 18])
def test_one_block_that_is_all_is_whole(text: str) -> None:
    proof = read_proof(answer(text=text, blocks=1))
    assert proof.whole
    assert proof.text == text


@given(st.integers(0, 640 * 3))
@settings(deadline=None)
def test_reader_finds_the_blocks_behind_any_cut(cut: int) -> None:
    proof = read_proof(answer()[cut:])
    (seen,) = proof.answers
    lost = -(-cut // 640)
    assert seen.numbers == tuple(range(lost, BLOCKS))
    assert proof.whole == (cut == 0)
    assert proof.unrecognised_samples == -(-(640 * lost - cut) // 2)


@given(st.integers(0, 320 * 3))
@settings(deadline=None)
def test_reader_finds_the_blocks_behind_any_cut_in_mulaw(cut: int) -> None:
    proof = read_proof(answer(ULAW_8000_8)[cut:], ULAW_8000_8)
    assert proof.answers[0].numbers == tuple(range(-(-cut // 320), BLOCKS))


def test_lost_chunk_leaves_the_rest_in_order_but_not_complete() -> None:
    audio = answer()
    (seen,) = read_proof(audio[: 640 * 3] + audio[640 * 5 :]).answers
    assert (seen.blocks_seen, seen.block_count) == (BLOCKS - 2, BLOCKS)
    assert seen.in_order
    assert not seen.complete
    assert seen.text == TEXT  # its pieces come round again


def test_text_with_a_piece_missing_is_unknown_but_its_opening_is_not() -> None:
    audio = answer(blocks=6)
    (seen,) = read_proof(blocks_of(audio, 0, 1, 3, 4, 5)).answers
    assert seen.text is None
    assert TEXT.startswith(seen.opening)
    assert len(seen.opening.encode()) in (35, 36)


def test_opening_is_unknown_without_the_first_piece() -> None:
    (seen,) = read_proof(blocks_of(answer(blocks=6), 1, 2)).answers
    assert seen.opening == ""
    assert seen.text is None


def test_swapped_chunks_are_out_of_order() -> None:
    audio = answer()
    proof = read_proof(audio[640 * 6 :] + audio[: 640 * 6])
    (seen,) = proof.answers
    assert seen.blocks_seen == BLOCKS
    assert not seen.in_order
    assert not proof.whole


def test_repeated_chunk_is_out_of_order() -> None:
    audio = answer()
    proof = read_proof(audio + blocks_of(audio, BLOCKS - 1))
    (seen,) = proof.answers
    assert seen.blocks_seen == BLOCKS
    assert not seen.in_order
    assert not proof.whole


@pytest.mark.parametrize("position", [0, 3 * 640 + 40, 12 * 640 - 2])
def test_corrupted_byte_costs_its_block(position: int) -> None:
    audio = bytearray(answer())
    audio[position] ^= 0x10
    proof = read_proof(bytes(audio))
    assert position // 640 not in proof.answers[0].numbers
    assert proof.answers[0].blocks_seen == BLOCKS - 1
    assert proof.unrecognised_samples == 320
    assert not proof.whole


def test_odd_byte_cut_from_the_end_costs_the_last_block() -> None:
    proof = read_proof(answer()[:-1])
    assert proof.answers[0].numbers == tuple(range(BLOCKS - 1))
    assert proof.samples == 320 * BLOCKS
    assert proof.unrecognised_samples == 320
    assert not proof.whole


def test_odd_byte_lost_in_the_middle_costs_one_block() -> None:
    audio = answer()
    proof = read_proof(audio[:2001] + audio[2002:])
    assert proof.answers[0].numbers == (0, 1, 2, *range(4, BLOCKS))
    assert proof.answers[0].in_order
    assert proof.unrecognised_samples == 320


def test_blocks_at_odd_and_even_bytes_are_told_in_the_order_of_the_audio() -> None:
    audio = answer()
    proof = read_proof(b"x" + audio[: 640 * 5] + b"x" + audio[640 * 5 :])
    assert proof.answers[0].complete
    assert proof.unrecognised_samples == 1


def test_two_answers_joined_are_told_apart() -> None:
    proof = read_proof(answer() + answer(hash=OTHER_HASH, text="شكرا", blocks=3))
    assert [seen.answer for seen in proof.answers] == [HASH, OTHER_HASH]
    assert [seen.text for seen in proof.answers] == [TEXT, "شكرا"]
    assert all(seen.complete for seen in proof.answers)
    assert proof.unrecognised_samples == 0
    assert not proof.whole
    assert proof.text is None


def test_interleaved_answers_are_each_complete() -> None:
    one, other = answer(blocks=2), answer(hash=OTHER_HASH, blocks=2)
    proof = read_proof(one[:640] + other[:640] + one[640:] + other[640:])
    assert [seen.numbers for seen in proof.answers] == [(0, 1), (0, 1)]
    assert not proof.whole


def test_anything_extra_keeps_an_answer_from_being_whole() -> None:
    for audio in (answer() + b"\0", bytes(100) + answer(), answer()[:640] + bytes(640) + answer()[640:]):
        proof = read_proof(audio)
        assert proof.answers[0].complete
        assert proof.unrecognised_samples > 0
        assert not proof.whole


def through_floats(audio: bytes, full_scale: int, digits: int | None) -> bytes:
    floats = to_floats(audio, full_scale)
    return pcm16_from_floats(floats if digits is None else [round(sample, digits) for sample in floats])


@pytest.mark.parametrize(
    "journey",
    [
        pytest.param(lambda audio: base64.b64decode(base64.b64encode(audio)), id="base64"),
        pytest.param(lambda audio: read_wav(wav_bytes(PCM_16000_16, audio))[1], id="WAV"),
        pytest.param(lambda audio: through_floats(audio, 32768, None), id="floats by 32768"),
        pytest.param(lambda audio: through_floats(audio, 32767, None), id="floats by 32767"),
        pytest.param(lambda audio: through_floats(audio, 32768, 4), id="four decimals by 32768"),
        pytest.param(lambda audio: through_floats(audio, 32767, 4), id="four decimals by 32767"),
        pytest.param(
            lambda audio: struct.pack(f"<{len(audio) // 2}h", *[int(x * 32767) for x in to_floats(audio, 32768)]),
            id="floats by 32768 and back by 32767, cut off",
        ),
    ],
)
def test_proof_survives_what_clients_do_to_audio(journey: Callable[[bytes], bytes]) -> None:
    proof = read_proof(journey(answer()))
    assert proof.whole
    assert proof.text == TEXT


def test_proof_in_mulaw_survives_decoding_and_encoding() -> None:
    audio = answer(ULAW_8000_8)
    assert read_proof(ulaw_encode(ulaw_decode(audio)), ULAW_8000_8).whole


def test_wav_header_left_on_is_not_recognised() -> None:
    proof = read_proof(wav_bytes(PCM_16000_16, answer()))
    assert proof.answers[0].complete
    assert proof.unrecognised_samples == 22
    assert not proof.whole


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("audio", [b"", b"\x01", bytes(640), bytes(64_000), noise(256_000), b"\xff\xa1" * 5000])
def test_reader_finds_nothing_where_there_is_no_proof(format: AudioFormat, audio: bytes) -> None:
    proof = read_proof(audio, format)
    assert proof.answers == ()
    assert proof.text is None
    assert not proof.whole
    assert proof.samples == proof.unrecognised_samples == -(-len(audio) // format.bytes_per_sample)


@given(st.binary(max_size=4000))
@settings(deadline=None)
def test_reader_finds_nothing_in_random_bytes(audio: bytes) -> None:
    assert read_proof(audio).answers == ()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.sampled_from(FORMATS), st.integers(0, 3))
@settings(deadline=None)
def test_any_text_is_read_back(text: str, format: AudioFormat, extra_blocks: int) -> None:
    blocks = len(text_pieces(text.encode())) + extra_blocks
    proof = read_proof(answer(format, text=text, blocks=blocks), format)
    assert proof.whole
    assert proof.text == text


@pytest.mark.parametrize(
    "strange",
    [
        pytest.param(record(3, 3, b"x", b"x"), id="a number beyond the last block"),
        pytest.param(record(0, 0, b"x", b"x"), id="an answer without blocks"),
        pytest.param(record(0, 3, b"x", b"x", magic=b"\xf5\xa2"), id="another version of the layout"),
        pytest.param(record(0, 3, b"x", b"x")[:-1] + b"!", id="a wrong checksum"),
    ],
)
def test_reader_passes_over_records_it_cannot_trust(strange: bytes) -> None:
    proof = read_proof(record_as_audio(strange) + answer(blocks=2))
    assert [seen.numbers for seen in proof.answers] == [(0, 1)]
    assert proof.unrecognised_samples == 320


def test_reader_finds_a_block_behind_a_false_beginning() -> None:
    """The first bits of a record, and then a whole one: the search goes on right behind the false beginning."""
    whole = record_as_audio(record(0, 1, b"x", b"x"))
    proof = read_proof(whole[:80] + whole)
    assert proof.text == "x"
    assert proof.unrecognised_samples == 40


def test_bytes_that_are_not_utf_8_do_not_stop_the_reader() -> None:
    proof = read_proof(record_as_audio(record(0, 1, b"\xff\xfe", b"\xff\xfe")))
    assert proof.text == "\ufffd\ufffd"
    assert proof.answers[0].opening == ""


def test_blocks_that_disagree_about_their_answer_are_different_answers() -> None:
    one, other = record(0, 2, b"x", b"x"), record(1, 3, b"x", b"x")
    proof = read_proof(record_as_audio(one) + record_as_audio(other))
    assert [seen.block_count for seen in proof.answers] == [2, 3]
