"""What cases ask of speech."""

import math
import random
import struct
from collections.abc import Callable

import pytest

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_conformance.vocabulary.speech import (
    loudness,
    require_refusal,
    require_whole,
    samples_of,
    smoothness,
    unlikeness_of_places,
    with_bytes_swapped,
)
from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, ulaw_encode
from hamsa_kit.client_events import BinaryMessage, TextMessage

RATE = 8000


def tone(amplitude: int, hertz: float = 440) -> bytes:
    return pcm(lambda place: int(amplitude * math.sin(2 * math.pi * hertz * place / RATE)))


def noise(amplitude: int) -> bytes:
    chance = random.Random(1)
    return pcm(lambda place: chance.randint(-amplitude, amplitude))


def pcm(sample: Callable[[int], int]) -> bytes:
    return b"".join(struct.pack("<h", sample(place)) for place in range(RATE))


def answered(*types: str) -> Answer:
    messages: list[TextMessage | BinaryMessage] = [
        BinaryMessage(tone(8000)) if type == "chunk" else TextMessage(f'{{"type":"{type}"}}') for type in types
    ]
    return Answer("نعم", 0, messages=messages)


def test_whole_answer_has_ack_audio_and_end(server: Server) -> None:
    require_whole(answered("ack", "chunk", "chunk", "end"))
    require_whole(server.connect().speak())


@pytest.mark.parametrize(
    "types",
    [
        ("chunk", "end"),
        ("ack", "end"),
        ("ack", "chunk"),
        ("ack", "chunk", "ack", "chunk", "end"),
        ("ack", "chunk", "error"),
    ],
)
def test_answer_with_other_messages_is_not_whole(types: tuple[str, ...]) -> None:
    with pytest.raises(Unmet, match="expected ack, audio and end; got " + ", ".join(types)):
        require_whole(answered(*types))


def test_answer_that_says_another_text_is_not_whole(server: Server) -> None:
    answer = server.connect().speak()
    answer.text = "شيء آخر"
    with pytest.raises(Unmet, match="by its proof"):
        require_whole(answer)


@pytest.mark.parametrize("end", ["none", "end"])
def test_refusal_is_an_error_with_or_without_an_end(server: Server, end: str) -> None:
    server.mock.behaviours["hamsa.error.end"] = end
    client = server.connect()
    assert require_refusal(server, client, client.ask(speaker=None)) == "Invalid payload for message type: tts"


def test_speech_is_no_refusal(server: Server) -> None:
    client = server.connect()
    with pytest.raises(Unmet, match="expected an error; got ack, chunk"):
        require_refusal(server, client, client.ask())


def test_error_behind_audio_is_no_refusal(server: Server) -> None:
    server.mock.faults.arm('wrong_type("error") instead of end')
    client = server.connect()
    with pytest.raises(Unmet, match="expected an error and no audio"):
        require_refusal(server, client, client.ask())


def test_second_error_is_unmet(server: Server) -> None:
    server.mock.faults.arm("duplicate instead of error")
    client = server.connect()
    with pytest.raises(Unmet, match="nothing behind the error"):
        require_refusal(server, client, client.ask(speaker=None))


def test_refusal_at_the_limit_tells_nothing(server: Server) -> None:
    client = server.connect("rate-limited")
    with pytest.raises(CannotTell, match="limit of requests"):
        require_refusal(server, client, client.ask())


def test_samples_are_those_of_the_format() -> None:
    assert list(samples_of(b"\1\0\xff\xff\7", PCM_8000_16)) == [1, -1]
    assert list(samples_of(b"\xff\x00", ULAW_8000_8)) == [0, -32124]


def test_loudness_is_the_effective_value() -> None:
    assert loudness(samples_of(bytes(100), PCM_16000_16)) == 0
    assert loudness([]) == 0
    assert loudness(samples_of(tone(10_000), PCM_16000_16)) == pytest.approx(10_000 / math.sqrt(2), rel=0.01)


def test_speech_is_smoother_than_noise_and_than_its_swapped_bytes() -> None:
    samples = samples_of(tone(10_000), PCM_16000_16)
    assert smoothness(samples) > 0.9
    assert abs(smoothness(samples_of(noise(10_000), PCM_16000_16))) < 0.1
    assert abs(smoothness(with_bytes_swapped(samples))) < 0.5
    assert smoothness([]) == 0


@pytest.mark.parametrize("audio", [tone(10_000), noise(3000)], ids=["tone", "noise"])
def test_places_differ_in_pcm_and_not_in_mulaw(audio: bytes) -> None:
    assert unlikeness_of_places(audio) > 0.5
    assert unlikeness_of_places(ulaw_encode(audio)) < 0.1
    assert unlikeness_of_places(b"") == 0
