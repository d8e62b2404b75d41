"""WAV files of every encoding, written here by hand, so that the decoder is not judged by the writer of the project."""

import struct
from collections.abc import Callable, Sequence

PCM, FLOAT, ALAW, ULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


def pcm16(*samples: int) -> bytes:
    """16-bit samples."""
    return struct.pack(f"<{len(samples)}h", *samples)


def samples_of(pcm: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(pcm) // 2}h", pcm)


def chunk(name: bytes, content: bytes) -> bytes:
    """A RIFF chunk with its padding."""
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def fmt_chunk(tag: int, bits: int, rate: int, channels: int, extension: bytes = b"") -> bytes:
    frame = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits) + extension)


def riff(*chunks: bytes) -> bytes:
    content = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def wav_file(tag: int, bits: int, data: bytes, rate: int = 16000, channels: int = 1) -> bytes:
    return riff(fmt_chunk(tag, bits, rate, channels), chunk(b"data", data))


def extensible(tag: int, bits: int, valid_bits: int, data: bytes, rate: int = 16000, channels: int = 1) -> bytes:
    """With the size of the extension, the bits in use, where the loudspeakers stand, and the GUID of the format."""
    guid = struct.pack("<H", tag) + bytes.fromhex("000000001000800000aa00389b71")
    extension = struct.pack("<HHI", 22, valid_bits, 4) + guid
    return riff(fmt_chunk(EXTENSIBLE, bits, rate, channels, extension), chunk(b"data", data))


def integers(width: int, samples: Sequence[int]) -> bytes:
    """16-bit samples as wider ones of `width` bytes."""
    return b"".join((sample << 8 * (width - 2)).to_bytes(width, "little", signed=True) for sample in samples)


def floats(code: str, samples: Sequence[int], divisor: int = 32768) -> bytes:
    return struct.pack(f"<{len(samples)}{code}", *(sample / divisor for sample in samples))


def _stereo(samples: Sequence[int]) -> list[int]:
    return [sample for sample in samples for _ in range(2)]


LOSSLESS: dict[str, Callable[[Sequence[int], int], bytes]] = {
    "16-bit PCM": lambda samples, rate: wav_file(PCM, 16, pcm16(*samples), rate),
    "24-bit PCM": lambda samples, rate: wav_file(PCM, 24, integers(3, samples), rate),
    "32-bit PCM": lambda samples, rate: wav_file(PCM, 32, integers(4, samples), rate),
    "32-bit float": lambda samples, rate: wav_file(FLOAT, 32, floats("f", samples), rate),
    "64-bit float": lambda samples, rate: wav_file(FLOAT, 64, floats("d", samples), rate),
    "extensible 16-bit PCM": lambda samples, rate: extensible(PCM, 16, 16, pcm16(*samples), rate),
    "extensible 24 bits in 32": lambda samples, rate: extensible(PCM, 32, 24, integers(4, samples), rate),
    "extensible 32-bit float": lambda samples, rate: extensible(FLOAT, 32, 32, floats("f", samples), rate),
    "stereo, both channels equal": lambda samples, rate: wav_file(PCM, 16, pcm16(*_stereo(samples)), rate, 2),
    "stereo of floats": lambda samples, rate: wav_file(FLOAT, 32, floats("f", _stereo(samples)), rate, 2),
}
"""What makes a WAV file of 16-bit samples and their rate, from which they can be had back exactly."""
