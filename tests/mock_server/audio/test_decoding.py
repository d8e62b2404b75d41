"""Base64, WAV files and lists of floats become recordings."""

import base64
import io
import random
import shutil
import struct
import subprocess
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ulaw_decode, wav_bytes, wav_header
from hamsa_mock.audio.decoding import (
    BrokenWav,
    NotBase64,
    NotWav,
    Recording,
    decode_base64,
    decode_floats,
    decode_wav,
    sniff,
)
from tests.mock_server.audio.wav_files import (
    ALAW,
    FLOAT,
    LOSSLESS,
    PCM,
    ULAW,
    chunk,
    extensible,
    floats,
    fmt_chunk,
    pcm16,
    riff,
    samples_of,
    wav_file,
)
from tests.tools.leftout import leave_out

SAMPLES = (0, 1, -1, 255, -256, 12345, -23456, 32767, -32768)
MP3_OF_THE_GUIDE = base64.b64decode("//NExAAAAAAN")
HEADER_OF_THE_DOCUMENTATION = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="


@pytest.mark.statement("API-10")
def test_base64_is_decoded() -> None:
    assert decode_base64(base64.b64encode(b"RIFF\xff\xfe").decode()) == b"RIFF\xff\xfe"
    assert decode_base64("") == b""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("UklGRg", "incorrect padding"),
        ("UklGRg==UklG", "excess data"),
        ("Ukl$", "only base64 data"),
        ("Ukl\u0663", "only ASCII"),
        ("UklG\nRg==", "spaces or line breaks"),
        (" UklGRg==", "spaces or line breaks"),
        ("Ukl-", "alphabet for URLs"),
        ("Ukl_", "alphabet for URLs"),
        ("data:audio/wav;base64,UklGRg==", "behind its comma"),
    ],
)
def test_decoder_says_why_a_text_is_not_base64(text: str, reason: str) -> None:
    with pytest.raises(NotBase64, match=reason):
        decode_base64(text)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000, 192000])
@pytest.mark.parametrize("write", LOSSLESS.values(), ids=LOSSLESS)
def test_samples_of_16_bits_come_back_out_of_every_lossless_wav(
    write: Callable[[Sequence[int], int], bytes], rate: int
) -> None:
    recording = decode_wav(write(SAMPLES, rate))
    assert samples_of(recording.samples) == SAMPLES
    assert (recording.sample_rate, recording.container) == (rate, "WAV")
    assert recording.seconds == len(SAMPLES) / rate


def test_recording_says_how_its_samples_came() -> None:
    recording = decode_wav(wav_file(PCM, 24, bytes(3 * 2 * 5), 44100, channels=2))
    assert recording == Recording(bytes(10), 44100, "WAV", "24-bit PCM", 2)


def test_8_bit_pcm_is_unsigned() -> None:
    recording = decode_wav(wav_file(PCM, 8, bytes([0, 1, 127, 128, 129, 255])))
    assert samples_of(recording.samples) == (-32768, -32512, -256, 0, 256, 32512)


def test_wider_pcm_loses_its_low_bits() -> None:
    recording = decode_wav(wav_file(PCM, 24, bytes.fromhex("ff0100 ffffff 000080")))
    assert samples_of(recording.samples) == (1, -1, -32768)


def test_floats_in_a_wav_are_rounded_and_clipped() -> None:
    samples = struct.pack("<5f", 0.6 / 32768, -0.6 / 32768, 1.0, -1.5, float("inf"))
    assert samples_of(decode_wav(wav_file(FLOAT, 32, samples)).samples) == (1, -1, 32767, -32768, 32767)


def test_mulaw_is_decoded() -> None:
    codes = bytes(range(256))
    recording = decode_wav(wav_file(ULAW, 8, codes, 8000))
    assert (recording.samples, recording.encoding) == (ulaw_decode(codes), "mu-law")


# ITU-T G.711, table 1a: the middles of the steps at the ends of the eight segments, in 16-bit scale, with their codes.
ALAW_VECTORS = [
    (8, 0xD5),
    (248, 0xDA),
    (264, 0xC5),
    (504, 0xCA),
    (528, 0xF5),
    (1008, 0xFA),
    (1056, 0xE5),
    (2016, 0xEA),
    (2112, 0x95),
    (4032, 0x9A),
    (4224, 0x85),
    (8064, 0x8A),
    (8448, 0xB5),
    (16128, 0xBA),
    (16896, 0xA5),
    (32256, 0xAA),
]


@pytest.mark.parametrize(("sample", "code"), ALAW_VECTORS)
def test_alaw_agrees_with_the_table_of_the_standard(sample: int, code: int) -> None:
    recording = decode_wav(wav_file(ALAW, 8, bytes([code, code & 0x7F]), 8000))
    assert (samples_of(recording.samples), recording.encoding) == ((sample, -sample), "A-law")


def test_every_alaw_code_is_another_sample() -> None:
    assert len(set(samples_of(decode_wav(wav_file(ALAW, 8, bytes(range(256)))).samples))) == 256


def test_channels_are_mixed_to_their_mean() -> None:
    frames = pcm16(100, 200, -3, 0, 32767, 32767, -32768, -32768)
    assert samples_of(decode_wav(wav_file(PCM, 16, frames, channels=2)).samples) == (150, -2, 32767, -32768)


def test_any_number_of_channels_is_mixed() -> None:
    frames = pcm16(3, 6, 9, -30, 60, 0)
    assert samples_of(decode_wav(wav_file(PCM, 16, frames, channels=3)).samples) == (6, 10)


@pytest.mark.parametrize("quiet", [0, 8, -500])
def test_channel_without_sound_does_not_make_the_other_quieter(quiet: int) -> None:
    frames = pcm16(quiet, 700, quiet, -900)
    assert samples_of(decode_wav(wav_file(PCM, 16, frames, channels=2)).samples) == (700, -900)


def test_channels_without_sound_are_silence() -> None:
    recording = decode_wav(wav_file(PCM, 16, bytes(16), channels=4))
    assert (recording.samples, recording.channels) == (bytes(4), 4)


@pytest.mark.parametrize("channels", [1, 2])
def test_frame_that_is_not_whole_is_left_out(channels: int) -> None:
    whole = wav_file(PCM, 16, pcm16(1, 1, 2, 2), channels=channels)
    assert samples_of(decode_wav(whole[:-1]).samples) == {1: (1, 1, 2), 2: (1,)}[channels]


@given(st.integers(0, 43), st.integers(0, 80))
def test_truncated_file_is_a_recording_or_a_broken_wav(header: int, audio: int) -> None:
    whole = wav_bytes(PCM_16000_16, bytes(range(80)))
    assert decode_wav(whole[: 44 + audio]).samples == bytes(range(audio // 2 * 2))
    with pytest.raises((NotWav, BrokenWav)):
        decode_wav(whole[:header])


def test_chunks_around_the_samples_are_passed_over() -> None:
    listed = chunk(b"LIST", b"INFOISFT\x03\0\0\0abc")
    fact = chunk(b"fact", struct.pack("<I", 2))
    data = chunk(b"data", pcm16(5, 6))
    recording = decode_wav(riff(listed, fmt_chunk(PCM, 16, 16000, 1), fact, listed, data, listed))
    assert samples_of(recording.samples) == (5, 6)


@pytest.mark.parametrize("riff_size", [0, 7, 1 << 30, 0xFFFFFFFF])
@pytest.mark.parametrize("data_size", [0, 9, 1 << 30, 0xFFFFFFFF])
def test_stated_sizes_do_not_hide_samples_that_are_there(riff_size: int, data_size: int) -> None:
    whole = wav_bytes(PCM_16000_16, pcm16(1, 2, 3, 4))
    file = whole[:4] + struct.pack("<I", riff_size) + whole[8:40] + struct.pack("<I", data_size) + whole[44:]
    assert samples_of(decode_wav(file).samples) == (1, 2, 3, 4)


def test_streamed_wav_goes_to_its_end() -> None:
    assert samples_of(decode_wav(wav_header(PCM_8000_16, None) + pcm16(7, 8)).samples) == (7, 8)


def test_header_without_samples_is_an_empty_recording() -> None:
    """The example in the documentation of the service."""
    recording = decode_wav(decode_base64(HEADER_OF_THE_DOCUMENTATION))
    assert recording == Recording(b"", 8000, "WAV", "16-bit PCM", 1)
    assert recording.seconds == 0


def test_empty_recording_may_have_chunks_behind_it_and_many_channels() -> None:
    empty = riff(fmt_chunk(FLOAT, 32, 48000, 2), chunk(b"data", b""), chunk(b"LIST", b"INFO"))
    assert decode_wav(empty).samples == b""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (riff(fmt_chunk(PCM, 16, 16000, 1)), "without data"),
        (riff(chunk(b"data", b"")), "without a fmt chunk"),
        (wav_file(PCM, 16, b"", rate=0), "0 samples per second"),
        (wav_file(PCM, 16, b"", channels=0), "0 channels"),
        (wav_file(PCM, 12, b""), r"format tag 1 \(PCM\) and 12 bits"),
        (wav_file(PCM, 0, b""), r"format tag 1 \(PCM\) and 0 bits"),
        (wav_file(85, 0, b""), r"format tag 85 \(MP3\)"),
        (wav_file(2, 4, b""), r"format tag 2 \(ADPCM\) and 4 bits"),
        (wav_file(999, 16, b""), r"format tag 999 \(unknown\)"),
        (extensible(2, 4, 4, b""), r"format tag 2 \(ADPCM\)"),
        (wav_file(FLOAT, 64, struct.pack("<d", float("nan"))), "no number"),
    ],
)
def test_decoder_says_why_it_cannot_read_a_wav(data: bytes, reason: str) -> None:
    with pytest.raises(BrokenWav, match=reason):
        decode_wav(data)


CONTAINERS = [
    (b"ID3\x04\0\0\0\0\0\x23", "MP3"),
    (MP3_OF_THE_GUIDE, "MP3"),
    (b"\xff\xfb\x90\x64\0\0", "MP3"),
    (b"OggS\0\x02\0\0", "Ogg"),
    (b"\x1a\x45\xdf\xa3\x9f\x42", "WebM"),
    (b"fLaC\0\0\0\x22", "FLAC"),
    (b"\0\0\0\x20ftypM4A ", "MP4"),
    (b"\xff\xf1\x50\x80\x02\x1f", "AAC"),
    (b"\xff\xf1\x74\x80\x02\x1f", "raw or unknown"),  # a sample rate that is not
    (b"#!AMR\n\x3c", "AMR"),
    (b"FORM\0\0\0\x2eAIFF", "AIFF"),
    (b"", "empty"),
    (pcm16(1, 2, 3), "raw or unknown"),
    (pcm16(-1, -1, -2), "raw or unknown"),
    (b"\xff\xfb\x00\x00\0\0", "raw or unknown"),  # no bit rate
    (b"\xff\xfb\xf0\x00\0\0", "raw or unknown"),  # what is reserved: bit rate, sample rate, version
    (b"\xff\xfb\x9c\x00\0\0", "raw or unknown"),
    (b"\xff\xeb\x90\x00\0\0", "raw or unknown"),
    (b"\xff\xfb", "raw or unknown"),
    (b"RIFF\0\0\0\0AVI LIST", "raw or unknown"),
]


@pytest.mark.parametrize(("data", "container"), CONTAINERS)
def test_decoder_names_the_container_that_is_no_wav(data: bytes, container: str) -> None:
    assert sniff(data) == container
    with pytest.raises(NotWav, match=container) as raised:
        decode_wav(data)
    assert raised.value.container == container


def test_wav_is_sniffed() -> None:
    assert sniff(wav_bytes(PCM_16000_16, b"")) == "WAV"


@pytest.mark.statement("API-11")
def test_list_of_floats_has_16_khz() -> None:
    recording = decode_floats([0.0, 0.5, -1.0, 1.0, 2, -2])
    assert samples_of(recording.samples) == (0, 16384, -32768, 32767, 32767, -32768)
    assert (recording.sample_rate, recording.container) == (16000, "list of floats")
    assert decode_floats([], rate=8000).sample_rate == 8000


@pytest.mark.parametrize(("divisor", "digits", "error"), [(32768, None, 0), (32767, None, 1), (32768, 4, 2)])
def test_list_of_floats_gives_the_samples_back_as_nearly_as_it_can(
    divisor: int, digits: int | None, error: int
) -> None:
    samples = range(-32768, 32768)
    numbers = [sample / divisor if digits is None else round(sample / divisor, digits) for sample in samples]
    decoded = samples_of(decode_floats(numbers).samples)
    assert max(abs(one - other) for one, other in zip(samples, decoded, strict=True)) == error


def test_list_of_floats_without_nan() -> None:
    with pytest.raises(ValueError, match="NaN"):
        decode_floats([0.0, float("nan")])


def test_decoder_agrees_with_the_standard_library() -> None:
    chance = random.Random(5)
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 3, 22050, 0, "NONE", ""))
        file.writeframes(chance.randbytes(3 * 500))
    recording = decode_wav(written.getvalue())
    assert (recording.encoding, recording.sample_rate, len(recording.samples)) == ("24-bit PCM", 22050, 1000)


FFMPEG_CODECS = ["u8", "s16le", "s24le", "s32le", "f32le", "f64le", "mulaw", "alaw"]


@pytest.mark.slow
@pytest.mark.parametrize("codec", FFMPEG_CODECS)
def test_decoder_agrees_with_ffmpeg(codec: str, tmp_path: Path) -> None:
    """What ffmpeg writes to a file and to a pipe is read as ffmpeg reads it."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        leave_out("ffmpeg", "apt-get install ffmpeg")
    chance = random.Random(9)
    source, encoded = tmp_path / "source.wav", tmp_path / "encoded.wav"
    # Both channels alike: how a difference is mixed is a matter of taste, and is tested above.
    frames = [sample for _ in range(4000) for sample in [chance.randrange(-20000, 20000)] * 2]
    source.write_bytes(wav_file(FLOAT, 64, floats("d", frames), 22050, channels=2))

    def run(*arguments: str) -> bytes:
        return subprocess.run([ffmpeg, "-v", "error", *arguments], check=True, stdout=subprocess.PIPE).stdout

    run("-i", str(source), "-c:a", f"pcm_{codec}", str(encoded))
    piped = run("-i", str(source), "-c:a", f"pcm_{codec}", "-f", "wav", "pipe:1")
    expected = samples_of(run("-i", str(encoded), "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"))[::2]
    recording = decode_wav(encoded.read_bytes())
    assert recording.samples == decode_wav(piped).samples
    assert (recording.sample_rate, recording.channels) == (22050, 2)
    assert samples_of(recording.samples) == expected
