"""What every answer tells besides what is judged."""

import pytest

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.measuring import is_silent, numbers_of
from hamsa_conformance.client.requests import SENTENCE
from hamsa_kit.client_events import BinaryMessage, TextMessage

SOUND = b"\x10\x20" * 10_000


def answered(*chunks: bytes, text: str = SENTENCE, last: str = '{"type": "end"}') -> Answer:
    """An answer whose acknowledgment comes after 1 s, its first chunk after 1.5 s, and one more every 0.25 s."""
    messages = [TextMessage('{"type": "ack"}', at=11.0)]
    audio = [BinaryMessage(chunk, at=11.5 + 0.25 * place) for place, chunk in enumerate(chunks)]
    return Answer(text, 10.0, messages=[*messages, *audio, TextMessage(last, at=20.0)])


def test_times_are_measured_from_the_acknowledgment() -> None:
    numbers = numbers_of(answered(SOUND, SOUND, SOUND), is_first=True)
    assert numbers == {
        "hamsa.tts.first_audio_delay": [0.5],
        "hamsa.tts.chunk_gap": [0.25, 0.25],
        "hamsa.tts.first_answer_is_cut": [0.0],
    }


def test_times_that_mean_nothing_are_left_out() -> None:
    assert numbers_of(answered(SOUND, SOUND), is_first=False, is_timed=False) == {
        "hamsa.tts.later_answer_is_cut": [0.0]
    }


def test_error_tells_nothing() -> None:
    assert numbers_of(answered(last='{"type": "error", "payload": {"message": "no"}}'), is_first=True) == {}


def test_short_text_does_not_tell_whether_its_answer_is_cut() -> None:
    assert set(numbers_of(answered(b"ab", text="a"), is_first=True)) == {"hamsa.tts.first_audio_delay"}


def test_answer_without_acknowledgment_has_no_delay() -> None:
    answer = answered(SOUND)
    answer.messages.pop(0)
    assert "hamsa.tts.first_audio_delay" not in numbers_of(answer, is_first=True)


@pytest.mark.parametrize(("audio", "is_silence"), [(bytes(640), 1.0), (SOUND[:640], 0.0)])
def test_cut_answer_tells_its_size_and_whether_it_sounds(audio: bytes, is_silence: float) -> None:
    numbers = numbers_of(answered(audio), is_first=True)
    assert numbers["hamsa.tts.first_answer_is_cut"] == [1.0]
    assert numbers["hamsa.tts.truncated_bytes"] == [640.0]
    assert numbers["hamsa.tts.cut_answer_is_silent"] == [is_silence]


def test_cut_answer_of_nothing_is_neither_silent_nor_not() -> None:
    numbers = numbers_of(answered(b""), is_first=True)
    assert numbers["hamsa.tts.truncated_bytes"] == [0.0]
    assert "hamsa.tts.cut_answer_is_silent" not in numbers


def test_silence_of_both_encodings_is_known() -> None:
    assert is_silent(bytes(8))
    assert is_silent(b"\xff" * 8)
    assert not is_silent(b"\0\xff")
