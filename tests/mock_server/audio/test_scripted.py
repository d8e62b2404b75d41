"""Audio of the user's in place of the voice."""

import re
import struct

import pytest

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat, wav_bytes
from hamsa_mock.audio.conversion import to_format
from hamsa_mock.audio.decoding import Recording, decode_wav
from hamsa_mock.audio.scripted import MAX_SECONDS, ScriptedAnswer, ScriptedAudio, make_rule
from hamsa_mock.audio.voice import Voice
from tests.mock_server.audio.wav_files import PCM, pcm16, wav_file

FORMATS = [PCM_16000_16, PCM_8000_16, ULAW_8000_8]
ONE, TWO, THREE = (wav_bytes(PCM_16000_16, pcm16(*[value] * 4000)) for value in (100, 200, 300))


def scripted(*rules: tuple[str | re.Pattern[str], bytes]) -> ScriptedAudio:
    audio = ScriptedAudio()
    audio.put(make_rule(what, wav) for what, wav in rules)
    return audio


def found(audio: ScriptedAudio, text: str) -> Recording | None:
    """The recording that is played for a text, as it was given."""
    answer = audio.answer(text, PCM_16000_16)
    return next((rule.recording for rule in audio.rules if answer is rule.answers[PCM_16000_16, False]), None)


def audio_of(answer: ScriptedAnswer | None) -> bytes:
    assert answer is not None
    return b"".join(answer.chunk(place) for place in range(len(answer.chunk_sizes)))


def test_text_without_a_rule_is_left_to_the_voice() -> None:
    audio = scripted(("نعم", ONE))
    assert found(audio, "لا") is None
    assert audio.answer("لا", PCM_16000_16) is None


def test_text_is_exact() -> None:
    audio = scripted(("a.c", ONE))
    assert found(audio, "a.c") == decode_wav(ONE)
    assert found(audio, "abc") is None
    assert found(audio, "a.c ") is None


def test_pattern_is_searched_for() -> None:
    audio = scripted((re.compile(r"\d+ ريال"), ONE))
    assert found(audio, "السعر 25 ريال فقط") == decode_wav(ONE)
    assert found(audio, "السعر ريال") is None


def test_first_rule_that_fits_applies() -> None:
    audio = scripted((re.compile("نعم"), ONE), ("نعم", TWO), (re.compile("."), THREE))
    assert found(audio, "نعم") == decode_wav(ONE)
    assert found(audio, "لا") == decode_wav(THREE)


def test_rule_for_the_same_text_or_pattern_is_replaced_where_it_stands() -> None:
    audio = scripted((re.compile("نعم"), ONE), ("لا", ONE), (re.compile("نعم|لا"), TWO), (re.compile("نعم"), THREE))
    assert len(audio.rules) == 3
    assert found(audio, "نعم") == decode_wav(THREE)


def test_all_rules_for_a_text_are_removed_and_no_others() -> None:
    audio = scripted(("نعم", ONE), (re.compile("نعم"), TWO), ("لا", THREE))
    assert audio.remove("نعم")
    assert [rule.text for rule in audio.rules] == ["لا"]
    assert not audio.remove("نعم")
    assert found(audio, "لا") == decode_wav(THREE)


def test_reset_returns_to_the_rules_that_were_kept() -> None:
    audio = scripted(("نعم", ONE))
    audio.keep()
    audio.put([make_rule("نعم", TWO), make_rule("لا", TWO)])
    audio.reset()
    assert found(audio, "نعم") == decode_wav(ONE)
    assert found(audio, "لا") is None
    audio.remove("نعم")
    audio.reset()
    assert found(audio, "نعم") == decode_wav(ONE)


def test_reset_without_anything_kept_forgets_all_rules() -> None:
    audio = scripted(("نعم", ONE))
    audio.reset()
    assert audio.rules == ()


def test_rule_says_for_what_it_is_and_where_it_is_from() -> None:
    rules = make_rule("a.c", ONE, "one.wav"), make_rule(re.compile("a.c"), ONE)
    assert [(rule.text, rule.file, rule.fits("abc")) for rule in rules] == [
        ("a.c", "one.wav", False),
        ("a.c", None, True),
    ]


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


def test_chunks_of_an_answer_can_grow() -> None:
    pcm = pcm16(*range(-32000, 32000))
    audio = scripted(("نعم", wav_bytes(PCM_16000_16, pcm)))
    even, growing = (audio.answer("نعم", PCM_16000_16, growing=growing) for growing in (False, True))
    assert even is not None
    assert growing is not None
    assert audio_of(even) == audio_of(growing) == pcm
    assert max(even.chunk_sizes) - min(even.chunk_sizes) <= 640
    assert growing.chunk_sizes[1:4] == (32_000, 32_000, 32_000)


@pytest.mark.parametrize(
    ("wav", "reason"),
    [
        (b"ID3\x04 and so on", "not a WAV file: MP3"),
        (wav_file(PCM, 12, b""), "WAV file with format tag 1"),
        (wav_bytes(PCM_16000_16, b""), "a WAV file without samples"),
        (wav_file(PCM, 16, bytes(2 * 601), rate=1), f"601 s of audio are more than {MAX_SECONDS:.0f} s"),
        (b"RIFF" + struct.pack("<I", 4) + b"WAVE", "WAV file without data"),
    ],
)
def test_audio_that_cannot_be_played_is_refused_when_it_is_given(wav: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make_rule("نعم", wav)
