"""Every message that is said to be valid is."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from hamsa_conformance.generated.resolved import NotUnderstood
from hamsa_conformance.generated.valid import valid, values
from hamsa_schemas import MessageSchema, default_catalogue, parse
from hamsa_schemas.schema_set import SUFFIX

MESSAGES = list(default_catalogue().messages("hamsa"))
TTS = f"hamsa/client/tts{SUFFIX}"
STT = f"hamsa/client/stt{SUFFIX}"
QUICK = settings(deadline=None, database=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_validator_accepts_every_message_that_is_made(message: MessageSchema) -> None:
    @QUICK
    @given(valid(message.name + SUFFIX))
    def check(found: Any) -> None:
        assert list(message.validator.iter_errors(found)) == []
        assert message.is_valid(parse(json.dumps(found)))

    check()


@QUICK
@given(valid(TTS))
def test_texts_are_short_and_begin_with_a_letter(found: Any) -> None:
    text = found["payload"]["text"]
    assert 1 <= len(text) <= 9
    assert text[0].isalpha()


def test_optional_field_is_there_in_some_messages_and_missing_in_others() -> None:
    seen: Counter[str] = Counter()

    @settings(QUICK, derandomize=True)
    @given(valid(TTS))
    def collect(found: Any) -> None:
        seen.update(["message", *found["payload"]])

    collect()
    for name in ("dialect", "languageId", "mulaw", "sampleRate", "expressiveness"):
        assert 0 < seen[name] < seen["message"]


def test_audio_comes_in_either_form_and_never_in_both() -> None:
    forms: set[str] = set()

    @settings(QUICK, derandomize=True)
    @given(valid(STT))
    def collect(found: Any) -> None:
        [form] = found["payload"].keys() & {"audioBase64", "audioList"}
        forms.add(form)

    collect()
    assert forms == {"audioBase64", "audioList"}


def test_value_that_was_given_stands_at_its_place() -> None:
    given = {("payload", "speaker"): st.just("Amjad"), ("payload", "audioList", 0): st.just(0.5)}
    assert find(valid(TTS, given), lambda found: True)["payload"]["speaker"] == "Amjad"
    samples = find(valid(STT, given), lambda found: "audioList" in found["payload"])
    assert samples["payload"] == {"audioList": [0.5]}


def test_type_that_is_not_one_name_is_not_understood() -> None:
    with pytest.raises(NotUnderstood, match="string"):
        values({"type": ["string", "null"]}, (), {})


def test_what_is_found_shrinks_to_the_plainest_message() -> None:
    assert find(valid(TTS), lambda found: True) == {"type": "tts", "payload": {"text": "ا", "speaker": "ا"}}
