"""What a recording is answered with."""

import json
from collections.abc import Mapping

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_mock.audio.decoding import Recording
from hamsa_mock.audio.voice import Voice
from hamsa_mock.core.actions import Action, Close, Request, Send
from hamsa_mock.core.messages import text_message
from hamsa_mock.providers.hamsa.hearing import Scripts
from hamsa_mock.providers.hamsa.requests import Stt
from hamsa_mock.providers.hamsa.transcription import Transcriber
from hamsa_schemas import BehaviourValue, default_catalogue, load_behaviours, load_facts

SENTENCE = "مرحبا بكم في همسة"
ANSWER = Voice(0).speak(SENTENCE, "Majd", "", "ar", PCM_16000_16)
SPOKEN = b"".join(ANSWER.chunk(place) for place in range(len(ANSWER.chunk_sizes)))
SILENCE = bytes(32_000)


def transcriber(changes: Mapping[str, BehaviourValue] | None = None) -> Transcriber:
    return Transcriber(
        load_behaviours("documented", changes or {}),
        load_facts("hamsa"),
        lambda type, text: text_message(json.dumps({"type": type, "payload": {"message": text}})),
    )


def stt(samples: bytes, finished_from: float | None = None) -> Stt:
    return Stt(Recording(samples, 16_000, "WAV", "16-bit PCM", 1), "ar", finished_from)


def text_of(action: Action) -> str:
    assert isinstance(action, Send)
    assert action.event == "transcript"
    return action.message.payload.decode()


@pytest.mark.statement("API-15")
def test_speech_of_the_mock_is_answered_with_its_text_and_charged() -> None:
    request = Request(1, "stt", 0)
    answer = transcriber().transcribe(request, stt(SPOKEN), "key")
    assert text_of(answer.action) == SENTENCE
    assert (answer.seconds, answer.delay) == (ANSWER.seconds, 0.3)
    assert request.details["heard"] == "own"
    assert request.notes[0].words == "the mock's own audio, whole"


@pytest.mark.statement("API-15")
def test_scripted_transcripts_come_first_whatever_they_look_like() -> None:
    """`123`, `null` and a text in quotes are JSON too: a client must not take them for messages."""
    subject = transcriber()
    traps = ["123", "null", '"quoted"', '{"type": "end"}']
    subject.transcripts.become(Scripts(by_key={"key": tuple(traps)}))
    heard = [text_of(subject.transcribe(Request(1, "stt", 0), stt(SPOKEN), "key").action) for _ in traps]
    assert heard == traps
    assert text_of(subject.transcribe(Request(1, "stt", 0), stt(SPOKEN), "key").action) == SENTENCE


@pytest.mark.statement("API-13", "API-14")
@pytest.mark.parametrize(
    ("finished_from", "samples", "text"),
    [
        (0.3, SPOKEN[:20_000], "[THINKING]"),
        (0.3, SPOKEN, SENTENCE),
        (0.0, SPOKEN[:20_000], None),
        (None, SPOKEN[:20_000], None),
    ],
    ids=["cut", "whole", "threshold zero", "not judged"],
)
def test_unfinished_speech_gets_the_marker_where_the_client_asks_for_it(
    finished_from: float | None, samples: bytes, text: str | None
) -> None:
    request = Request(1, "stt", 0)
    answer = transcriber().transcribe(request, stt(samples, finished_from), "key")
    if text is None:
        assert SENTENCE.startswith(text_of(answer.action))
    else:
        assert text_of(answer.action) == text
    marked = text == "[THINKING]"
    assert (answer.seconds == 0) == marked
    assert any(note.behaviour == "hamsa.stt.unfinished" for note in request.notes) == marked


def test_scripted_transcript_is_used_up_by_the_recording_that_is_answered_with_it() -> None:
    subject = transcriber()
    subject.transcripts.become(Scripts(common=("نعم", "لا"), by_key={"key": ("ربما",)}))
    heard = [
        text_of(subject.transcribe(Request(1, "stt", 0), stt(samples, 0.3), "key").action)
        for samples in (SPOKEN[:20_000], SPOKEN, SPOKEN[:20_000], SPOKEN)
    ]
    assert heard == ["[THINKING]", "ربما", "[THINKING]", "نعم"]
    assert subject.transcripts.scripts == Scripts(common=("لا",))


def test_unfinished_speech_gets_its_transcript_when_the_behaviour_says_so() -> None:
    subject = transcriber({"hamsa.stt.unfinished": "transcript"})
    assert SENTENCE.startswith(text_of(subject.transcribe(Request(1, "stt", 0), stt(SPOKEN[:20_000], 1), "k").action))


def test_silence_gets_what_the_behaviour_says_and_costs_nothing() -> None:
    def action(choice: str) -> Action:
        answer = transcriber({"hamsa.stt.empty": choice}).transcribe(Request(1, "stt", 0), stt(SILENCE), "key")
        assert answer.seconds == 0
        return answer.action

    assert text_of(action("empty_text")) == ""
    error, close = action("error"), action("close")
    assert isinstance(error, Send)
    assert json.loads(error.message.payload)["payload"]["message"].startswith("Error generating transcription")
    assert isinstance(close, Close)
    assert close.code == load_facts("hamsa").code("close.nothing_heard") == 1000


@pytest.mark.parametrize("form", ["response", "transcription", "transcript", "stt_response"])
def test_transcript_in_another_form_is_valid_against_the_schema_of_that_form(form: str) -> None:
    answer = transcriber({"hamsa.stt.answer": form}).transcribe(Request(1, "stt", 0), stt(SPOKEN), "key")
    message = json.loads(text_of(answer.action))
    assert default_catalogue().message("hamsa", "server", form).is_valid(message)
    assert message["payload"]["text"] == SENTENCE
