"""Transcripts over REST."""

from base64 import b64encode
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_mock.providers.hamsa.hearing import Scripts
from hamsa_schemas import default_catalogue
from tests.mock_server.providers.hamsa.rest_client import Answered, VirtualRest
from tests.mock_server.providers.hamsa.virtual import SENTENCE, audio_of

STT = "/v1/realtime/stt"


def recording(rest: VirtualRest) -> str:
    """The sentence, spoken over the WebSocket, as a WAV file in Base64."""
    return encoded(audio_of(rest.hamsa.connect("hamsa-test-unlimited").ask()))


def encoded(audio: bytes) -> str:
    return b64encode(wav_bytes(PCM_16000_16, audio)).decode()


@pytest.mark.parametrize(("shape", "form"), [("wrapped", "stt"), ("flat", "stt_flat"), ("both", "stt_both")])
def test_recording_gets_its_transcript_in_the_shape_that_is_chosen(shape: str, form: str) -> None:
    rest = VirtualRest(changes={"hamsa.rest.stt_shape": shape})
    answered = rest.post(STT, {"audioBase64": recording(rest)})
    assert answered.status == 200
    assert default_catalogue().message("hamsa", "rest/response", form).is_valid(answered.json)
    assert (answered.json if shape == "flat" else answered.json["data"])["text"] == SENTENCE


def test_transcript_comes_after_its_delay_and_costs_something_where_something_was_heard() -> None:
    rest = VirtualRest("documented")
    asked = rest.post(STT, {"audioBase64": encoded(bytes(64_000))}).answer
    assert asked.delay == 0.3
    assert asked.request is not None
    assert asked.request.details["charged"] == 0
    heard = VirtualRest()
    charged = heard.post(STT, {"audioBase64": recording(heard), "language": "ar"}).answer.request
    assert charged is not None
    assert charged.details["charged"] == 3
    assert charged.details["heard"] == "own"


def test_fields_that_change_nothing_over_rest_are_told() -> None:
    rest = VirtualRest()
    asked = rest.post(STT, {"audioBase64": recording(rest), "isEosEnabled": True, "foo": 1}).answer.request
    assert asked is not None
    assert [note.words for note in asked.notes[:2]] == [
        'ignored: "foo"',
        'ignored: "isEosEnabled", the end of speech is not judged over REST',
    ]


def test_console_is_told_what_was_heard_and_under_which_hash_to_script_it() -> None:
    """By the hash of any recording: its transcript can be scripted, whatever was heard in it."""
    rest = VirtualRest()
    for body, seconds in (({"audioBase64": encoded(bytes(64_000))}, 2), ({"audioBase64": recording(rest)}, 3)):
        asked = rest.post(STT, body).answer.request
        assert asked is not None
        rest.hamsa.service.transcriber.transcripts.become(Scripts({str(asked.details["hash"]): "نعم"}))
        again = rest.post(STT, body)
        assert again.json["data"]["text"] == "نعم"
        assert again.answer.request is not None
        assert again.answer.request.details == {**asked.details, "heard": "scripted", "charged": seconds}
        assert again.answer.request.notes[0].words == f"scripted for this audio, {asked.details['hash']}"
        rest.hamsa.service.transcriber.transcripts.become(Scripts())


def test_end_of_speech_is_not_judged() -> None:
    rest = VirtualRest()
    rest.hamsa.service.transcriber.transcripts.become(Scripts(common=("نعم",)))
    cut = encoded(audio_of(rest.hamsa.connect("hamsa-test-unlimited").ask())[:20_000])
    body = {"audioBase64": cut, "isEosEnabled": True, "eosThreshold": 1}
    assert rest.post(STT, body).json["data"]["text"] == "نعم"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, (400, "body is invalid")),
        ({"audioBase64": "!"}, (400, "audioBase64 is invalid")),
        (
            {"audioBase64": b64encode(b"ID3" + bytes(40)).decode()},
            (400, "Error generating transcription: Audio format not supported"),
        ),
    ],
)
def test_recording_that_cannot_be_read_gets_400(body: dict[str, Any], error: tuple[int, str]) -> None:
    answered: Answered = VirtualRest().post(STT, body)
    assert answered.error == error


def test_samples_get_400_when_they_are_not_accepted() -> None:
    rest = VirtualRest(changes={"hamsa.stt.audio_list": "refused"})
    assert rest.post(STT, {"audioList": [0.5]}).error == (400, "audioList is invalid")


def test_key_without_funds_gets_402() -> None:
    rest = VirtualRest()
    rest.hamsa.service.transcriber.transcripts.become(Scripts(common=("نعم",)))
    answered = rest.post(STT, {"audioList": [0.5]}, "hamsa-test-no-funds")
    assert answered.error == (402, "Insufficient funds in wallet")
    assert rest.hamsa.service.transcriber.transcripts.scripts.common == ("نعم",)
