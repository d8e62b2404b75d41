"""Sizes of audio, WAV files and G.711 mu-law."""

import io
import struct
import wave

import pytest

from hamsa_kit.audio_formats import (
    PCM_8000_16,
    PCM_16000_16,
    ULAW_8000_8,
    AudioFormat,
    WavParts,
    is_wav,
    pcm16_from_floats,
    read_wav,
    split_wav,
    ulaw_decode,
    ulaw_encode,
    wav_bytes,
    wav_header,
)

EVERY_CODE = bytes(range(256))
FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]


def pcm(*samples: int) -> bytes:
    return struct.pack(f"<{len(samples)}h", *samples)


def samples_of(audio: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(audio) // 2}h", audio)


@pytest.mark.parametrize(
    ("format", "nbytes", "seconds"),
    [(PCM_16000_16, 640, 0.02), (PCM_8000_16, 640, 0.04), (ULAW_8000_8, 640, 0.08), (PCM_16000_16, 217_116, 6.784875)],
)
def test_format_turns_bytes_into_seconds_and_back(format: AudioFormat, nbytes: int, seconds: float) -> None:
    assert format.seconds(nbytes) == seconds
    assert format.nbytes(seconds) == nbytes


def test_format_rounds_seconds_to_whole_samples() -> None:
    assert PCM_16000_16.nbytes(1.4 / 16000) == 2
    assert PCM_16000_16.nbytes(1.6 / 16000) == 4


@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16])
def test_standard_library_reads_wav_of_pcm(format: AudioFormat) -> None:
    audio = pcm(0, 1, -1, 32767, -32768)
    with wave.open(io.BytesIO(wav_bytes(format, audio))) as file:
        assert file.getnchannels() == 1
        assert file.getframerate() == format.sample_rate
        assert file.getsampwidth() == 2
        assert file.readframes(100) == audio


def test_wav_of_pcm_has_the_usual_44_bytes_in_front() -> None:
    header = bytes.fromhex(
        "52494646 26000000 57415645"  # RIFF, 38 bytes follow, WAVE
        "666d7420 10000000 0100 0100 803e0000 007d0000 0200 1000"  # fmt: PCM, mono, 16000/s, 32000 bytes/s, 2, 16
        "64617461 02000000"  # data: 2 bytes
    )
    assert wav_bytes(PCM_16000_16, b"\x01\x02") == header + b"\x01\x02"


def test_wav_of_mulaw_has_tag_7_a_fact_chunk_and_padding() -> None:
    header = bytes.fromhex(
        "52494646 36000000 57415645"  # RIFF, 54 bytes follow, WAVE
        "666d7420 12000000 0700 0100 401f0000 401f0000 0100 0800 0000"  # fmt: mu-law, mono, 8000/s, no extension
        "66616374 04000000 03000000"  # fact: 3 samples
        "64617461 03000000"  # data: 3 bytes
    )
    assert wav_bytes(ULAW_8000_8, b"\x01\x02\x03") == header + b"\x01\x02\x03\x00"


def test_header_of_unknown_length_has_the_greatest_sizes() -> None:
    streamed, known = wav_header(PCM_16000_16, None), wav_header(PCM_16000_16, 0)
    assert streamed[4:8] == streamed[40:44] == b"\xff" * 4
    assert (streamed[:4], streamed[8:40]) == (known[:4], known[8:40])


def test_header_of_mulaw_of_unknown_length_leaves_the_samples_open_too() -> None:
    header = wav_header(ULAW_8000_8, None)
    assert len(header) == 58
    assert header[4:8] == header[46:50] == header[54:58] == b"\xff" * 4


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("audio", [b"", b"\x01\x02", b"\x01\x02\x03"])
def test_wav_is_read_as_it_was_written(format: AudioFormat, audio: bytes) -> None:
    assert read_wav(wav_bytes(format, audio)) == (format, audio)


def test_reader_takes_a_streamed_wav_to_its_end() -> None:
    assert read_wav(wav_header(PCM_16000_16, None) + b"\x01\x02") == (PCM_16000_16, b"\x01\x02")


def test_reader_passes_over_chunks_it_does_not_know_with_their_padding() -> None:
    whole = wav_bytes(PCM_8000_16, b"\x05\x06")
    with_list = whole[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + whole[12:]
    assert read_wav(with_list) == (PCM_8000_16, b"\x05\x06")


def with_data_size(wav: bytes, size: int) -> bytes:
    return wav[:40] + struct.pack("<I", size) + wav[44:]


@pytest.mark.parametrize("size", [0, 5, 0x7FFFFFFF, 0xFFFFFFFF])
def test_splitter_takes_samples_that_the_size_does_not_tell_of(size: int) -> None:
    """A size that was never filled in, or that is too great."""
    wav = with_data_size(wav_bytes(PCM_16000_16, pcm(1, 2)), size)
    assert split_wav(wav).data == pcm(1, 2)


def test_splitter_believes_a_size_that_is_smaller_than_the_rest() -> None:
    wav = with_data_size(wav_bytes(PCM_16000_16, pcm(1, 2)), 2)
    assert split_wav(wav).data == pcm(1)


@pytest.mark.parametrize(
    ("behind", "samples"),
    [
        (b"", b""),
        (b"LIST\2\0\0\0ab", b""),
        (b"LIST\3\0\0\0abc\0id3 \0\0\0\0", b""),
        (b"LIST\3\0\0\0abc", b""),  # its padding lacks
        (b"LIST\3\0\0\0ab", b"LIST\3\0\0\0ab"),  # ends too early to be a chunk
        (b"LIST\1\0\0\0abc", b"LIST\1\0\0\0abc"),  # goes on too long
        (b"\1\2\3\4\0\0\0\0", b"\1\2\3\4\0\0\0\0"),  # no name
        (b"\xe9\xe9\xe9\xe9\0\0\0\0", b"\xe9\xe9\xe9\xe9\0\0\0\0"),
        (b"\1\2", b"\1\2"),
        (b"ab  \0\0\0\0" * 1001, b"ab  \0\0\0\0" * 1001),  # too many
    ],
)
def test_splitter_tells_chunks_behind_empty_data_from_samples(behind: bytes, samples: bytes) -> None:
    assert split_wav(wav_bytes(PCM_16000_16, b"") + behind).data == samples


def test_splitter_gives_up_among_endless_chunks() -> None:
    wav = wav_bytes(PCM_16000_16, b"\1\2")
    assert split_wav(wav[:12] + b"ab  \0\0\0\0" * 998 + wav[12:]).data == b"\1\2"
    with pytest.raises(ValueError, match="without data"):
        split_wav(wav[:12] + b"ab  \0\0\0\0" * 999 + wav[12:])


def test_splitter_looks_into_the_extensible_format() -> None:
    fmt = bytes.fromhex(
        "feff 0600 80bb0000 00ca0800 1800 2000"  # extensible, 6 channels, 48000/s, 576000 bytes/s, 24, 32 bits
        "1600 1800 3f000000 03000000 00001000 800000aa 00389b71"  # 22 more bytes: 24 bits in use, 5.1, float
    )
    wav = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data\2\0\0\0ab"
    assert split_wav(wav) == WavParts(tag=3, channels=6, sample_rate=48000, bits=32, data=b"ab")
    with pytest.raises(ValueError, match="short fmt chunk"):
        split_wav(b"RIFF\0\0\0\0WAVEfmt \x12\0\0\0" + fmt[:18] + b"data\0\0\0\0")


@pytest.mark.parametrize("place", [22, 24])
def test_splitter_refuses_no_channels_and_no_rate(place: int) -> None:
    header = bytearray(wav_header(PCM_16000_16, 0))
    header[place : place + 2] = b"\0\0"
    with pytest.raises(ValueError, match=r"0 channels|0 samples per second"):
        split_wav(bytes(header))


def test_wav_is_known_by_its_first_twelve_bytes() -> None:
    header = wav_header(PCM_16000_16, 0)
    assert is_wav(header[:12])
    assert not is_wav(header[:11])
    assert not is_wav(b"RIFX" + header[4:])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a WAV file"),
        (b"RIFF\0\0\0\0AVI LIST", "not a WAV file"),
        (b"\xff\xfb\x90\x64" * 20, "not a WAV file"),
        (wav_header(PCM_16000_16, 0)[:36], "without data"),
        (wav_header(PCM_16000_16, 0)[:12] + b"data\0\0\0\0", "without a fmt chunk"),
        (b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0\x01\0data\0\0\0\0", "short fmt chunk"),
        (wav_header(PCM_16000_16, 0).replace(b"\1\0\1\0", b"\1\0\2\0"), "2 channels, not 1"),
        (wav_header(PCM_16000_16, 0).replace(b"\2\0\x10\0", b"\1\0\x08\0"), "format tag 1 and 8 bits"),
    ],
)
def test_reader_says_why_it_refuses_a_file(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_wav(data)


def test_floats_become_the_nearest_samples() -> None:
    assert samples_of(pcm16_from_floats([0.0, 1 / 32768, -1.0, 0.5, 0.4 / 32768])) == (0, 1, -32768, 16384, 0)


@pytest.mark.parametrize("loud", [1.0, 1.5, float("inf")])
def test_floats_beyond_full_scale_are_clipped(loud: float) -> None:
    assert samples_of(pcm16_from_floats([loud, -loud, 0.25])) == (32767, -32768, 8192)


@pytest.mark.parametrize("others", [[], [2.0], [float("inf")]])
def test_floats_must_be_numbers(others: list[float]) -> None:
    with pytest.raises(ValueError, match="NaN"):
        pcm16_from_floats([*others, float("nan")])


# ITU-T G.711, table 2: the ends of the eight segments, in 16-bit scale, with their codes.
VECTORS = [
    (0, 0xFF),
    (8, 0xFE),
    (120, 0xF0),
    (132, 0xEF),
    (372, 0xE0),
    (396, 0xDF),
    (876, 0xD0),
    (924, 0xCF),
    (1884, 0xC0),
    (1980, 0xBF),
    (3900, 0xB0),
    (4092, 0xAF),
    (7932, 0xA0),
    (8316, 0x9F),
    (15996, 0x90),
    (16764, 0x8F),
    (32124, 0x80),
]


@pytest.mark.parametrize(("sample", "code"), VECTORS)
def test_mulaw_agrees_with_the_table_of_the_standard(sample: int, code: int) -> None:
    assert ulaw_encode(pcm(sample)) == bytes([code])
    assert ulaw_decode(bytes([code])) == pcm(sample)
    negative = code & 0x7F
    assert ulaw_decode(bytes([negative])) == pcm(-sample)
    assert ulaw_encode(pcm(-sample)) == bytes([negative if sample else code])


def test_mulaw_clips_above_its_last_step() -> None:
    assert ulaw_encode(pcm(32635, 32636, 32767, -32767, -32768)) == b"\x80\x80\x80\x00\x00"


def test_every_mulaw_code_but_negative_zero_survives_the_round_trip() -> None:
    assert ulaw_encode(ulaw_decode(EVERY_CODE)) == EVERY_CODE.replace(b"\x7f", b"\xff")


def test_mulaw_codes_rise_with_the_samples() -> None:
    decoded = samples_of(ulaw_decode(ulaw_encode(pcm(*range(-32768, 32768)))))
    assert list(decoded) == sorted(decoded)
    assert len(set(decoded)) == 255


def test_mulaw_error_is_at_most_half_a_step() -> None:
    """G.711 is about samples of 14 bits: the upper ones of the 16."""
    wide = range(-8158, 8159)
    decoded = samples_of(ulaw_decode(ulaw_encode(pcm(*[4 * sample for sample in wide]))))
    for sample, result in zip(wide, decoded, strict=True):
        step = 1 << (abs(sample) + 33).bit_length() - 5
        assert abs(4 * sample - result) <= 4 * step // 2


def test_mulaw_encoder_refuses_half_a_sample() -> None:
    with pytest.raises(ValueError, match="half a sample"):
        ulaw_encode(b"\0\0\0")
