"""Audio of the user's in place of the voice."""

import re
import struct

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, wav_bytes
from hamsa_mock.audio.conversion import to_format
from hamsa_mock.audio.decoding import decode_wav
from hamsa_mock.audio.scripted import MAX_SECONDS, ScriptedAnswer, ScriptedAudio
from hamsa_mock.audio.voice import Voice
from tests.mock_server.audio.wav_files import PCM, pcm16, wav_file

FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]
ONE, TWO, THREE = (wav_bytes(PCM_16000_16, pcm16(*[value] * 4000)) for value in (100, 200, 300))


def scripted(*rules: tuple[str | re.Pattern[str], bytes]) -> ScriptedAudio:
    audio = ScriptedAudio()
    for what, wav in rules:
        audio.script(what, wav)
    return audio


def audio_of(answer: ScriptedAnswer | None) -> bytes:
    assert answer is not None
    return b"".join(answer.chunk(place) for place in range(len(answer.chunk_sizes)))


def test_text_without_a_rule_is_left_to_the_voice() -> None:
    audio = scripted(("نعم", ONE))
    assert audio.find("لا") is None
    assert audio.answer("لا", PCM_16000_16) is None


def test_text_is_exact() -> None:
    audio = scripted(("a.c", ONE))
    assert audio.find("a.c") == decode_wav(ONE)
    assert audio.find("abc") is None
    assert audio.find("a.c ") is None


def test_pattern_is_searched_for() -> None:
    audio = scripted((re.compile(r"\d+ ريال"), ONE))
    assert audio.find("السعر 25 ريال فقط") == decode_wav(ONE)
    assert audio.find("السعر ريال") is None


def test_first_rule_that_fits_applies() -> None:
    audio = scripted((re.compile("نعم"), ONE), ("نعم", TWO), (re.compile("."), THREE))
    assert audio.find("نعم") == decode_wav(ONE)
    assert audio.find("لا") == decode_wav(THREE)


def test_rule_for_the_same_text_or_pattern_is_replaced_where_it_stands() -> None:
    audio = scripted((re.compile("نعم"), ONE), ("لا", ONE), (re.compile("نعم|لا"), TWO), (re.compile("نعم"), THREE))
    assert len(audio) == 3
    assert audio.find("نعم") == decode_wav(THREE)


def test_rules_are_forgotten() -> None:
    audio = scripted(("نعم", ONE))
    audio.clear()
    assert (len(audio), audio.find("نعم")) == (0, None)


@pytest.mark.parametrize("format", FORMATS)
def test_answer_is_the_recording_in_the_format_of_the_request(format: AudioFormat) -> None:
    wav = wav_bytes(AudioFormat("any", "s16le", 44100, 2), pcm16(*range(-15000, 15000)))
    answer = scripted(("نعم", wav)).answer("نعم", format)
    expected = to_format(decode_wav(wav), format)
    assert answer is not None
    assert audio_of(answer) == expected
    assert (answer.nbytes, answer.format) == (len(expected), format)
    assert answer.seconds == pytest.approx(30000 / 44100, abs=0.001)
    assert tuple(len(answer.chunk(place)) for place in range(len(answer.chunk_sizes))) == answer.chunk_sizes


@pytest.mark.parametrize("text", ["نعم", "مرحبا بك في خدمة همسة", "مرحبا بك في خدمة همسة. " * 30])
def test_answer_is_cut_by_the_rule_of_the_voice(text: str) -> None:
    spoken = Voice(1).speak(text, "Majd", "msa", "ar")
    pcm = b"".join(spoken.chunk(place) for place in range(len(spoken.chunk_sizes)))
    answers = [ScriptedAnswer(pcm, PCM_16000_16) for _ in range(2)]
    assert answers[0].chunk_sizes == answers[1].chunk_sizes
    assert all(size % 640 == 0 and size <= 64_000 for size in answers[0].chunk_sizes)
    assert answers[0].seconds == spoken.seconds
    if spoken.nbytes > 448_000 or spoken.nbytes <= 50_000:  # in between chance decides
        assert answers[0].chunk_sizes == spoken.chunk_sizes


def test_answer_may_end_with_a_part_of_a_block() -> None:
    answer = ScriptedAnswer(pcm16(*range(6000)), PCM_16000_16)
    assert answer.chunk_sizes == (5760, 6240)
    assert audio_of(answer) == pcm16(*range(6000))


@pytest.mark.parametrize("place", [-1, 2])
def test_answer_has_no_other_chunks(place: int) -> None:
    with pytest.raises(IndexError, match="in 2 chunks"):
        ScriptedAnswer(bytes(12000), PCM_16000_16).chunk(place)


def test_key_of_an_answer_stands_for_its_audio_and_format() -> None:
    answers = [
        ScriptedAnswer(bytes(640), PCM_16000_16),
        ScriptedAnswer(bytes(642), PCM_16000_16),
        ScriptedAnswer(bytes(640), PCM_8000_16),
        ScriptedAnswer(bytes(640), ULAW_8000_8),
    ]
    assert {len(answer.key) for answer in answers} == {8}
    assert len({answer.key for answer in answers}) == 4
    assert ScriptedAnswer(bytes(640), PCM_16000_16).key == answers[0].key


def test_answers_are_made_once() -> None:
    audio = scripted(("نعم", ONE))
    assert audio.answer("نعم", PCM_8000_16) is audio.answer("نعم", PCM_8000_16)


def test_format_that_was_not_asked_for_is_missing() -> None:
    audio = ScriptedAudio([PCM_8000_16])
    audio.script("نعم", ONE)
    with pytest.raises(KeyError):
        audio.answer("نعم", PCM_16000_16)


@pytest.mark.parametrize(
    ("wav", "reason"),
    [
        (b"ID3\x04 and so on", "the audio for 'نعم': not a WAV file: MP3"),
        (wav_file(PCM, 12, b""), "the audio for 'نعم': WAV file with format tag 1"),
        (wav_bytes(PCM_16000_16, b""), "the audio for 'نعم': a WAV file without samples"),
        (wav_file(PCM, 16, bytes(2 * 601), rate=1), f"the audio for 'نعم': 601 s are more than {MAX_SECONDS:.0f} s"),
        (b"RIFF" + struct.pack("<I", 4) + b"WAVE", "the audio for 'نعم': WAV file without data"),
    ],
)
def test_audio_that_cannot_be_played_is_refused_when_it_is_given(wav: bytes, reason: str) -> None:
    audio = scripted(("نعم", ONE))
    with pytest.raises(ValueError, match=reason):
        audio.script("نعم", wav)
    assert audio.find("نعم") == decode_wav(ONE)


def test_refusal_names_a_pattern() -> None:
    with pytest.raises(ValueError, match=re.escape("the audio for re.compile('^a'): not a WAV file: empty")):
        ScriptedAudio().script(re.compile("^a"), b"")
