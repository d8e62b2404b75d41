"""A fault as it is asked for."""

from typing import Any

import pytest

from hamsa_mock.core.actions import Request
from hamsa_mock.faults.errors import WrongFault
from hamsa_mock.faults.kinds.close import CloseFault
from hamsa_mock.faults.spec import Match, judged
from hamsa_schemas import default_catalogue

SCHEMA = default_catalogue().schemas.validator("meta/fault.schema.json")
WHOLE: dict[str, Any] = {
    "kind": "close",
    "parameters": {"code": 4003},
    "place": "after",
    "event": "chunk",
    "ordinal": 3,
    "when": {"key": "sesame", "speaker": "Majd", "text": "مرحبا", "connection": 2, "request": 1},
    "probability": 0.5,
    "times": 4,
}


def test_what_is_left_out_is_as_the_kind_has_it() -> None:
    spec = judged({"kind": "truncate"})
    assert (spec.place, spec.event, spec.ordinal) == ("instead of", "chunk", None)
    assert (spec.when, spec.probability, spec.times) == (Match(), 1, None)
    assert spec.as_text() == "truncate instead of chunk"
    assert spec.as_json() == {
        "kind": "truncate",
        "parameters": {},
        "place": "instead of",
        "event": "chunk",
        "probability": 1.0,
    }


def test_both_forms_are_complete_but_for_the_key() -> None:
    spec = judged(WHOLE)
    assert spec.as_json() == {**WHOLE, "when": {**WHOLE["when"], "key": "***"}}
    assert spec.as_text() == (
        'close(code=4003) after chunk 3 when key="***" speaker="Majd" text="مرحبا" connection=2 request=1'
        " with probability 0.5 times 4"
    )


def test_json_form_fits_its_schema() -> None:
    assert SCHEMA.is_valid(judged(WHOLE).as_json())


def test_fault_is_made_with_its_parameters() -> None:
    assert judged(WHOLE).make() == CloseFault(4003)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "no fault None; known: "),
        ({"kind": "clsoe"}, "no fault 'clsoe'; did you mean 'close'?"),
        ({"kind": "close", "plce": "after"}, "a fault has no 'plce'; did you mean 'place'?"),
        ({"kind": "close", "parameters": []}, "close: parameters cannot be []; allowed: an object"),
        ({"kind": "close", "parameters": {"cod": 1}}, "close has no parameter 'cod'; did you mean 'code'?"),
        ({"kind": "close", "parameters": {"code": 70000}}, "close: code cannot be 70000; allowed: 0 to 65535"),
        ({"kind": "delay", "place": "instead of"}, "delay cannot stand instead of; allowed: before, after"),
        ({"kind": "delay", "place": "behind"}, "delay cannot stand 'behind'; allowed: before, after"),
        ({"kind": "delay", "event": "chnk"}, "delay cannot stand before 'chnk'; did you mean 'chunk'?"),
        ({"kind": "close", "event": "ack", "ordinal": 1}, "close: there is no ack 1: only the event chunk is counted"),
        ({"kind": "close", "event": "chunk", "ordinal": 0}, "close: ordinal cannot be 0; allowed: 1 to 1000000000"),
        ({"kind": "close", "probability": 1.5}, "close: probability cannot be 1.5; allowed: 0 to 1"),
        ({"kind": "close", "probability": True}, "close: probability cannot be True; allowed: 0 to 1"),
        ({"kind": "close", "times": 1.0}, "close: times cannot be 1.0; allowed: 1 to 1000000000"),
        ({"kind": "close", "when": {"kye": "x"}}, "close: nothing is matched by 'kye'; did you mean 'key'?"),
        ({"kind": "close", "when": {"key": 17}}, "close: when key cannot be that; allowed: text"),
        ({"kind": "close", "when": {"speaker": 17}}, "close: when speaker cannot be 17; allowed: text"),
        ({"kind": "close", "when": {"request": "x"}}, "close: when: request cannot be 'x'; allowed: 1 to 1000000000"),
        (
            {"kind": "rest_status", "event": "request", "when": {"text": "x"}},
            "rest_status: speaker and text are not known before a request is read; use the event answer",
        ),
        (
            {"kind": "rest_status", "event": "request", "when": {"speaker": "x"}},
            "rest_status: speaker and text are not known before a request is read; use the event answer",
        ),
        (
            {"kind": "rest_status", "when": {"connection": 1}},
            "rest_status: REST requests belong to no connection; use request=N",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(content: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongFault) as refused:
        judged(content)
    assert str(refused.value).startswith(words)
    assert "\n" not in str(refused.value)


def test_request_matches_by_speaker_text_and_number() -> None:
    request = Request(2, "tts", 0, {"speaker": "Majd"}, text="مرحبا بكم")
    assert Match(speaker="Majd", text="بكم", request=2).fits(request)
    assert not Match(speaker="Lana").fits(request)
    assert not Match(text="وداعا").fits(request)
    assert not Match(request=1).fits(request)


def test_what_belongs_to_no_request_matches_nothing_about_one() -> None:
    assert Match(key="sesame", connection=1).fits(None)
    assert not Match(speaker="Majd").fits(None)
    assert not Match(text="مرحبا").fits(None)
    assert not Match(request=1).fits(None)
