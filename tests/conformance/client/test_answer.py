"""An answer as it was received."""

import json

from hamsa_conformance.client.answer import Answer, error_text
from hamsa_conformance.client.requests import SENTENCE
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.client_events import BinaryMessage, TextMessage


def text(type: str, message: object = "words", at: float = 0.0) -> TextMessage:
    return TextMessage(json.dumps({"type": type, "payload": {"message": message}}), at=at)


def answered(*messages: TextMessage | BinaryMessage, said: str = SENTENCE) -> Answer:
    return Answer(said, 10.0, messages=list(messages))


def test_answer_tells_types_sizes_and_times_of_its_messages() -> None:
    answer = answered(
        text("ack", at=10), BinaryMessage(b"abcd", at=10.5), TextMessage("bare", at=11), text("end", at=12)
    )
    assert answer.types == ["ack", "chunk", "text", "end"]
    assert (answer.times, answer.chunk_times) == ([0, 0.5, 1, 2], [0.5])
    assert (answer.chunks, answer.audio, answer.error) == ([4], b"abcd", None)
    assert answer.seconds == 2 / 16000


def test_error_is_found_wherever_a_server_puts_its_words() -> None:
    assert answered(text("error", "No")).error == "No"
    assert answered(TextMessage('{"type": "error", "payload": "No"}')).error == '{"type": "error", "payload": "No"}'
    assert error_text({"type": "error"}) == '{"type": "error"}'


def test_answer_is_cut_short_where_a_sentence_has_hardly_any_audio() -> None:
    assert answered(BinaryMessage(bytes(640)), text("end")).is_truncated
    assert not answered(BinaryMessage(bytes(12_000)), text("end")).is_truncated
    assert answered(BinaryMessage(bytes(640)), text("end"), said="نعم").is_truncated
    assert not answered(BinaryMessage(bytes(642)), text("end"), said="نعم").is_truncated, "a word is short"
    assert not answered(text("error")).is_truncated, "an error has no audio"


def test_header_is_not_part_of_the_samples() -> None:
    wav = wav_bytes(PCM_16000_16, b"\1\2\3\4")
    assert answered(BinaryMessage(wav)).samples == b"\1\2\3\4"
    assert answered(BinaryMessage(wav[:20])).samples == b"", "a header alone"


def test_audio_without_proof_is_neither_whole_nor_not() -> None:
    assert answered(BinaryMessage(bytes(40_000)), text("end")).is_whole is None
