"""Recordings in the formats of the service."""

from math import pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, ulaw_encode
from hamsa_mock.audio.conversion import to_format
from hamsa_mock.audio.decoding import Recording
from tests.mock_server.audio.wav_files import pcm16, samples_of

FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]


def recording(pcm: bytes, rate: int) -> Recording:
    return Recording(pcm, rate, "WAV", "16-bit PCM", 1)


def tone(frequency: float, rate: int, seconds: float = 0.25) -> Recording:
    samples = (round(10000 * sin(2 * pi * frequency * n / rate)) for n in range(round(seconds * rate)))
    return recording(pcm16(*samples), rate)


def loudest(pcm: bytes) -> int:
    """Without the ends, where the tone begins and breaks off."""
    return max(map(abs, samples_of(pcm)[50:-50]))


def test_samples_at_the_right_rate_stay_as_they_are() -> None:
    pcm = pcm16(1, -2, 32767, -32768)
    assert to_format(recording(pcm, 16000), PCM_16000_16) == pcm
    assert to_format(recording(pcm, 8000), PCM_8000_16) == pcm
    assert to_format(recording(pcm, 8000), ULAW_8000_8) == ulaw_encode(pcm)


@pytest.mark.parametrize("format", FORMATS)
def test_no_samples_stay_no_samples(format: AudioFormat) -> None:
    assert to_format(recording(b"", 44100), format) == b""


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 24000, 44100, 48000, 96000])
def test_recording_keeps_its_length_in_seconds(rate: int, format: AudioFormat) -> None:
    converted = to_format(tone(440, rate, seconds=0.5), format)
    assert format.seconds(len(converted)) == pytest.approx(0.5, abs=1.01 / format.sample_rate)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000])
def test_tone_is_the_same_at_another_rate(rate: int) -> None:
    converted = samples_of(to_format(tone(200, rate), PCM_16000_16))
    expected = samples_of(tone(200, 16000).samples)
    errors = [abs(one - other) for one, other in zip(converted[50:-50], expected[50:-50], strict=True)]
    # A sample is the middle of its time, in the input too: they differ in phase by less than half an input sample.
    assert max(errors) < 10000 * 2 * pi * 200 * abs(0.5 / rate - 0.5 / 16000) + 60


def test_going_down_takes_the_mean_of_each_window() -> None:
    assert samples_of(to_format(recording(pcm16(0, 10, 20, 40, -5, -5, 7, 9), 32000), PCM_16000_16)) == (5, 30, -5, 8)


def test_going_up_draws_straight_lines() -> None:
    assert samples_of(to_format(recording(pcm16(0, 400, 800), 8000), PCM_16000_16)) == (0, 100, 300, 500, 700, 800)


def test_tone_above_the_new_rate_is_made_weak() -> None:
    assert loudest(to_format(tone(15000, 48000), PCM_16000_16)) < 1000
    assert loudest(to_format(tone(1000, 48000), PCM_16000_16)) > 9800


@given(st.lists(st.integers(-32768, 32767), max_size=40), st.integers(1, 400_000), st.sampled_from(FORMATS))
def test_any_recording_at_any_rate_is_converted(samples: list[int], rate: int, format: AudioFormat) -> None:
    # The slowest rates would make minutes of a few samples.
    slow = max(rate, 500)
    converted = to_format(recording(pcm16(*samples), slow), format)
    nearest = round(len(samples) * format.sample_rate / slow)
    assert len(converted) // format.bytes_per_sample == (max(1, nearest) if samples else 0)
    if samples and format.encoding == "s16le":
        assert min(samples) <= min(samples_of(converted))
        assert max(samples_of(converted)) <= max(samples)
