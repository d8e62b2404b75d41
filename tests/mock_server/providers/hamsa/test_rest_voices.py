"""Preloading cloned voices, lists of voices."""

from typing import Any

import pytest

from hamsa_mock.providers.hamsa.accounts import FOREIGN_VOICE, OWN_VOICE
from hamsa_schemas import load_voices
from tests.mock_server.providers.hamsa.rest_client import CATALOG, PRELOAD, PROJECT, TTS, VOICES, VirtualRest
from tests.mock_server.providers.hamsa.virtual import audio_of

VOICE_LOADING = {"hamsa.tts.voice_loading": 3}
BUILT_IN = load_voices("hamsa")
NO_FUNDS = "hamsa-test-no-funds"
"""A key of another project of the same user."""


def listed(rest: VirtualRest, **query: str) -> list[dict[str, Any]]:
    answered = rest.get(VOICES, **query)
    assert answered.status == 200
    voices: list[dict[str, Any]] = answered.json["data"]["voices"]
    return voices


@pytest.mark.statement("PRE-1", "PRE-2", "PRE-3")
def test_preload_is_answered_as_documented() -> None:
    answered = VirtualRest().post(PRELOAD, {"voiceId": OWN_VOICE})
    assert answered.status == 200
    assert answered.json == {"success": True, "message": "Custom voice have been preloaded successfully", "data": []}


@pytest.mark.statement("PRE-2", "PRE-4")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "voiceId is required"),
        ({"voice_id": OWN_VOICE}, "voiceId is required"),
        ({"voiceId": ""}, "Invalid voice ID format"),
        ({"voiceId": "Majd"}, "Invalid voice ID format"),
        ({"voiceId": OWN_VOICE.replace("-", "")}, "Invalid voice ID format"),
        ({"voiceId": f"{OWN_VOICE}\n"}, "Invalid voice ID format"),
        ({"voiceId": 7}, "Invalid voice ID format"),
        ({"voiceId": None}, "Invalid voice ID format"),
    ],
)
def test_preload_of_a_malformed_or_missing_id_is_refused(body: dict[str, Any], message: str) -> None:
    assert VirtualRest().post(PRELOAD, body).error == (400, message)


def test_reason_of_a_malformed_id_says_which_form_it_has_to_have() -> None:
    reason = VirtualRest().post(PRELOAD, {"voiceId": "Majd"}).reason
    assert reason.startswith("voiceId has not the form ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")


@pytest.mark.statement("PRE-6")
@pytest.mark.parametrize(
    ("voice", "reason"),
    [
        ("00000000-0000-4000-8000-000000000999", "the voice does not exist"),
        (FOREIGN_VOICE, "the voice belongs to somebody-else"),
        (BUILT_IN.by_name["Majd"].id, "the voice does not exist"),
    ],
)
def test_preload_of_a_voice_that_is_not_the_users_own_is_refused(voice: str, reason: str) -> None:
    answered = VirtualRest().preload(voice)
    assert answered.error == (404, "Voice not found")
    assert answered.reason == reason


@pytest.mark.statement("PRE-8", "PRE-9")
def test_preload_makes_the_wait_vanish_on_the_websocket_too() -> None:
    waiting, ready = VirtualRest(changes=VOICE_LOADING), VirtualRest(changes=VOICE_LOADING)
    assert ready.preload().status == 200
    assert audio_of(ready.hamsa.connect().ask(speaker=OWN_VOICE))
    assert not audio_of(waiting.hamsa.connect().ask(speaker=OWN_VOICE))


@pytest.mark.statement("PRE-10", "PRE-12")
def test_preload_is_harmless_when_it_is_repeated_and_lasts_as_long_as_the_behaviour_says() -> None:
    rest = VirtualRest(changes={**VOICE_LOADING, "hamsa.tts.preload_lasts": 100})
    assert rest.preload(OWN_VOICE.upper()).status == 200
    rest.hamsa.advance(99)
    assert rest.preload().json["success"] is True
    rest.hamsa.advance(99)
    assert rest.speak(TTS, speaker=OWN_VOICE).answer.delay == 0
    rest.hamsa.advance(1)
    assert rest.speak(TTS, speaker=OWN_VOICE).answer.delay == 3


def test_list_has_the_users_own_voices_and_the_built_in_ones() -> None:
    voices = listed(VirtualRest(), perPage="1000")
    assert voices[0] == {"id": OWN_VOICE, "name": "the tester's voice"}
    assert FOREIGN_VOICE not in {voice["id"] for voice in voices}
    assert {voice["name"] for voice in voices[1:]} == set(BUILT_IN.by_name)
    majd = next(voice for voice in voices if voice["name"] == "Majd")
    assert majd == {"id": BUILT_IN.by_name["Majd"].id, "name": "Majd", "dialect": {"languageCode": "leb"}}
    assert "dialect" not in next(voice for voice in voices if voice["name"] == "Alia")


@pytest.mark.parametrize("name", ["Carla", "carl", "ARLA"])
def test_list_is_searched_by_a_part_of_the_name(name: str) -> None:
    assert [voice["name"] for voice in listed(VirtualRest(), q=name)] == ["Carla"]
    assert listed(VirtualRest(), q="nobody") == []


def test_list_comes_in_pages() -> None:
    rest = VirtualRest()
    everything = listed(rest, perPage="1000")
    assert listed(rest) == everything[:20]
    assert listed(rest, page="2", perPage="3") == everything[3:6]
    assert listed(rest, page="99999999999999999999") == []


@pytest.mark.parametrize("name", ["page", "perPage"])
@pytest.mark.parametrize("value", ["", "0", "-1", "1.5", "two", "٢", "9" * 101])
def test_page_that_is_no_number_from_1_on_is_refused(name: str, value: str) -> None:
    assert VirtualRest().get(VOICES, **{name: value}).error == (400, f"{name} is invalid")


def test_list_of_a_project_of_somebody_else_has_built_in_voices_only() -> None:
    rest = VirtualRest()
    own, foreign = rest.get(PROJECT).json["data"]["id"], rest.get(PROJECT, NO_FUNDS).json["data"]["id"]
    inactive_users = "00000000-0000-4000-8000-000000000005"
    for project, count in ((own, 1), (foreign, 1), ("nowhere", 0), (inactive_users, 0), ("", 1)):
        voices = listed(rest, projectId=project, q="tester")
        assert len(voices) == count, project


def test_source_changes_nothing() -> None:
    rest = VirtualRest()
    assert listed(rest, source="jobs") == listed(rest)


@pytest.mark.statement("WST-9")
def test_listed_ids_and_names_are_spoken_alike() -> None:
    rest = VirtualRest()
    for voice in (listed(rest, q="Majd")[0], rest.get(CATALOG).json["voices"][0]):
        assert rest.speak(speaker=voice["id"]).status == rest.speak(speaker=voice["name"]).status == 200


def test_catalogue_has_every_built_in_voice_with_its_language() -> None:
    voices = {voice["name"]: voice for voice in VirtualRest().get(CATALOG).json["voices"]}
    assert set(voices) == set(BUILT_IN.by_name)
    assert voices["Carla"] == {"id": BUILT_IN.by_name["Carla"].id, "name": "Carla", "language": "ar-LB"}
    assert voices["Emma"]["language"] == "en"
    assert voices["Alia"]["language"] == "ar"
