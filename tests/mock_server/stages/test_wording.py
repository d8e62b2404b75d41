"""How reasons and requests are worded."""

import pytest

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.stages.wording import because, details, explained, notes, notes_data, reasons_data, why_data
from hamsa_schemas import load_behaviours

BEHAVIOURS = load_behaviours("documented")
PLAIN = Why("the body is no JSON")
CHOSEN = Why("no key", "hamsa.rest.auth")
DECIDED = {
    "behaviour": "hamsa.rest.auth",
    "certainty": "documented",
    "switch": BEHAVIOURS.entry("hamsa.rest.auth").switch("token"),
}


def test_reason_names_the_behaviour_that_decides_it_its_basis_and_its_switch() -> None:
    words = explained(CHOSEN, BEHAVIOURS)
    assert words.startswith("no key (hamsa.rest.auth, documented; --set hamsa.rest.auth=")
    assert because(CHOSEN, BEHAVIOURS) == f": {words}"


def test_reason_without_a_behaviour_is_told_as_it_is() -> None:
    assert explained(PLAIN, BEHAVIOURS) == "the body is no JSON"
    assert because(PLAIN, BEHAVIOURS) == ": the body is no JSON"
    assert because(None, BEHAVIOURS) == ""


def test_reason_of_a_rule_that_is_no_behaviour_names_its_basis() -> None:
    why = Why("type is missing", basis="documented")
    assert explained(why, BEHAVIOURS) == "type is missing (documented)"
    assert why_data(why, BEHAVIOURS) == {"why": "type is missing", "certainty": "documented"}


@pytest.mark.parametrize(
    ("why", "data"),
    [
        (None, {}),
        (PLAIN, {"why": "the body is no JSON"}),
        (CHOSEN, {"why": "no key", **DECIDED}),
    ],
)
def test_reason_is_told_to_programs(why: Why | None, data: dict[str, str]) -> None:
    assert why_data(why, BEHAVIOURS) == data


def test_details_of_a_request_are_shown_as_json_and_seconds_rounded() -> None:
    request = Request(1, "tts", 0, {"speaker": 'A"\n', "seconds": 1.23456, "characters": 7})
    assert details(request) == 'speaker "A\\"\\n", seconds 1.23, characters 7'


def test_notes_of_a_request_are_told_in_their_order() -> None:
    request = Request(1, "tts", 0, notes=[PLAIN, CHOSEN])
    assert notes(request, BEHAVIOURS) == f"; the body is no JSON; {explained(CHOSEN, BEHAVIOURS)}"
    assert notes_data(request, BEHAVIOURS) == {"why": "the body is no JSON; no key", **DECIDED}


def test_every_behaviour_that_decided_is_told_to_programs() -> None:
    entry = BEHAVIOURS.entry("hamsa.stt.empty")
    assert reasons_data([CHOSEN, PLAIN, Why("nothing", "hamsa.stt.empty")], BEHAVIOURS) == {
        "why": "no key; the body is no JSON; nothing",
        "behaviour": "hamsa.rest.auth, hamsa.stt.empty",
        "certainty": f"documented, {entry.certainty}",
        "switch": f"{DECIDED['switch']}; {entry.switch(BEHAVIOURS['hamsa.stt.empty'])}",
    }


def test_request_without_notes_tells_none() -> None:
    request = Request(1, "tts", 0)
    assert notes(request, BEHAVIOURS) == ""
    assert notes_data(request, BEHAVIOURS) == {}
    assert notes_data(Request(1, "tts", 0, notes=[PLAIN]), BEHAVIOURS) == {"why": "the body is no JSON"}
