"""Audio formats of the realtime API: their sizes, WAV files around them, and G.711 mu-law.

Everything is mono. 16-bit samples are signed and little-endian. The mu-law code is written out here because
`audioop` is not in the standard library of Python 3.13 and later.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Encoding = Literal["s16le", "ulaw"]

FULL_SCALE: Final = 32768  # the 16-bit value that stands for 1.0 in float samples
UNKNOWN_SIZE: Final = 0xFFFFFFFF  # what a WAV that is written while it is made has for its sizes

WAV_PCM: Final = 1
WAV_ULAW: Final = 7
_TAG_EXTENSIBLE: Final = 0xFFFE
_TAGS: Final[dict[Encoding, int]] = {"s16le": WAV_PCM, "ulaw": WAV_ULAW}
_RIFF_HEADER: Final = struct.Struct("<4sI4s")
_CHUNK_HEADER: Final = struct.Struct("<4sI")
_FMT: Final = struct.Struct("<HHIIHH")  # tag, channels, frames/s, bytes/s, bytes/frame, bits/sample
_SUBFORMAT_AT: Final = 24  # in the fmt chunk of WAVE_FORMAT_EXTENSIBLE: a GUID that begins with the tag
_MAX_CHUNKS: Final = 1000  # so that millions of empty ones hold nothing up


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One way to write mono audio as bytes."""

    name: str
    encoding: Encoding
    sample_rate: int
    """Samples per second."""
    bytes_per_sample: int

    def seconds(self, nbytes: int) -> float:
        """How long `nbytes` bytes of audio last."""
        return nbytes / (self.sample_rate * self.bytes_per_sample)

    def nbytes(self, seconds: float) -> int:
        """The bytes of the whole number of samples that is nearest to `seconds`."""
        return round(seconds * self.sample_rate) * self.bytes_per_sample


PCM_16000_16: Final = AudioFormat("PCM_16000_16", "s16le", 16000, 2)
"""What the service sends unless it is asked for something else (API-33)."""
PCM_8000_16: Final = AudioFormat("PCM_8000_16", "s16le", 8000, 2)
ULAW_8000_8: Final = AudioFormat("ULAW_8000_8", "ulaw", 8000, 1)
"""What `mulaw: true` asks for (API-8)."""


def wav_header(format: AudioFormat, audio_bytes: int | None) -> bytes:
    """The bytes of a WAV file in front of the samples.

    `audio_bytes` is the number of bytes of samples, None where it is not known yet: both sizes are then 0xFFFFFFFF.
    44 bytes for 16-bit PCM, 58 for mu-law, which has a longer `fmt ` chunk and a `fact` chunk.
    """
    rate, width = format.sample_rate, format.bytes_per_sample
    fmt = _FMT.pack(_TAGS[format.encoding], 1, rate, rate * width, width, 8 * width)
    if format.encoding == "s16le":
        chunks = _CHUNK_HEADER.pack(b"fmt ", len(fmt)) + fmt
    else:  # every tag but PCM: a size of the (empty) extension, and the number of samples in `fact`
        fmt += b"\0\0"
        samples = UNKNOWN_SIZE if audio_bytes is None else audio_bytes // width
        chunks = _CHUNK_HEADER.pack(b"fmt ", len(fmt)) + fmt + struct.pack("<4sII", b"fact", 4, samples)
    if audio_bytes is None:
        riff_size = data_size = UNKNOWN_SIZE
    else:
        padding = audio_bytes % 2
        riff_size = len(b"WAVE") + len(chunks) + _CHUNK_HEADER.size + audio_bytes + padding
        data_size = audio_bytes
    return _RIFF_HEADER.pack(b"RIFF", riff_size, b"WAVE") + chunks + _CHUNK_HEADER.pack(b"data", data_size)


def wav_bytes(format: AudioFormat, audio: bytes) -> bytes:
    """A complete WAV file. An odd number of bytes is padded by one, as RIFF asks of every chunk."""
    return wav_header(format, len(audio)) + audio + bytes(len(audio) % 2)


@dataclass(frozen=True, slots=True)
class WavParts:
    """A WAV file taken apart; its samples are still as the file has them."""

    tag: int
    """The format tag: 1 PCM, 3 float, 6 A-law, 7 mu-law and many others. Of WAVE_FORMAT_EXTENSIBLE the one inside."""
    channels: int
    sample_rate: int
    """Frames per second."""
    bits: int
    """Of one sample as it is stored."""
    data: bytes
    """The frames, and what may be left of a broken one."""


def is_wav(data: bytes) -> bool:
    """Whether the first 12 bytes are those of a WAV file."""
    return data[:4] == b"RIFF" and data[8:12] == b"WAVE"


def split_wav(data: bytes) -> WavParts:
    """Take a WAV file apart, with whatever chunks stand around its samples.

    The size that the RIFF header states is not looked at. A `data` chunk that claims more bytes than there are
    (0xFFFFFFFF in streamed files) goes to the end. So does one that claims none, unless all that follows is chunks.
    Errors: ValueError, with the reason.
    """
    if not is_wav(data):
        raise ValueError("not a WAV file")
    fmt: bytes | None = None
    for name, start, size in _chunks(data, _RIFF_HEADER.size):
        if name == b"fmt ":
            fmt = data[start : start + size]
        elif name == b"data":
            if fmt is None:
                raise ValueError("WAV file without a fmt chunk before its data")
            claimed_none = size == 0 and not _only_chunks(data, start)
            return WavParts(*_read_fmt(fmt), data[start:] if claimed_none else data[start : start + size])
    raise ValueError("WAV file without data")


def read_wav(data: bytes) -> tuple[AudioFormat, bytes]:
    """The format and the samples of a WAV file, mono, 16-bit PCM or mu-law, in any form that `split_wav` takes.

    Errors: ValueError, with the reason, for everything else.
    """
    wav = split_wav(data)
    if wav.channels != 1:
        raise ValueError(f"WAV file with {wav.channels} channels, not 1")
    if (wav.tag, wav.bits) == (WAV_PCM, 16):
        return AudioFormat(f"PCM_{wav.sample_rate}_16", "s16le", wav.sample_rate, 2), wav.data
    if (wav.tag, wav.bits) == (WAV_ULAW, 8):
        return AudioFormat(f"ULAW_{wav.sample_rate}_8", "ulaw", wav.sample_rate, 1), wav.data
    raise ValueError(f"WAV file with format tag {wav.tag} and {wav.bits} bits: neither 16-bit PCM nor mu-law")


def _chunks(data: bytes, position: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and stated size of each chunk from `position` on, at most `_MAX_CHUNKS`."""
    for _ in range(_MAX_CHUNKS):
        if position + _CHUNK_HEADER.size > len(data):
            return
        name, size = _CHUNK_HEADER.unpack_from(data, position)
        position += _CHUNK_HEADER.size
        yield name, position, size
        position += size + size % 2


def _only_chunks(data: bytes, position: int) -> bool:
    """Whether the rest is chunks with printable names, the last of which ends with the file. Its padding may lack."""
    end = position
    for name, start, size in _chunks(data, position):
        if not (name.isascii() and name.decode().isprintable()):
            return False
        end = start + size + size % 2
    return end - len(data) in (0, 1)


def _read_fmt(chunk: bytes) -> tuple[int, int, int, int]:
    """Format tag, channels, frames per second, bits per sample."""
    if len(chunk) < _FMT.size:
        raise ValueError("WAV file with a short fmt chunk")
    tag, channels, rate, _, _, bits = _FMT.unpack_from(chunk)
    if not channels or not rate:
        raise ValueError(f"WAV file with {channels} channels and {rate} samples per second")
    if tag == _TAG_EXTENSIBLE:
        if len(chunk) < _SUBFORMAT_AT + 2:
            raise ValueError("WAV file with a short fmt chunk")
        tag = int.from_bytes(chunk[_SUBFORMAT_AT : _SUBFORMAT_AT + 2], "little")
    return tag, channels, rate, bits


def pcm16_from_floats(samples: Sequence[float]) -> bytes:
    """16-bit PCM of float samples, 1.0 being full scale (API-11). What lies outside of -1.0 to 1.0 is clipped.

    Errors: ValueError for NaN.
    """
    pack = struct.Struct(f"<{len(samples)}h").pack
    try:
        return pack(*[round(sample * FULL_SCALE) for sample in samples])
    except (struct.error, OverflowError):  # some sample is out of range: rare, and clipping all costs twice the time
        top = FULL_SCALE - 1
        return pack(*[round(min(max(sample * FULL_SCALE, -FULL_SCALE), top)) for sample in samples])


# G.711 mu-law. A code is the complement of sign (1 bit), segment (3 bits), step (4 bits). It stands for magnitudes of
# 14 bits: segment s has 16 steps of 2 << s each, and begins at 32 << s once the bias of 33 has been added.
_BIAS: Final = 33
_MAGNITUDES: Final = 1 << 13


def _encode_table() -> bytes:
    """The code of every 14-bit sample, by the sample taken as an unsigned number."""
    runs = [bytes([0xFF ^ (segment << 4 | step)]) * (2 << segment) for segment in range(8) for step in range(16)]
    positive = b"".join(runs)[_BIAS - 32 :]
    positive = positive.ljust(_MAGNITUDES + 1, b"\x80")  # above the last step: the greatest code
    negative = bytes(code & 0x7F for code in reversed(positive[1:]))
    return positive[:_MAGNITUDES] + negative


def _decode_value(code: int) -> int:
    """The 16-bit sample that a code stands for: the middle of its step."""
    bits = code ^ 0xFF
    segment, step = bits >> 4 & 7, bits & 15
    magnitude = ((2 * step + _BIAS) << segment) - _BIAS
    return (-magnitude if bits & 0x80 else magnitude) * 4


_ENCODE: Final = _encode_table()
_DECODE: Final = [struct.pack("<h", _decode_value(code)) for code in range(256)]
_DECODE_LOW: Final = bytes(pair[0] for pair in _DECODE)
_DECODE_HIGH: Final = bytes(pair[1] for pair in _DECODE)


def ulaw_encode(pcm: bytes) -> bytes:
    """Mu-law codes, one byte a sample, of 16-bit PCM.

    Errors: ValueError when half a sample is left over.
    """
    if len(pcm) % 2:
        raise ValueError("16-bit PCM with half a sample")
    return bytes([_ENCODE[sample >> 2] for sample in struct.unpack(f"<{len(pcm) // 2}H", pcm)])


def ulaw_decode(codes: bytes) -> bytes:
    """16-bit PCM of mu-law codes."""
    pcm = bytearray(2 * len(codes))
    pcm[0::2] = codes.translate(_DECODE_LOW)
    pcm[1::2] = codes.translate(_DECODE_HIGH)
    return bytes(pcm)
