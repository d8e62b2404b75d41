"""How reasons and requests are worded."""

import pytest

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.stages.wording import because, details, explained, notes, notes_data, why_data
from hamsa_schemas import load_behaviours

BEHAVIOURS = load_behaviours("documented")
PLAIN = Why("the body is no JSON")
CHOSEN = Why("no key", "hamsa.rest.auth")


def test_reason_names_the_behaviour_that_decides_it_its_basis_and_its_switch() -> None:
    words = explained(CHOSEN, BEHAVIOURS)
    assert words.startswith("no key (hamsa.rest.auth, documented; --set hamsa.rest.auth=")
    assert because(CHOSEN, BEHAVIOURS) == f": {words}"


def test_reason_without_a_behaviour_is_told_as_it_is() -> None:
    assert explained(PLAIN, BEHAVIOURS) == "the body is no JSON"
    assert because(PLAIN, BEHAVIOURS) == ": the body is no JSON"
    assert because(None, BEHAVIOURS) == ""


@pytest.mark.parametrize(
    ("why", "data"),
    [
        (None, {}),
        (PLAIN, {"why": "the body is no JSON"}),
        (CHOSEN, {"why": "no key", "behaviour": "hamsa.rest.auth"}),
    ],
)
def test_reason_is_told_to_programs(why: Why | None, data: dict[str, str]) -> None:
    assert why_data(why) == data


def test_details_of_a_request_are_shown_as_json_and_seconds_rounded() -> None:
    request = Request(1, "tts", 0, {"speaker": 'A"\n', "seconds": 1.23456, "characters": 7})
    assert details(request) == 'speaker "A\\"\\n", seconds 1.23, characters 7'


def test_notes_of_a_request_are_told_in_their_order() -> None:
    request = Request(1, "tts", 0, notes=[PLAIN, CHOSEN])
    assert notes(request, BEHAVIOURS) == f"; the body is no JSON; {explained(CHOSEN, BEHAVIOURS)}"
    assert notes_data(request) == {"why": "the body is no JSON; no key", "behaviour": "hamsa.rest.auth"}


def test_request_without_notes_tells_none() -> None:
    request = Request(1, "tts", 0)
    assert notes(request, BEHAVIOURS) == ""
    assert notes_data(request) == {}
    assert notes_data(Request(1, "tts", 0, notes=[PLAIN])) == {"why": "the body is no JSON"}
