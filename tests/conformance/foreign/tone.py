"""A tone in place of a voice: as long as the text would take to say, and loud enough to be heard."""

import math
import struct
import zlib
from functools import cache

SECONDS_OF_A_CHARACTER = 0.09
SYLLABLES_HZ = 4
LOWEST_HZ, VOICES = 160, 240
CHUNKS = 6
LARGEST_CHUNK = 64_000


def spoken(text: str, speaker: str, mulaw: bool = False) -> bytes:
    """16-bit PCM, 16 kHz, mono; or mu-law, 8 kHz, mono. Each speaker has a pitch."""
    rate, width = (8000, 1) if mulaw else (16000, 2)
    nbytes = int(len(text) * SECONDS_OF_A_CHARACTER * rate) * width
    second = _second(rate, mulaw, LOWEST_HZ + zlib.crc32(speaker.encode()) % VOICES)
    return (second * (nbytes // len(second) + 1))[:nbytes]


def chunks(audio: bytes) -> list[bytes]:
    """Six pieces, or as many as it takes, each but the last of the same even size."""
    size = min((len(audio) // CHUNKS + 2) // 2 * 2, LARGEST_CHUNK)
    return [audio[at : at + size] for at in range(0, len(audio), size)]


def wav(audio: bytes, mulaw: bool = False) -> bytes:
    """The audio as a file."""
    rate, width, code = (8000, 1, 7) if mulaw else (16000, 2, 1)
    form = struct.pack("<HHIIHH", code, 1, rate, rate * width, width, 8 * width)
    parts = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(audio)) + audio
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


@cache
def _second(rate: int, mulaw: bool, pitch: int) -> bytes:
    """A tone that swells and fades four times."""
    turns = [2 * math.pi * at / rate for at in range(rate)]
    samples = [round(9000 * math.sin(pitch * turn) * abs(math.sin(SYLLABLES_HZ / 2 * turn))) for turn in turns]
    return bytes(map(_mulaw, samples)) if mulaw else struct.pack(f"<{rate}h", *samples)


def _mulaw(sample: int) -> int:
    """G.711."""
    sign, level = (0x80, -sample) if sample < 0 else (0, sample)
    level = min(level, 32635) + 132
    exponent = level.bit_length() - 8
    return ~(sign | exponent << 4 | level >> exponent + 3 & 0x0F) & 0xFF
