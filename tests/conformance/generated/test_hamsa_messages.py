"""Messages of which the documents say what they get: they are what they are said to be."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from hamsa_conformance.client.requests import stt
from hamsa_conformance.generated.bounds import LONGEST, LONGEST_SEQUENCE, SHORTEST
from hamsa_conformance.generated.hamsa_messages import (
    STT,
    TTS,
    Step,
    malformed,
    of_unknown_type,
    sequences,
    speech_requests,
    transcript_options,
    unanswerable,
    with_a_wrong_option,
)
from hamsa_schemas import MalformedJson, default_catalogue, parse

CATALOGUE = default_catalogue()
MESSAGES = {path: CATALOGUE.message("hamsa", "client", type) for path, type in ((TTS, "tts"), (STT, "stt"))}


def each(strategy: SearchStrategy[Any], check: Callable[[Any], None]) -> None:
    """Check a hundred values."""

    @settings(deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(strategy)
    def examine(value: Any) -> None:
        check(value)

    examine()


def test_requests_for_speech_are_valid_short_and_have_documented_fields_only() -> None:
    def check(message: dict[str, Any]) -> None:
        assert MESSAGES[TTS].is_valid(message)
        assert SHORTEST <= len(message["payload"]["text"]) <= LONGEST
        assert {"text", "speaker", "dialect"} <= message["payload"].keys()
        assert message["payload"].keys() <= {"text", "speaker", "dialect", "languageId", "mulaw"}

    each(speech_requests(), check)


def test_options_of_a_transcript_are_valid_beside_a_recording() -> None:
    def check(options: dict[str, Any]) -> None:
        assert options.keys() <= {"language", "isEosEnabled", "eosThreshold"}
        assert MESSAGES[STT].is_valid(stt(audioBase64="AAAA", **options))

    each(transcript_options(), check)


@pytest.mark.parametrize("path", [TTS, STT])
@pytest.mark.parametrize("make", [unanswerable, with_a_wrong_option])
def test_wrong_payloads_are_refused_and_have_the_right_envelope(
    path: str, make: Callable[[str], SearchStrategy[Any]]
) -> None:
    def check(message: Any) -> None:
        assert not MESSAGES[path].is_valid(message)
        assert (message["type"], "payload" in message) == (MESSAGES[path].type, True)

    each(make(path), check)


@pytest.mark.parametrize("path", [TTS, STT])
def test_message_with_a_wrong_option_could_be_answered_all_the_same(path: str) -> None:
    """What has to be there is there and right."""
    needed = {TTS: ("text", "speaker"), STT: ("audioBase64", "audioList")}[path]

    def check(message: Any) -> None:
        payload = {name: value for name, value in message["payload"].items() if name in needed}
        assert MESSAGES[path].is_valid(message | {"payload": payload})

    each(with_a_wrong_option(path), check)


def test_malformed_messages_are_no_json_no_objects_or_lack_type_or_payload() -> None:
    kinds: set[str] = set()

    def check(message: Any) -> None:
        sent = message if isinstance(message, str) else json.dumps(message)
        try:
            read = parse(sent)
        except MalformedJson:
            kinds.add("no JSON")
            return
        if isinstance(read, dict):
            assert not read.keys() >= {"type", "payload"}
            kinds.add("incomplete")
        else:
            kinds.add("no object")

    each(malformed(), check)
    assert kinds == {"no JSON", "incomplete", "no object"}


def test_unknown_types_are_in_no_document() -> None:
    def check(message: dict[str, Any]) -> None:
        assert message["type"] not in {"tts", "stt", "response", "error", "info", "ack", "end"}
        assert MESSAGES[TTS].is_valid(message | {"type": "tts"})

    each(of_unknown_type(), check)


def test_sequences_mix_right_and_wrong_messages_and_end_with_a_right_one() -> None:
    wrong: list[int] = []

    def check(steps: list[Step]) -> None:
        assert 3 <= len(steps) <= LONGEST_SEQUENCE
        for step in steps:
            right = any(judge.is_valid(step.message) for judge in MESSAGES.values())
            assert right is (step.gets == "speech")
        assert steps[-1].gets == "speech"
        wrong.append(sum(step.gets == "refusal" for step in steps))

    each(sequences(), check)
    assert min(wrong) == 0
    assert max(wrong) > 2
