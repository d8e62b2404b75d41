"""A bank of speech-like syllables, made once for each audio format and cut into blocks of 320 samples.

A syllable is a vowel behind a soft consonant. The vowel is a row of glottal pulses, each of which lets four formants
ring: so the pitch glides while the formants stay. The consonant is shaped noise. Every syllable rises from silence
and falls back to it within its own blocks, so any two may follow each other without a click.

Samples have eight bits: they are the high bytes of 16-bit samples, whose low bytes belong to the proof.
"""

import struct
from cmath import rect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import shake_128
from itertools import accumulate, repeat
from math import cos, exp, pi
from operator import add, mul
from typing import Final, NamedTuple

from hamsa_kit.audio_formats import AudioFormat, ulaw_encode
from hamsa_kit.proof import BLOCK_SAMPLES, block_bytes

CHARACTER_SECONDS: Final = 0.088
"""The least time a character takes. Syllables last for one, one and a half, or two characters."""

PITCHES: Final = (105.0, 130.0, 190.0, 225.0)
"""Glottal pulses per second of each voice, in the middle of a syllable."""


class Vowel(NamedTuple):
    """What tells one vowel from the others."""

    formants: tuple[tuple[float, float], ...]
    """Frequency in Hz and level of each."""
    level: float
    glide: float
    """Change of pitch from beginning to end, as a part of the pitch."""


class Consonant(NamedTuple):
    """Noise around a frequency."""

    frequency: float
    """In Hz."""
    radius: float
    """Of the resonator's pole: the nearer to 1, the narrower the noise."""
    seconds: float
    level: float
    burst: bool
    """Begins at once and dies away, instead of swelling."""


Syllable = tuple[bytes, ...]
"""Blocks that `hamsa_kit.proof.ProofWriter.write` takes."""


@dataclass(frozen=True, slots=True)
class SyllableBank:
    """The material of one audio format."""

    voices: tuple[dict[int, tuple[Syllable, ...]], ...]
    """For each of `PITCHES` the syllables by their length in blocks. The last of each length is unvoiced."""
    lengths: tuple[int, ...]
    """The lengths in blocks, ascending."""
    silence: bytes
    """One block."""


_PEAK: Final = 0.42 * 128  # of the loudest vowel
_ATTACK_SECONDS: Final = 0.025
_RELEASE_SECONDS: Final = 0.045
_DECLINE: Final = 2.0  # of the loudness between attack and release, a second
_RINGING_PULSES: Final = 3  # what a formant still rings after so many pulses is not heard
_LEAST_RATE: Final = 16000  # syllables for a lower rate are made at a multiple of it, then thinned out
_BANDWIDTHS: Final = (70.0, 100.0, 150.0, 220.0)  # of the formants, in Hz
_VOWELS: Final = (
    Vowel(((730, 1.0), (1250, 0.55), (2500, 0.24), (3500, 0.14)), 1.00, -0.10),  # a
    Vowel(((640, 1.0), (1020, 0.60), (2400, 0.16), (3400, 0.10)), 0.95, 0.06),  # emphatic a
    Vowel(((470, 1.0), (1850, 0.38), (2550, 0.26), (3550, 0.14)), 0.85, -0.16),  # e
    Vowel(((300, 1.0), (2250, 0.32), (2950, 0.28), (3600, 0.16)), 0.70, 0.10),  # i
    Vowel(((460, 1.0), (880, 0.55), (2400, 0.14), (3300, 0.08)), 0.85, -0.06),  # o
    Vowel(((330, 1.0), (760, 0.40), (2250, 0.10), (3250, 0.06)), 0.70, -0.20),  # u
)
_CONSONANTS: Final = (
    Consonant(5600, 0.72, 0.070, 0.42, burst=False),  # s
    Consonant(1700, 0.80, 0.030, 0.48, burst=True),  # k
    Consonant(2900, 0.84, 0.060, 0.42, burst=False),  # sh
    Consonant(900, 0.70, 0.040, 0.18, burst=False),  # h
    Consonant(3800, 0.70, 0.025, 0.42, burst=True),  # t
)
_WHISPER: Final = 2  # the consonant that unvoiced syllables consist of


@cache  # a pure constant of the format
def syllable_bank(format: AudioFormat) -> SyllableBank:
    """The bank of a format. The first call for a sample rate takes tens of milliseconds: make it before serving."""
    rate = format.sample_rate
    step = -(-_LEAST_RATE // rate)
    character_blocks = CHARACTER_SECONDS * rate / BLOCK_SAMPLES
    lengths = tuple(int(character_blocks * characters) for characters in (1.0, 1.5, 2.0))
    made = _voices(rate * step, tuple(length * BLOCK_SAMPLES * step for length in lengths))
    voices = tuple(
        {
            length: tuple(_cut(samples[::step], format) for samples in syllables)
            for length, syllables in zip(lengths, voice, strict=True)
        }
        for voice in made
    )
    return SyllableBank(voices, lengths, silence=_cut(bytes(BLOCK_SAMPLES), format)[0])


@cache
def _voices(rate: int, lengths: tuple[int, ...]) -> list[list[list[bytes]]]:
    """The syllables of each voice, by length in samples, as signed samples of eight bits."""
    noises = [_noise(consonant, rate, max(lengths)) for consonant in _CONSONANTS]
    onsets = [
        [_onset(consonant, noise, rate, samples) for consonant, noise in zip(_CONSONANTS, noises, strict=True)]
        for samples in lengths
    ]
    whispers = [_quantise(map(mul, noises[_WHISPER], _swell(samples))) for samples in lengths]
    voices: list[list[list[bytes]]] = []
    for pitch in PITCHES:
        glottes = [_Glottis(vowel, pitch, rate) for vowel in _VOWELS]
        voice: list[list[bytes]] = []
        for row, (row_onsets, whisper) in enumerate(zip(onsets, whispers, strict=True)):
            # Another consonant in front of the same vowel in each length.
            kinds = [(column + 2 * row) % len(_CONSONANTS) for column in range(len(_VOWELS))]
            syllables = [_syllable(glottis, row_onsets[kind]) for glottis, kind in zip(glottes, kinds, strict=True)]
            voice.append([*map(_quantise, syllables), whisper])
        voices.append(voice)
    return voices


class _Glottis:
    """A vowel at a pitch."""

    def __init__(self, vowel: Vowel, pitch: float, rate: int) -> None:
        self.vowel, self.pitch, self.rate = vowel, pitch, rate
        samples = _RINGING_PULSES * round(rate / (pitch * (1 - abs(vowel.glide))))
        throat = 1.0 if pitch < 160 else 1.14  # a shorter one has higher formants
        ringing = [0.0] * samples
        for (frequency, level), bandwidth in zip(vowel.formants, _BANDWIDTHS, strict=True):
            turn = rect(exp(-pi * bandwidth / rate), 2 * pi * frequency * throat / rate)
            rings = accumulate(repeat(turn, samples - 1), mul, initial=complex(level))
            ringing = [sample + ring.imag for sample, ring in zip(ringing, rings, strict=True)]
        gain = _PEAK * vowel.level / max(map(abs, _steady_period(ringing, round(rate / pitch))))
        self._ringing = [gain * sample for sample in ringing]
        self._periods: dict[int, list[float]] = {}

    def sound(self, samples: int) -> list[float]:
        """The vowel with its glide, before attack and release."""
        sound: list[float] = []
        while len(sound) < samples:
            bend = self.vowel.glide * (len(sound) / samples - 0.5)
            sound += self._period(round(self.rate / (self.pitch * (1 + bend))))
        return sound[:samples]

    def _period(self, samples: int) -> list[float]:
        if samples not in self._periods:
            self._periods[samples] = _steady_period(self._ringing, samples)
        return self._periods[samples]


def _steady_period(ringing: Sequence[float], samples: int) -> list[float]:
    """One period, so many samples long, of pulses that go on: what the last three still ring, added up.

    Its mean is zero: a voice has no direct current.
    """
    last, second_last, third_last = (ringing[n * samples : (n + 1) * samples] for n in range(_RINGING_PULSES))
    mean = sum(ringing[: _RINGING_PULSES * samples]) / samples
    return [a + b + c - mean for a, b, c in zip(last, second_last, third_last, strict=True)]


class _Onset(NamedTuple):
    """How a syllable begins, and how loud its vowel is from there on."""

    noise: list[float]
    envelope: list[float]


def _onset(consonant: Consonant, noise: Sequence[float], rate: int, samples: int) -> _Onset:
    """The onset of a syllable of so many samples: no more than a third of it is noise."""
    length = min(round(consonant.seconds * rate), samples // 3)
    loudness = _burst(length) if consonant.burst else _swell(length)
    start = length if consonant.burst else length * 2 // 3
    return _Onset(list(map(mul, noise, loudness)), _envelope(samples, start, rate))


def _envelope(samples: int, start: int, rate: int) -> list[float]:
    """The loudness of a vowel that sets in at the sample `start`, over the whole syllable."""
    attack = round(_ATTACK_SECONDS * rate)
    release = min(round(_RELEASE_SECONDS * rate), samples - start - attack)
    sustain = samples - start - attack - release
    level = 1 - _DECLINE * sustain / rate
    return [
        *repeat(0.0, start),
        *(0.5 - 0.5 * cos(pi * n / attack) for n in range(attack)),
        *(1 - _DECLINE * n / rate for n in range(sustain)),
        *(level * (0.5 + 0.5 * cos(pi * n / release)) for n in range(release)),
    ]


def _swell(samples: int) -> list[float]:
    return [0.5 - 0.5 * cos(2 * pi * n / samples) for n in range(samples)]


def _burst(samples: int) -> list[float]:
    return [exp(-5 * n / samples) * min(1.0, n / 16) for n in range(samples)]


def _noise(consonant: Consonant, rate: int, samples: int) -> list[float]:
    """As much of a consonant as the longest syllable may need."""
    pole = rect(consonant.radius, 2 * pi * consonant.frequency / rate)
    white = shake_128(b"%d" % consonant.frequency).digest(samples)
    rings = accumulate((byte - 127.5 for byte in white), lambda ring, sample: pole * ring + sample, initial=0j)
    noise = [ring.imag for ring in rings]
    gain = _PEAK * consonant.level / max(map(abs, noise))
    return [gain * sample for sample in noise]


def _syllable(glottis: _Glottis, onset: _Onset) -> list[float]:
    syllable = list(map(mul, glottis.sound(len(onset.envelope)), onset.envelope))
    syllable[: len(onset.noise)] = map(add, syllable, onset.noise)
    return syllable


def _quantise(samples: Iterable[float]) -> bytes:
    steps = list(map(round, samples))
    return struct.pack(f"{len(steps)}b", *steps)


# The even code of every high byte.
_ULAW: Final = bytes(code & 0xFE for code in ulaw_encode(b"".join(bytes((0, high)) for high in range(256))))


def _cut(samples: bytes, format: AudioFormat) -> Syllable:
    """The blocks of signed 8-bit samples, with room for the proof."""
    if format.encoding == "ulaw":
        audio = samples.translate(_ULAW)
    else:
        wide = bytearray(2 * len(samples))
        wide[1::2] = samples
        audio = bytes(wide)
    size = block_bytes(format)
    return tuple(audio[start : start + size] for start in range(0, len(audio), size))
