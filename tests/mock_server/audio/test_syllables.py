"""The material of the voice: it can be measured like speech, and has room for the proof."""

import os
import struct
import subprocess
import sys
from hashlib import blake2b
from math import cos, hypot, log10, pi, sin, sqrt

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, ulaw_decode
from hamsa_kit.proof import block_bytes
from hamsa_mock.audio.syllables import PITCHES, Syllable, syllable_bank

FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]
VOICED = 6  # in front of the unvoiced one
LOW, EMPHATIC, FRONT, BACK = 0, 1, 3, 5  # the vowels a, emphatic a, i, u, by their place in the bank


def samples_of(syllable: Syllable, format: AudioFormat) -> list[int]:
    audio = b"".join(syllable)
    pcm = ulaw_decode(audio) if format.encoding == "ulaw" else audio
    return list(struct.unpack(f"<{len(pcm) // 2}h", pcm))


def every_syllable(format: AudioFormat) -> list[Syllable]:
    bank = syllable_bank(format)
    return [syllable for voice in bank.voices for row in voice.values() for syllable in row]


def level(samples: list[int], frequency: float, rate: int) -> float:
    """How much of a frequency there is."""
    angles = [2 * pi * frequency * n / rate for n in range(len(samples))]
    real = sum(sample * cos(angle) for sample, angle in zip(samples, angles, strict=True))
    imaginary = sum(sample * sin(angle) for sample, angle in zip(samples, angles, strict=True))
    return hypot(real, imaginary)


def level_around(samples: list[int], frequency: int, rate: int) -> float:
    return max(level(samples, near, rate) for near in range(frequency - 150, frequency + 150, 25))


def likeness(samples: list[int], lag: int) -> float:
    """How much the samples resemble themselves `lag` samples later, up to 1."""
    early, late = samples[:-lag], samples[lag:]
    power = sum(x * x for x in early) * sum(x * x for x in late)
    return sum(x * y for x, y in zip(early, late, strict=True)) / sqrt(power)


def period(samples: list[int], rate: int, pitch: float) -> int:
    """The samples after which the sound comes again, for a pitch that is roughly known."""
    return max(range(int(rate / pitch / 1.4), int(rate / pitch * 1.4)), key=lambda lag: likeness(samples, lag))


@pytest.mark.parametrize(("format", "lengths"), [(PCM_16000_16, (4, 6, 8)), (PCM_8000_16, (2, 3, 4))])
def test_syllables_last_one_to_two_characters(format: AudioFormat, lengths: tuple[int, ...]) -> None:
    bank = syllable_bank(format)
    assert bank.lengths == lengths
    assert len(bank.voices) == len(PITCHES)
    for voice in bank.voices:
        assert list(voice) == list(lengths)
        assert {len(syllable) for length in lengths for syllable in voice[length]} == set(lengths)
        assert {len(row) for row in voice.values()} == {VOICED + 1}


@pytest.mark.parametrize("format", FORMATS)
def test_material_is_whole_blocks(format: AudioFormat) -> None:
    sizes = {len(block) for syllable in every_syllable(format) for block in syllable}
    assert sizes == {len(syllable_bank(format).silence)} == {block_bytes(format)}


@pytest.mark.parametrize("format", [PCM_16000_16, PCM_8000_16])
def test_low_bytes_are_free_for_the_proof(format: AudioFormat) -> None:
    assert not any(b"".join(syllable)[0::2].strip(b"\0") for syllable in every_syllable(format))
    assert syllable_bank(format).silence == bytes(640)


def test_codes_of_mulaw_are_even_for_the_proof() -> None:
    assert not any(code & 1 for syllable in every_syllable(ULAW_8000_8) for block in syllable for code in block)
    assert syllable_bank(ULAW_8000_8).silence == b"\xfe" * 320


@pytest.mark.parametrize("format", FORMATS)
def test_loudest_syllable_peaks_6_to_10_db_below_full_scale(format: AudioFormat) -> None:
    peak = max(max(map(abs, samples_of(syllable, format))) for syllable in every_syllable(format))
    assert -10 <= 20 * log10(peak / 32768) <= -6


@pytest.mark.parametrize("format", FORMATS)
def test_syllables_begin_and_end_in_silence(format: AudioFormat) -> None:
    for syllable in every_syllable(format):
        samples = samples_of(syllable, format)
        assert max(map(abs, samples[:4])) <= 1024
        assert max(map(abs, samples[-16:])) <= 256


@pytest.mark.parametrize("format", FORMATS)
def test_syllables_die_away_without_a_click(format: AudioFormat) -> None:
    """No sample in the last three milliseconds comes near the peak."""
    edge = format.sample_rate * 3 // 1000
    for syllable in every_syllable(format):
        samples = samples_of(syllable, format)
        assert max(map(abs, samples[-edge:])) <= 0.1 * max(map(abs, samples))


def test_syllables_have_no_direct_current() -> None:
    for syllable in every_syllable(PCM_16000_16):
        samples = samples_of(syllable, PCM_16000_16)
        assert abs(sum(samples) / len(samples)) < 0.01 * max(map(abs, samples))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("voice", range(len(PITCHES)))
def test_voices_have_their_pitches(format: AudioFormat, voice: int) -> None:
    bank = syllable_bank(format)
    samples = samples_of(bank.voices[voice][bank.lengths[-1]][LOW], format)
    middle = samples[len(samples) // 2 :][: format.sample_rate // 25]
    lag = period(middle, format.sample_rate, PITCHES[voice])
    assert abs(format.sample_rate / lag / PITCHES[voice] - 1) < 0.1
    assert likeness(middle, lag) > 0.8


def test_pitch_glides_over_a_syllable() -> None:
    u = samples_of(syllable_bank(PCM_16000_16).voices[0][8][BACK], PCM_16000_16)
    early, late = period(u[800:1440], 16000, PITCHES[0]), period(u[1600:2240], 16000, PITCHES[0])
    assert late > early  # this vowel falls: its periods become longer


@pytest.mark.parametrize("voice", range(len(PITCHES)))
def test_vowels_differ_in_their_formants(voice: int) -> None:
    row = syllable_bank(PCM_16000_16).voices[voice][8]
    throat = 1.0 if voice < 2 else 1.14
    a, i, u = (samples_of(row[vowel], PCM_16000_16)[1200:] for vowel in (LOW, FRONT, BACK))
    first, second = round(730 * throat), round(2250 * throat)
    assert level_around(a, first, 16000) > 2 * level_around(i, first, 16000)
    assert level_around(i, second, 16000) > 3 * level_around(u, second, 16000)


def test_last_syllable_of_each_length_is_unvoiced() -> None:
    for row in syllable_bank(PCM_16000_16).voices[0].values():
        whisper = samples_of(row[-1], PCM_16000_16)
        assert likeness(whisper, period(whisper, 16000, 150)) < 0.3
        assert level_around(whisper, 2900, 16000) > 3 * level_around(whisper, 500, 16000)


def test_consonant_stands_in_front_of_the_vowel() -> None:
    """This syllable begins with an s: high noise, and no tone."""
    samples = samples_of(syllable_bank(PCM_16000_16).voices[0][8][EMPHATIC], PCM_16000_16)
    onset, vowel = samples[:500], samples[1200:1700]
    assert level_around(onset, 5600, 16000) > 3 * level_around(onset, 640, 16000)
    assert level_around(vowel, 640, 16000) > 3 * level_around(vowel, 5600, 16000)


def test_bank_is_made_once_for_each_format() -> None:
    assert syllable_bank(PCM_16000_16) is syllable_bank(PCM_16000_16)


def test_bank_can_be_made_for_other_sample_rates() -> None:
    format = AudioFormat("PCM_22050_16", "s16le", 22050, 2)
    bank = syllable_bank(format)
    assert bank.lengths == (6, 9, 12)
    samples = samples_of(bank.voices[1][12][LOW], format)
    middle = samples[len(samples) // 2 :][:1000]
    assert abs(22050 / period(middle, 22050, PITCHES[1]) / PITCHES[1] - 1) < 0.1


def test_another_process_makes_the_same_bank() -> None:
    program = "\n".join(
        (
            "from hashlib import blake2b",
            "from hamsa_kit.audio_formats import PCM_16000_16",
            "from hamsa_mock.audio.syllables import syllable_bank",
            "print(blake2b(repr(syllable_bank(PCM_16000_16)).encode()).hexdigest())",
        )
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == blake2b(repr(syllable_bank(PCM_16000_16)).encode()).hexdigest()
