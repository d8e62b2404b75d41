"""Loudness, pauses and the end of speech."""

from math import pi, sin, sqrt

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import Proof, read_proof
from hamsa_mock.audio.decoding import Recording
from hamsa_mock.audio.listening import PAUSE_DB, SILENCE_DBFS, Loudness, end_of_speech
from hamsa_mock.audio.voice import Voice
from tests.mock_server.audio.wav_files import pcm16

RATE = 16000


def tone(seconds: float, dbfs: float, mean: int = 0, rate: int = RATE) -> bytes:
    """A tone of 1 kHz whose root mean square is so far below full scale."""
    peak = 32768 * 10 ** (dbfs / 20) * sqrt(2)
    return pcm16(*(round(mean + peak * sin(2 * pi * 1000 * n / rate)) for n in range(round(seconds * rate))))


def silence(seconds: float, rate: int = RATE) -> bytes:
    return bytes(2 * round(seconds * rate))


def recording(pcm: bytes, rate: int = RATE) -> Recording:
    return Recording(pcm, rate, "WAV", "16-bit PCM", 1)


def loudness(pcm: bytes, rate: int = RATE) -> Loudness:
    return Loudness(recording(pcm, rate))


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_level_is_the_root_mean_square_of_20_milliseconds(rate: int) -> None:
    levels = loudness(tone(0.1, -20, rate=rate) + tone(0.1, -40, rate=rate), rate).levels
    assert levels == pytest.approx([3276.8] * 5 + [327.68] * 5, rel=0.01)


def test_last_frame_may_be_shorter() -> None:
    assert loudness(tone(0.025, -20)).levels == pytest.approx([3276.8, 3276.8], rel=0.01)


def test_direct_current_is_not_heard() -> None:
    assert loudness(pcm16(*[5000] * 640)).levels == [0, 0]
    assert loudness(tone(0.02, -20, mean=5000)).levels == pytest.approx([3276.8], rel=0.01)


@pytest.mark.parametrize("rate", [1, 30, 100])
def test_frame_has_a_sample_at_the_lowest_rates(rate: int) -> None:
    assert len(loudness(pcm16(1, 2, 3, 4), rate).levels) in (2, 4)


@pytest.mark.parametrize(
    ("pcm", "silent"),
    [
        (b"", True),
        (silence(1), True),
        (tone(1, SILENCE_DBFS - 1), True),
        (tone(1, SILENCE_DBFS + 1), False),
        (silence(1) + tone(0.02, -20) + silence(1), False),
        (silence(1) + tone(0.005, -20), False),
    ],
)
def test_silence_is_never_louder_than_60_dbfs(pcm: bytes, silent: bool) -> None:
    assert loudness(pcm).silent is silent


def test_pauses_of_the_voice_are_silence() -> None:
    answer = Voice(1).speak("... ...", "Majd", "msa", "ar")
    assert loudness(answer.chunk(0)).silent


def test_sound_is_counted_in_frames() -> None:
    assert loudness(silence(0.1) + tone(0.2, -20) + silence(0.1)).sound_samples == 3200
    assert loudness(silence(0.1) + tone(0.025, -20)).sound_samples == 640
    assert loudness(silence(0.1)).sound_samples == 0


@pytest.mark.parametrize(
    ("pcm", "seconds"),
    [
        (b"", 0),
        (silence(0.3), 0.3),
        (tone(0.3, -20), 0),
        (tone(0.3, -20) + silence(0.5), 0.5),
        (tone(0.3, -20) + silence(0.2) + tone(0.1, -20) + silence(0.1), 0.1),
        (tone(0.3, -20) + silence(0.033), 0.033),
        (silence(0.5) + tone(0.005, -20), 0),
    ],
)
def test_trailing_silence_follows_the_last_sound(pcm: bytes, seconds: float) -> None:
    assert loudness(pcm).trailing_silence == pytest.approx(seconds)


@pytest.mark.parametrize(("below", "seconds"), [(PAUSE_DB + 1, 0.4), (PAUSE_DB - 1, 0)])
def test_humming_far_below_the_speech_is_a_pause(below: float, seconds: float) -> None:
    assert loudness(tone(0.3, -15) + tone(0.4, -15 - below)).trailing_silence == pytest.approx(seconds)


@pytest.mark.statement("API-13", "API-14")
@pytest.mark.parametrize(("pause", "score"), [(0, 0), (0.3, 0.3), (0.5, 0.5), (1, 1), (3, 1)])
def test_speaker_has_finished_the_surer_the_longer_the_pause(pause: float, score: float) -> None:
    assert end_of_speech(loudness(tone(0.5, -20) + silence(pause)), None) == pytest.approx(score)


@pytest.mark.parametrize("pcm", [b"", silence(0.1)])
def test_silence_is_finished(pcm: bytes) -> None:
    assert end_of_speech(loudness(pcm), None) == 1.0


ANSWER = Voice(1).speak("مرحبا بك. في خدمة همسة", "Majd", "msa", "ar")
AUDIO = b"".join(ANSWER.chunk(place) for place in range(len(ANSWER.chunk_sizes)))


def judge(pcm: bytes) -> float:
    proof: Proof = read_proof(pcm, PCM_16000_16)
    return end_of_speech(loudness(pcm), proof)


def test_own_audio_is_finished_with_its_last_block() -> None:
    assert judge(AUDIO) == 1.0
    assert judge(AUDIO[640 * 20 :]) == 1.0
    assert judge(AUDIO + silence(0.1)) == 1.0


@pytest.mark.parametrize("kept", [640, len(AUDIO) // 2, len(AUDIO) - 640, len(AUDIO) - 101])
def test_own_audio_without_its_last_block_is_not_finished(kept: int) -> None:
    assert judge(AUDIO[:kept]) == 0.0
    assert judge(AUDIO[:kept] + silence(2)) == 0.0


def test_own_audio_is_judged_by_the_answer_that_begins_last() -> None:
    other = Voice(1).speak("نعم", "Majd", "msa", "ar").chunk(0)
    assert judge(AUDIO + other[:-640]) == 0.0
    assert judge(AUDIO[:-640] + other) == 1.0
