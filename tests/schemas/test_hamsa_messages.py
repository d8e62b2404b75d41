"""What the schemas of Hamsa's messages allow and refuse, beyond their examples."""

from typing import Any

import pytest

from hamsa_schemas import MessageSchema, default_catalogue, load_facts

TTS = default_catalogue().message("hamsa", "client", "tts")
ERROR = default_catalogue().message("hamsa", "server", "error")


def verdict(message: MessageSchema, instance: Any) -> bool:
    """The verdict of both validators, which must be one."""
    valid = message.is_valid(instance)
    assert (message.explain(instance) is None) is valid
    return valid


def tts(**changes: Any) -> dict[str, Any]:
    return {"type": "tts", "payload": {"text": "أهلا", "speaker": "Amjad", **changes}}


def test_hamsa_has_these_messages() -> None:
    names = [message.name for message in default_catalogue().messages("hamsa")]
    assert names == [
        "hamsa/client/tts",
        "hamsa/server/ack",
        "hamsa/server/end",
        "hamsa/server/error",
        "hamsa/server/info",
    ]


@pytest.mark.parametrize("character", ["a", "ب", "\u0651", "😀"])
def test_request_allows_2000_characters_however_many_bytes(character: str) -> None:
    assert verdict(TTS, tts(text=character * 2000))
    assert not verdict(TTS, tts(text=character * 2001))


def test_text_limit_of_the_schema_is_the_fact() -> None:
    text = TTS.schema["properties"]["payload"]["properties"]["text"]
    assert text["maxLength"] == load_facts().number("limit.text_characters")


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


def test_answer_allows_another_wording_and_nothing_else() -> None:
    assert verdict(ERROR, {"type": "error", "payload": {"message": "خطأ"}})
    assert not verdict(ERROR, {"type": "error", "payload": {"message": "خطأ", "code": 1}})
    assert not verdict(ERROR, {"type": "error"})


def test_every_documented_error_text_is_an_example_and_no_other() -> None:
    facts = load_facts()
    documented = {
        facts.text(slug, type="speak") if slug == "text.unsupported_type" else facts.text(slug)
        for slug, fact in facts.items()
        if slug.startswith("text.") and fact.basis == "documented" and slug not in ("text.info", "text.ack", "text.end")
    }
    examples: list[Any] = list(ERROR.examples)
    assert {example["payload"]["message"] for example in examples} == documented
