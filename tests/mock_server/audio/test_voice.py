"""Answers: how long, in which chunks, and that their bytes follow from what was asked."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_kit.proof import BLOCK_SAMPLES, block_bytes, read_proof
from hamsa_mock.audio.syllables import syllable_bank
from hamsa_mock.audio.voice import Answer, Voice

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "audio.md"
SENTENCE = "مرحبا بك في خدمة همسة، كيف أستطيع أن أساعدك اليوم؟"
LONG = ("في يوم من الأيام كان هناك طائر صغير يعيش فوق شجرة عالية. " * 40)[:2000]
REQUEST: dict[str, Any] = {"text": SENTENCE, "speaker": "Majd", "dialect": "msa", "language": "ar"}
FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]


def speak(text: str = SENTENCE, format: AudioFormat = PCM_16000_16, seed: int = 7) -> Answer:
    return Voice(seed).speak(text, "Majd", "msa", "ar", format)


def audio_of(answer: Answer) -> bytes:
    return b"".join(answer.chunk(place) for place in range(len(answer.chunk_sizes)))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", ["", " ", "ن", "نعم.", SENTENCE, LONG])
def test_audio_of_an_answer_proves_itself(text: str, format: AudioFormat) -> None:
    answer = speak(text, format)
    proof = read_proof(audio_of(answer), format)
    assert proof.whole
    assert proof.text == text == answer.text
    assert proof.answers[0].answer == answer.key
    assert proof.answers[0].block_count == answer.blocks


def test_example_in_the_documentation_runs() -> None:
    page = DOCUMENTATION.read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["proof"].whole


@pytest.mark.parametrize("format", FORMATS)
def test_answer_tells_its_size_in_every_unit(format: AudioFormat) -> None:
    answer = speak(SENTENCE, format)
    assert answer.format is format
    assert answer.samples == answer.blocks * BLOCK_SAMPLES
    assert answer.nbytes == answer.samples * format.bytes_per_sample == len(audio_of(answer))
    assert answer.seconds == format.seconds(answer.nbytes)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=2000), st.sampled_from(FORMATS), st.integers(0, 99))
@settings(deadline=None)
def test_character_takes_88_to_94_milliseconds(text: str, format: AudioFormat, seed: int) -> None:
    answer = speak(text, format, seed)
    rounding = BLOCK_SAMPLES / format.sample_rate / 2
    assert answer.blocks >= 1
    if text:
        assert 0.088 * len(text) - rounding <= answer.seconds <= max(0.094 * len(text) + rounding, 2 * rounding)


def test_pace_is_different_from_answer_to_answer() -> None:
    assert len({speak(seed=seed).blocks for seed in range(20)}) > 5


@pytest.mark.statement("FAQ-2", "FAQ-10")
@pytest.mark.parametrize("characters", [30, 60, 100, 130])
@pytest.mark.parametrize("seed", range(5))
def test_sentence_has_80000_to_400000_bytes_in_five_to_seven_chunks(characters: int, seed: int) -> None:
    answer = speak(LONG[:characters], seed=seed)
    assert 80_000 <= answer.nbytes <= 400_000
    assert 5 <= len(answer.chunk_sizes) <= 7


def test_sentences_come_in_five_and_six_and_seven_chunks() -> None:
    assert {len(speak(seed=seed).chunk_sizes) for seed in range(20)} == {5, 6, 7}


@pytest.mark.parametrize("format", FORMATS)
def test_chunk_sizes_follow_the_size_of_the_answer(format: AudioFormat) -> None:
    text = LONG + LONG
    for characters in [*range(1, 300), *range(300, 4000, 50)]:
        answer = speak(text[:characters], format)
        sizes, chunks = answer.chunk_sizes, len(answer.chunk_sizes)
        assert sum(sizes) == answer.nbytes
        assert max(sizes) <= 64_000
        assert max(sizes) - min(sizes) <= block_bytes(format)
        assert all(size % block_bytes(format) == 0 for size in sizes)
        if answer.nbytes <= 50_000:
            assert chunks == -(-answer.nbytes // 10_000)
        elif answer.nbytes <= 448_000:
            assert 5 <= chunks <= 7
        else:
            assert chunks == -(-answer.nbytes // 64_000)


@pytest.mark.parametrize("format", FORMATS)
def test_chunks_have_the_sizes_that_were_told(format: AudioFormat) -> None:
    answer = speak(LONG, format)
    assert tuple(len(answer.chunk(place)) for place in range(len(answer.chunk_sizes))) == answer.chunk_sizes


def test_chunks_can_be_made_in_any_order() -> None:
    forwards, backwards = speak(), speak()
    places = range(len(forwards.chunk_sizes))
    in_order = [forwards.chunk(place) for place in places]
    assert [backwards.chunk(place) for place in reversed(places)] == in_order[::-1]


@pytest.mark.parametrize("place", [-1, 4, 5])
def test_answer_has_no_chunk_beyond_its_last(place: int) -> None:
    answer = speak("ن" * 12)
    assert len(answer.chunk_sizes) == 4
    with pytest.raises(IndexError, match=f"chunk {place} of an answer in 4 chunks"):
        answer.chunk(place)


@pytest.mark.parametrize("format", FORMATS)
def test_same_request_and_seed_give_the_same_bytes(format: AudioFormat) -> None:
    one, other = speak(SENTENCE, format), speak(SENTENCE, format)
    assert one.key == other.key
    assert audio_of(one) == audio_of(other)


@pytest.mark.parametrize(
    "difference",
    [
        {"text": SENTENCE + " "},
        {"speaker": "Salma"},
        {"dialect": "ksa"},
        {"language": "en"},
        {"format": PCM_8000_16},
        {"format": ULAW_8000_8},
        {"expressiveness": 1.5},
    ],
    ids=repr,
)
def test_any_difference_in_the_request_gives_other_bytes(difference: dict[str, Any]) -> None:
    voice = Voice(7)
    one, other = voice.speak(**REQUEST), voice.speak(**{**REQUEST, **difference})
    assert one.key != other.key
    assert one.chunk(0)[:640] != other.chunk(0)[:640]


def test_other_seed_gives_other_bytes() -> None:
    one, other = speak(seed=1), speak(seed=2)
    assert one.key != other.key
    assert one.chunk(0)[:640] != other.chunk(0)[:640]


def test_inputs_that_read_the_same_in_a_row_are_not_the_same_request() -> None:
    voice = Voice(7)
    rows = [
        ("ab", "c", "d"),
        ("a", "bc", "d"),
        ("a", "b", "cd"),
        ("abc", "", "d"),
        ("1:a", "c", "d"),
        ("a", "1:c", "d"),
    ]
    keys = {voice.speak(text, speaker, dialect, "ar").key for text, speaker, dialect in rows}
    assert len(keys) == len(rows)


def test_whole_number_is_the_same_expressiveness() -> None:
    voice = Voice(7)
    assert voice.speak(**REQUEST, expressiveness=1).key == voice.speak(**REQUEST).key


def test_voice_has_its_syllables_ready_before_the_first_request() -> None:
    voice = Voice(7)
    made = syllable_bank.cache_info().misses
    for format in FORMATS:
        voice.speak(SENTENCE, "Majd", "msa", "ar", format).chunk(0)
    assert syllable_bank.cache_info().misses == made


def test_voice_refuses_text_that_utf_8_does_not_have() -> None:
    with pytest.raises(UnicodeEncodeError):
        speak("\ud800")


def test_voice_refuses_text_that_the_proof_cannot_hold() -> None:
    with pytest.raises(ValueError, match="66000 bytes"):
        speak("ب" * 33_000)
