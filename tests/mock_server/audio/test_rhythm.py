"""Where a text is spoken, and where it pauses."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_mock.audio.rhythm import Rhythm
from hamsa_mock.audio.syllables import syllable_bank

SENTENCE = "مرحبا بك في خدمة همسة، كيف أستطيع أن أساعدك اليوم؟ نحن هنا لخدمتك دائما."
FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]


def blocks_for(text: str, format: AudioFormat = PCM_16000_16) -> int:
    """90 ms a character."""
    return max(1, round(len(text) * 0.09 * format.sample_rate / 320))


def spoken(text: str, speaker: str = "Majd", format: AudioFormat = PCM_16000_16) -> list[bytes]:
    blocks = blocks_for(text, format)
    return Rhythm(text, blocks, syllable_bank(format), speaker).base(0, blocks)


def pauses(text: str) -> list[int]:
    """The lengths of all pauses, in blocks."""
    silence = syllable_bank(PCM_16000_16).silence
    return [len(list(run)) for silent, run in groupby(block == silence for block in spoken(text)) if silent]


def longest_pause(text: str) -> int:
    return max(pauses(text))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", ["", "ن", "نعم", SENTENCE, "ب" * 2000, "hello, world!"])
def test_text_takes_all_its_blocks(text: str, format: AudioFormat) -> None:
    assert len(spoken(text, format=format)) == blocks_for(text, format)


@pytest.mark.parametrize("format", FORMATS)
def test_syllables_come_three_to_six_times_a_second(format: AudioFormat) -> None:
    bank = syllable_bank(format)
    beginnings = {syllable[0] for row in bank.voices for length in row.values() for syllable in length}
    blocks = spoken(SENTENCE, format=format)
    seconds = len(blocks) * 320 / format.sample_rate
    assert 3 <= sum(block in beginnings for block in blocks) / seconds <= 6


@pytest.mark.parametrize("text", ["", " ", "   ", "...", "؟ !", " ، \n"])
def test_text_without_words_is_silent(text: str) -> None:
    assert set(spoken(text)) == {syllable_bank(PCM_16000_16).silence}


@pytest.mark.parametrize("text", ["ن", "نعم", "مرحبا", "ok", "2026", "نَعَمْ"])
def test_word_is_spoken(text: str) -> None:
    assert len(set(spoken(text)) - {syllable_bank(PCM_16000_16).silence}) >= 4


def test_syllables_of_two_letters_have_two_lengths() -> None:
    silence = syllable_bank(PCM_16000_16).silence
    blocks = spoken("كتبسمعنظرشربجلسفهم")
    runs = {len(list(run)) for silent, run in groupby(block == silence for block in blocks) if not silent}
    assert runs == {6, 8}


def test_pause_is_on_the_side_where_the_text_has_it() -> None:
    silence = syllable_bank(PCM_16000_16).silence
    before, behind = spoken(" ب"), spoken("ب ")
    assert before[0] == silence != behind[0]
    assert before[-1] != silence == behind[-1]


@pytest.mark.parametrize("length", [4, 5])
@pytest.mark.parametrize(
    ("between", "least", "most"),
    [
        pytest.param("", 20, 20, id="letters"),
        pytest.param(" ", 40, 60, id="space"),
        *[pytest.param(comma, 120, 140, id=comma) for comma in ",;:،؛"],
        *[pytest.param(stop, 180, 200, id=stop) for stop in ".!?…؟۔\n"],
        pytest.param("، ", 180, 240, id="comma and space"),
        pytest.param(". ", 260, 280, id="stop and space"),
    ],
)
def test_longest_pause_follows_what_stands_between_the_words(length: int, between: str, least: int, most: int) -> None:
    """In milliseconds, whether the pause begins a cell or ends it."""
    word = "ب" * length
    assert least <= 20 * longest_pause(word + between + word) <= most


def test_sentence_ends_with_a_pause() -> None:
    """Of 160 ms or more."""
    assert spoken(SENTENCE)[-8:] == [syllable_bank(PCM_16000_16).silence] * 8


def test_every_speaker_always_has_the_same_voice() -> None:
    assert spoken(SENTENCE, "Majd") == spoken(SENTENCE, "Majd")


def test_speakers_have_all_the_voices_there_are() -> None:
    speakers = [f"speaker-{number}" for number in range(40)]
    voices = {b"".join(spoken(SENTENCE, speaker)) for speaker in speakers}
    assert len(voices) == len(syllable_bank(PCM_16000_16).voices)


def test_other_letters_sound_different() -> None:
    assert len({b"".join(spoken(text)) for text in ("كتاب", "مدرسة"[:4], "شمسي", "قمري")}) > 2


def test_same_letters_sound_the_same_wherever_they_stand() -> None:
    silence = syllable_bank(PCM_16000_16).silence
    syllables = [block for block in spoken("شكشكشكشك") if block != silence]
    quarter = len(syllables) // 4
    assert syllables == syllables[:quarter] * 4


@pytest.mark.parametrize("text", ["ب", "بب"])
def test_sound_without_room_for_a_syllable_is_silent(text: str) -> None:
    bank = syllable_bank(PCM_16000_16)
    assert Rhythm(text, 3, bank, "Majd").base(0, 3) == [bank.silence] * 3


@given(st.text(st.sampled_from("ابت .،؟\n"), max_size=200), st.sampled_from(FORMATS), st.data())
@settings(deadline=None)
def test_any_part_is_laid_out_as_in_the_whole(text: str, format: AudioFormat, data: st.DataObject) -> None:
    blocks = blocks_for(text, format)
    rhythm = Rhythm(text, blocks, syllable_bank(format), "Majd")
    first = data.draw(st.integers(0, blocks - 1))
    count = data.draw(st.integers(1, blocks - first))
    assert rhythm.base(first, count) == rhythm.base(0, blocks)[first : first + count]
