"""docs/rest.md says what the mock does."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hamsa_mock.core.http import HttpRequest
from hamsa_schemas import load_behaviours
from tests.mock_server.providers.hamsa.rest_client import PROJECT, TTS, Answered, VirtualRest
from tests.mock_server.providers.hamsa.virtual import KEY

PAGE = (Path(__file__).parents[4] / "docs" / "rest.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the rows of the table below a heading, without its head."""
    section = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


ERRORS: Mapping[str, Callable[[], Answered]] = {
    "another method": lambda: VirtualRest().send(HttpRequest("GET", TTS)),
    "a body above": lambda: VirtualRest().send(HttpRequest("POST", TTS, body=None)),
    "no key": lambda: VirtualRest().get(PROJECT, "wrong"),
    "a key that makes": lambda: VirtualRest().speak(key="hamsa-test-internal-error"),
    "too many requests": lambda: VirtualRest(changes={"hamsa.limit.requests": 0}).speak(),
    "a body that is not `application/json`": lambda: VirtualRest().post(TTS, {}, content_type="text/plain"),
    "a body that is not a JSON object": lambda: VirtualRest().post(TTS, []),
    "a field that is missing": lambda: VirtualRest().post(TTS, {"text": "a"}),
    "a field or a parameter": lambda: VirtualRest().speak(text=""),
    "an id to preload": lambda: VirtualRest().preload("Majd"),
    "an empty wallet": lambda: VirtualRest().speak(key="hamsa-test-no-funds"),
    "a voice that does not exist": lambda: VirtualRest().preload("00000000-0000-4000-8000-000000000999"),
    "a stream that the service gives up": lambda: VirtualRest(changes={"hamsa.tts.unknown_speaker": "aborted"}).speak(
        speaker="Nobody"
    ),
}


def test_page_lists_every_route() -> None:
    listed = {tuple(row[0].strip("`").split()) for row in table("Routes")}
    served = {(route.method, path) for path, route in VirtualRest().rest.routes.items()}
    assert served <= listed
    assert listed - served <= {("POST", "/v1/realtime/stt")}


def test_page_lists_the_forms_of_the_key_under_each_option() -> None:
    options = ("token", "token_or_bearer", "any")
    rows = table("The key")
    assert len(rows) == 4
    for header, *taken in rows:
        name, _, value = header.strip("`").partition(": ")
        sent = {name.lower(): value.replace("KEY", KEY)}
        for option, word in zip(options, taken, strict=True):
            rest = VirtualRest(changes={"hamsa.rest.auth": option})
            assert rest.send(HttpRequest("GET", PROJECT, headers=sent)).status == {"yes": 200, "no": 401}[word], header


@pytest.mark.parametrize("row", table("Errors"), ids=lambda row: row[0])
def test_page_gives_status_and_message_of_each_error(row: list[str]) -> None:
    cause, status, message = row
    (make,) = [make for begin, make in ERRORS.items() if cause.startswith(begin)]
    assert make().error == (int(status), message)


def test_page_has_every_error_that_is_tried() -> None:
    assert len(table("Errors")) == len(ERRORS)


def test_page_names_the_default_forms_of_the_header() -> None:
    behaviours = load_behaviours()
    forms = table("WAV headers")[:3]  # a table of what browsers make of them follows
    rows = {row[0].strip("`"): re.findall(r"`([a-z_.]+)`", row[2]) for row in forms}
    assert set(rows) == {"none", "streaming", "exact"}
    named = {slug: option for option, slugs in rows.items() for slug in slugs}
    assert named == {slug: behaviours[slug] for slug in behaviours if slug.endswith("_header")}


def test_page_orders_the_errors_as_they_are_judged() -> None:
    """A request with everything wrong from some place on gets the error of that place."""
    rest = VirtualRest(changes={"hamsa.limit.requests": 0, "hamsa.limit.counts": "messages"})
    everything = {"content-type": "text/plain", "authorization": "Token wrong"}
    assert rest.send(HttpRequest("PUT", TTS, headers=everything, body=None)).status == 405
    assert rest.send(HttpRequest("POST", TTS, headers=everything, body=None)).status == 413
    assert rest.send(HttpRequest("POST", TTS, headers=everything)).status == 401
    assert rest.post(TTS, b"{", content_type="text/plain").status == 429
    rest = VirtualRest()
    assert rest.post(TTS, b"{", content_type="text/plain").status == 415
    assert rest.post(TTS, b"{").status == 400
    assert rest.speak(speaker="00000000-0000-4000-8000-000000000999", key="hamsa-test-no-funds").status == 402
