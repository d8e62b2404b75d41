"""What the schemas of Hamsa's messages allow and refuse, beyond their examples."""

from typing import Any

import pytest

from hamsa_schemas import MessageSchema, default_catalogue, load_behaviours, load_facts
from tests.schemas.parts import properties

TTS = default_catalogue().message("hamsa", "client", "tts")
STT = default_catalogue().message("hamsa", "client", "stt")
PRELOAD = default_catalogue().message("hamsa", "rest/request", "preload")
ERROR = default_catalogue().message("hamsa", "server", "error")
REST_ERROR = default_catalogue().message("hamsa", "rest/response", "error")
FACTS = load_facts()


def verdict(message: MessageSchema, instance: Any) -> bool:
    """The verdict of both validators, which must be one."""
    valid = message.is_valid(instance)
    assert (message.explain(instance) is None) is valid
    return valid


def tts(**changes: Any) -> dict[str, Any]:
    return {"type": "tts", "payload": {"text": "أهلا", "speaker": "Amjad", **changes}}


def stt(**payload: Any) -> dict[str, Any]:
    return {"type": "stt", "payload": payload}


@pytest.mark.statement("API-5")
@pytest.mark.parametrize(
    ("direction", "types"),
    [
        ("client", ["stt", "tts"]),
        (
            "server",
            [
                *("ack", "bare_end", "end", "error", "info"),
                *("response", "stt_response", "transcript", "transcription"),
            ],
        ),
        ("rest/request", ["preload", "stt", "tts"]),
        ("rest/response", ["catalog", "error", "preload", "project", "stt", "stt_both", "stt_flat", "voices"]),
    ],
)
def test_hamsa_has_these_messages(direction: str, types: list[str]) -> None:
    assert sorted(message.type for message in default_catalogue().messages("hamsa", direction)) == types


@pytest.mark.statement("API-6")
@pytest.mark.parametrize("character", ["a", "ب", "\u0651", "😀"])
def test_request_allows_2000_characters_however_many_bytes(character: str) -> None:
    assert verdict(TTS, tts(text=character * 2000))
    assert not verdict(TTS, tts(text=character * 2001))


def test_text_limit_of_the_schema_is_the_default_of_the_behaviour() -> None:
    [text] = [schema for name, schema in properties(TTS) if name == "text"]
    assert text["maxLength"] == load_behaviours().number("hamsa.limit.text_characters")


def test_request_allows_fields_that_are_not_described() -> None:
    assert verdict(TTS, tts(requestId="1", nested={"a": [1]}) | {"dialect": 5, "id": None})


def test_request_leaves_mulaw_with_a_sample_rate_to_a_rule_of_its_own() -> None:
    assert verdict(TTS, tts(mulaw=True, sampleRate="8k"))


@pytest.mark.parametrize("expressiveness", [0, 0.0, 1, 1.999, 2, 2.0])
def test_request_allows_expressiveness_from_0_to_2(expressiveness: float) -> None:
    assert verdict(TTS, tts(expressiveness=expressiveness))


@pytest.mark.parametrize("expressiveness", [-1, -1e-9, 2.000001, 2**64 - 1, 1e308, True, None])
def test_request_refuses_other_expressiveness(expressiveness: Any) -> None:
    assert not verdict(TTS, tts(expressiveness=expressiveness))


@pytest.mark.statement("API-16")
def test_answer_allows_another_wording_and_nothing_else() -> None:
    assert verdict(ERROR, {"type": "error", "payload": {"message": "خطأ"}})
    assert not verdict(ERROR, {"type": "error", "payload": {"message": "خطأ", "code": 1}})
    assert not verdict(ERROR, {"type": "error"})


@pytest.mark.parametrize("type", ["tts", "stt"])
def test_requests_take_the_same_fields_over_websocket_and_rest(type: str) -> None:
    over_websocket = properties(default_catalogue().message("hamsa", "client", type))
    over_rest = properties(default_catalogue().message("hamsa", "rest/request", type))
    fields = {name: schema for name, schema in over_websocket if name not in ("type", "payload")}
    assert fields
    assert fields == dict(over_rest)


@pytest.mark.statement("API-10", "API-11")
@pytest.mark.parametrize("audio", [{"audioBase64": "//NExAAAAAAN"}, {"audioList": [0]}, {"audioList": [-1.5, 1e308]}])
def test_transcription_takes_audio_in_either_form_without_anything_else(audio: dict[str, Any]) -> None:
    assert verdict(STT, stt(**audio))


@pytest.mark.parametrize("other", [None, "", [], [0.5], "AAAA"])
def test_transcription_takes_only_one_form_of_audio(other: Any) -> None:
    """Also when the second one is empty, as some clients send it."""
    assert not verdict(STT, stt(audioBase64="AAAA", audioList=other))
    assert not verdict(STT, stt(audioBase64=other, audioList=[0.5]))


@pytest.mark.statement("API-14")
@pytest.mark.parametrize(("threshold", "valid"), [(0, True), (1, True), (0.3, True), (-1e-9, False), (1.0001, False)])
def test_threshold_lies_between_0_and_1(threshold: float, valid: bool) -> None:
    assert verdict(STT, stt(audioList=[0], eosThreshold=threshold)) is valid


def test_defaults_of_the_language_are_the_fact() -> None:
    defaults = {
        schema["default"] for name, schema in [*properties(TTS), *properties(STT)] if name in ("languageId", "language")
    }
    assert defaults == {FACTS.text("default.language")}


@pytest.mark.parametrize(
    ("voice", "valid"),
    [
        ("c803658e-ccec-47e7-ad0f-1caf9ba4babb", True),
        ("C803658E-CCEC-47E7-AD0F-1CAF9BA4BABB", True),
        ("00000000-0000-0000-0000-000000000000", True),
        ("c803658eccec47e7ad0f1caf9ba4babb", False),
        ("{c803658e-ccec-47e7-ad0f-1caf9ba4babb}", False),
        ("c803658e-ccec-47e7-ad0f-1caf9ba4babb\n", False),
        ("c803658e-ccec-47e7-ad0f-1caf9ba4babg", False),
        ("٠803658e-ccec-47e7-ad0f-1caf9ba4babb", False),
        ("", False),
    ],
)
def test_preload_takes_a_uuid_in_its_usual_form(voice: str, valid: bool) -> None:
    assert verdict(PRELOAD, {"voiceId": voice}) is valid


def test_every_documented_error_text_is_an_example_and_no_other() -> None:
    documented = {
        FACTS.text(slug, type="speak") if slug == "text.unsupported_type" else FACTS.text(slug)
        for slug, fact in FACTS.items()
        if slug.startswith("text.")
        and fact.basis == "documented"
        and slug not in ("text.info", "text.ack", "text.end", "text.preloaded")
    }
    examples: list[Any] = list(ERROR.examples)
    assert {example["payload"]["message"] for example in examples} == documented


@pytest.mark.parametrize(
    ("type", "slug"),
    [("info", "text.info"), ("ack", "text.ack"), ("end", "text.end"), ("error", "text.missing_key")],
)
def test_first_example_of_an_answer_has_the_wording_of_the_fact(type: str, slug: str) -> None:
    message = default_catalogue().message("hamsa", "server", type)
    assert message.examples[0] == {"type": type, "payload": {"message": FACTS.text(slug)}}


@pytest.mark.parametrize(
    ("type", "slug"),
    [
        ("preload", "text.preloaded"),
        ("stt", "rest.operation_completed"),
        ("stt_both", "rest.operation_completed"),
    ],
)
def test_wording_of_a_rest_answer_is_the_fact(type: str, slug: str) -> None:
    examples: list[Any] = list(default_catalogue().message("hamsa", "rest/response", type).examples)
    assert {example["message"] for example in examples} == {FACTS.text(slug)}


# Every text of a REST error under the fact that is its code.
REST_ERRORS: dict[str, dict[str, dict[str, str]]] = {
    "status.unauthorized": {"rest.unauthorized": {}},
    "status.bad_request": {
        "rest.malformed_body": {},
        "rest.field_required": {"field": "speaker"},
        "rest.field_invalid": {"field": "text"},
        "rest.invalid_voice_id": {},
        "text.unsupported_audio": {},
    },
    "status.insufficient_funds": {"text.insufficient_funds": {}},
    "status.not_found": {"rest.voice_not_found": {}, "rest.route_not_found": {}},
    "status.method_not_allowed": {"rest.method_not_allowed": {}},
    "status.body_too_large": {"rest.body_too_large": {}},
    "status.unsupported_media_type": {"rest.unsupported_media_type": {}},
    "status.rate_limited": {"rest.rate_limit_exceeded": {}},
    "rest.quota_exceeded_code": {"rest.quota_exceeded": {}},
    "status.internal_error": {"rest.internal_error": {}},
}


def test_examples_of_rest_errors_pair_the_codes_and_texts_of_the_facts() -> None:
    assert list(REST_ERROR.examples) == [
        {"code": FACTS.number(code), "message": FACTS.text(text, **fill)}
        for code, texts in REST_ERRORS.items()
        for text, fill in texts.items()
    ]


def test_every_fact_of_a_rest_error_has_an_example() -> None:
    used = {*REST_ERRORS, *(text for texts in REST_ERRORS.values() for text in texts)}
    facts = {slug for slug in FACTS if slug.startswith(("status.", "rest."))}
    assert facts - used == {"status.ok", "rest.operation_completed"}
