"""Transcripts over REST."""

from base64 import b64encode
from typing import Any

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
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


def test_transcript_comes_after_its_delay_and_is_charged_where_something_was_heard() -> None:
    rest = VirtualRest("documented")
    asked = rest.post(STT, {"audioBase64": encoded(bytes(64_000))}).answer
    assert asked.delay == 0.3
    assert asked.request is not None
    assert "charged" not in asked.request.details
    heard = VirtualRest()
    charged = heard.post(STT, {"audioBase64": recording(heard), "language": "ar"}).answer.request
    assert charged is not None
    assert charged.details["charged"] == 3
    assert charged.details["heard"] == "own"


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
    answered = VirtualRest().post(STT, {"audioList": [0.5]}, "hamsa-test-no-funds")
    assert answered.error == (402, "Insufficient funds in wallet")
