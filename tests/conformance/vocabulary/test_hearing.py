"""Recordings of the server's own speech, and what is said to them, at a real mock."""

import json

import pytest

from hamsa_conformance.cases.hamsa.stt import plain_text
from hamsa_conformance.client.requests import stt
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_conformance.vocabulary.hearing import (
    WORDS,
    Speech,
    expect_transcript,
    spoken_by,
    transcript_in,
    transcript_of,
)
from hamsa_kit.audio_formats import PCM_16000_16, read_wav
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of


def test_own_speech_of_the_mock_is_heard_with_its_words(server: Server) -> None:
    client = server.connect()
    speech = spoken_by(client)
    assert speech.is_marked
    assert transcript_of(client, speech) == WORDS
    client.send(stt(audioList=speech.floats))
    assert expect_transcript(client, speech) == WORDS


def test_recording_is_the_same_as_file_and_as_floats() -> None:
    speech = Speech("", b"\x00\x40\x00\xc0" * 100, False)
    assert read_wav(speech.wav) == (PCM_16000_16, speech.samples)
    assert speech.floats == [0.5, -0.5] * 100
    assert speech.seconds == pytest.approx(0.0125)
    assert speech.half().samples == b"\x00\x40\x00\xc0" * 50


def test_half_a_sample_is_left_out() -> None:
    speech = Speech("", b"\x00\x40" * 100 + b"\x01", False)
    assert speech.floats == [0.5] * 100
    assert read_wav(speech.wav) == (PCM_16000_16, b"\x00\x40" * 100)


def test_transcript_of_so_many_brackets_is_no_bare_text(server: Server) -> None:
    server.mock.put("hamsa", "transcripts", [{"sequence": ["[" * 4000 + "]" * 4000]}])
    with pytest.raises(Unmet, match="a bare text"):
        plain_text.run(server)


def test_speech_that_is_cut_short_cannot_be_given(server: Server) -> None:
    server.mock.behaviours["hamsa.tts.truncation"] = "first_answer"
    with pytest.raises(CannotTell, match="cut short: 640 bytes"):
        spoken_by(server.connect())


def test_other_words_than_the_marked_ones_are_unmet(server: Server) -> None:
    client = server.connect()
    speech = spoken_by(client)
    server.mock.put("hamsa", "transcripts", [{"sequence": ["نعم", "نعم"]}])
    with pytest.raises(Unmet, match=f"expected the transcript {WORDS}; got نعم"):
        transcript_of(client, speech)
    assert transcript_of(client, Speech(WORDS, speech.samples, False)) == "نعم"


def test_error_is_no_transcript(server: Server) -> None:
    client = server.connect()
    client.send(stt())
    with pytest.raises(Unmet, match=r"expected a transcript; got the text .*stt"):
        expect_transcript(client, Speech("", b"", False))


def test_limit_cannot_be_judged(server: Server) -> None:
    client = server.connect("rate-limited")
    client.send(stt(audioList=[0.0]))
    with pytest.raises(CannotTell, match="limit of requests"):
        client.next_transcript()


def test_silence_of_a_steered_server_is_unmet(server: Server) -> None:
    with pytest.raises(Unmet, match="expected a transcript; got nothing"):
        server.connect().next_transcript()


def test_audio_is_no_transcript(server: Server) -> None:
    client = server.connect()
    client.ask()
    client.expect("ack")
    with pytest.raises(Unmet, match="expected a transcript; got a binary message"):
        client.next_transcript()


def test_silence_of_another_server_cannot_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "hamsa-test-key")
    with MockServer() as mock, bench_of(mock, steered=False, timeout=0.1) as bench:
        server = bench.server()
        with pytest.raises(CannotTell, match=r"no transcript came in 0\.1 s"):
            server.connect().next_transcript()
        for connection in server.connections:
            connection.release()


@pytest.mark.parametrize("type", ["response", "transcription", "transcript", "stt_response"])
def test_transcript_is_found_in_each_form(type: str) -> None:
    assert transcript_in(json.dumps({"type": type, "payload": {"text": "123"}})) == "123"


@pytest.mark.parametrize(
    "text", ["123", "", '{"type": "end"}', '{"type": "response"}', '{"type": "response", "payload": 5}']
)
def test_any_other_text_is_the_transcript(text: str) -> None:
    assert transcript_in(text) == text
