"""What a client sends as audio, turned into 16-bit samples: base64, WAV files of every usual encoding, floats.

Samples become 16-bit ones by dropping or adding low bits, so that what came from 16 bits is the same again. Of
several channels the mean is taken.
"""

import struct
from binascii import a2b_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import floordiv
from typing import Final

from hamsa_kit.audio_formats import WAV_PCM, WAV_ULAW, is_wav, pcm16_from_floats, split_wav, ulaw_decode

UNKNOWN_CONTAINER: Final = "raw or unknown"
FLOAT_LIST_RATE: Final = 16000
"""Samples per second of `audioList` (API-11)."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Audio as it was heard: one channel of 16-bit samples, and what it was made from."""

    samples: bytes
    """Signed, little-endian, two bytes each."""
    sample_rate: int
    """Samples per second."""
    container: str
    """`WAV` or `list of floats`."""
    encoding: str
    """Of the samples as they came, such as `24-bit PCM`."""
    channels: int
    """So many were mixed down."""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / 2 / self.sample_rate


class NotBase64(ValueError):
    """Text that is not base64 by RFC 4648, section 4."""


class NotWav(ValueError):
    """Data that is no WAV file."""

    def __init__(self, container: str) -> None:
        super().__init__(f"not a WAV file: {container}")
        self.container: Final = container
        """What it is instead, as `sniff` names it."""


class BrokenWav(ValueError):
    """A WAV file that cannot be read: damaged, or of an encoding that is not one of the usual."""


def decode_base64(text: str) -> bytes:
    """The bytes that base64 stands for (API-10). Padding is needed; line breaks and `data:` URLs are not accepted.

    Errors: NotBase64, with the reason in plain words.
    """
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise NotBase64(_base64_fault(text, error)) from error


def _base64_fault(text: str, error: ValueError) -> str:
    if text.startswith("data:"):
        return "a data: URL; only what stands behind its comma is base64"
    if any(map(str.isspace, text)):
        return "not base64: there are spaces or line breaks in it"
    if "-" in text or "_" in text:
        return "not base64: - or _ belong to the alphabet for URLs, + and / are needed"
    return f"not base64: {str(error)[:1].lower()}{str(error)[1:]}"


_SIGNATURES: Final = (
    (0, b"OggS", "Ogg"),
    (0, b"\x1a\x45\xdf\xa3", "WebM"),  # Matroska too, of which WebM is a kind
    (0, b"fLaC", "FLAC"),
    (0, b"ID3", "MP3"),
    (4, b"ftyp", "MP4"),
    (0, b"#!AMR", "AMR"),
    (0, b"FORM", "AIFF"),
)


def sniff(data: bytes) -> str:
    """The container that the first bytes speak of: WAV, MP3, Ogg, WebM, FLAC, MP4, AAC, AMR, AIFF.

    `empty` for no bytes at all, `raw or unknown` for everything else: raw samples carry no mark.
    """
    if not data:
        return "empty"
    if is_wav(data):
        return "WAV"
    for place, mark, container in _SIGNATURES:
        if data.startswith(mark, place):
            return container
    if len(data) >= 4 and data[0] == 0xFF:
        if _is_mp3_frame(data):
            return "MP3"
        if data[1] & 0xF6 == 0xF0 and data[2] >> 2 & 15 < 13:  # ADTS: layer 0, one of 13 sample rates
            return "AAC"
    return UNKNOWN_CONTAINER


def _is_mp3_frame(header: bytes) -> bool:
    """Whether the bytes after 0xFF go on as a frame of MPEG audio: no reserved value, and a bit rate."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    return header[1] >> 5 == 7 and version != 1 and layer != 0 and 0 < bitrate < 15 and rate != 3


def decode_wav(data: bytes) -> Recording:
    """The recording in a WAV file: PCM of 8, 16, 24 or 32 bits, floats of 32 or 64, mu-law or A-law.

    Any sample rate, any number of channels, any form that `hamsa_kit.audio_formats.split_wav` takes. A frame that
    is not whole is left out, and no frames at all are a recording of no samples.
    Errors: NotWav with the name of the container, BrokenWav with the reason.
    """
    if not is_wav(data):
        raise NotWav(sniff(data))
    try:
        wav = split_wav(data)
    except ValueError as error:
        raise BrokenWav(str(error)) from error
    encoding = _ENCODINGS.get((wav.tag, wav.bits))
    if encoding is None:
        raise BrokenWav(
            f"WAV file with format tag {wav.tag} ({_TAG_NAMES.get(wav.tag, 'unknown')}) and {wav.bits} bits"
        )
    name, decode = encoding
    frame = wav.bits // 8 * wav.channels
    try:
        pcm = decode(wav.data[: len(wav.data) // frame * frame])
    except ValueError as error:
        raise BrokenWav(f"WAV file with a sample that is no number: {error}") from error
    return Recording(_mono(pcm, wav.channels), wav.sample_rate, "WAV", name, wav.channels)


def decode_floats(samples: Sequence[float], rate: int = FLOAT_LIST_RATE) -> Recording:
    """The recording in a list of floats, 1.0 being full scale. What lies outside of -1.0 to 1.0 is clipped.

    Errors: ValueError for NaN, which JSON cannot carry.
    """
    return Recording(pcm16_from_floats(samples), rate, "list of floats", "floats", 1)


def _mono(pcm: bytes, channels: int) -> bytes:
    """The mean of the channels that carry sound. So one that is silent does not halve the other."""
    if channels == 1:
        return pcm
    frames = memoryview(pcm).cast("H")
    every = dict.fromkeys(frames[channel::channels].tobytes() for channel in range(channels))  # equal ones once
    sounding = [channel for channel in every if channel != channel[:2] * (len(channel) // 2)]
    if len(sounding) < 2:
        return next(iter(sounding or every))
    count = len(sounding[0]) // 2
    sums = map(sum, zip(*(struct.unpack(f"<{count}h", channel) for channel in sounding), strict=True))
    return struct.pack(f"<{count}h", *map(floordiv, sums, repeat(len(sounding))))


def _join(low: bytes, high: bytes) -> bytes:
    """16-bit samples of their low and their high bytes."""
    pcm = bytearray(2 * len(high))
    pcm[0::2] = low
    pcm[1::2] = high
    return bytes(pcm)


def _alaw_value(code: int) -> int:
    """The 16-bit sample that an A-law code (G.711) stands for: the middle of its step.

    A code is, after every other bit has been turned over, sign, segment (3 bits) and step (4 bits).
    """
    bits = code ^ 0x55
    segment, step = bits >> 4 & 7, bits & 15
    magnitude = (2 * step + 1 << 3) if segment == 0 else (2 * step + 33 << segment + 2)
    return magnitude if bits & 0x80 else -magnitude


_ALAW: Final = [struct.pack("<h", _alaw_value(code)) for code in range(256)]
_ALAW_LOW: Final = bytes(pair[0] for pair in _ALAW)
_ALAW_HIGH: Final = bytes(pair[1] for pair in _ALAW)
_SIGNED: Final = bytes(byte ^ 0x80 for byte in range(256))  # 8-bit PCM is the one that has no sign


def _floats(code: str, width: int) -> Callable[[bytes], bytes]:
    return lambda data: pcm16_from_floats(struct.unpack(f"<{len(data) // width}{code}", data))


_TAG_NAMES: Final = {
    WAV_PCM: "PCM",
    2: "ADPCM",
    3: "float",
    6: "A-law",
    WAV_ULAW: "mu-law",
    17: "IMA ADPCM",
    49: "GSM",
    85: "MP3",
    255: "AAC",
}
# What is read, by tag and bits: its name, and what makes 16-bit samples of it.
_ENCODINGS: Final[dict[tuple[int, int], tuple[str, Callable[[bytes], bytes]]]] = {
    (WAV_PCM, 8): ("8-bit PCM", lambda data: _join(bytes(len(data)), data.translate(_SIGNED))),
    (WAV_PCM, 16): ("16-bit PCM", bytes),
    (WAV_PCM, 24): ("24-bit PCM", lambda data: _join(data[1::3], data[2::3])),
    (WAV_PCM, 32): ("32-bit PCM", lambda data: _join(data[2::4], data[3::4])),
    (3, 32): ("32-bit float", _floats("f", 4)),
    (3, 64): ("64-bit float", _floats("d", 8)),
    (6, 8): ("A-law", lambda data: _join(data.translate(_ALAW_LOW), data.translate(_ALAW_HIGH))),
    (WAV_ULAW, 8): ("mu-law", ulaw_decode),
}
