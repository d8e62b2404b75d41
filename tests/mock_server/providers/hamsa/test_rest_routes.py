"""How bodies of REST requests are judged."""

from typing import Any

import pytest

from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.providers.hamsa.requests import EXPLAINED_CHARACTERS
from hamsa_mock.providers.hamsa.rest_routes import BodyReader, RestErrors
from hamsa_schemas import default_catalogue, load_facts
from tests.mock_server.providers.hamsa.rest_client import Answered

ERRORS = RestErrors(load_facts("hamsa"))
READER = BodyReader(ERRORS, default_catalogue().message("hamsa", "rest/request", "tts"))
VALID = b'{"text": "a", "speaker": "Majd"}'


def refused(body: bytes | None, content_type: str | None = "application/json", reader: BodyReader = READER) -> Answered:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = reader.read(HttpRequest("POST", "/", headers=headers, body=body))
    assert isinstance(answer, HttpAnswer)
    return Answered(answer, list(answer.body))


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON ; charset=utf-8"])
def test_valid_body_is_read(content_type: str) -> None:
    request = HttpRequest("POST", "/", headers={"content-type": content_type}, body=VALID)
    assert READER.read(request) == {"text": "a", "speaker": "Majd"}


@pytest.mark.statement("PRE-1")
@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "json"])
def test_body_of_another_type_is_refused(content_type: str | None) -> None:
    answered = refused(VALID, content_type)
    assert answered.error == (415, "Unsupported Media Type")
    expected = "Content-Type is not application/json" if content_type else "the header Content-Type is missing"
    assert answered.reason == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'"\xff"', "not JSON"),
        (b'{"text": NaN}', "not JSON"),
        (b"[]", "the body is JSON, but not an object"),
        (b"null", "the body is JSON, but not an object"),
    ],
)
def test_body_that_is_no_json_object_is_malformed(body: bytes, reason: str) -> None:
    answered = refused(body)
    assert answered.error == (400, "Invalid JSON body")
    assert answered.reason.startswith(reason)


@pytest.mark.parametrize(
    ("body", "message", "reason"),
    [
        (b"{}", "text is required", "text is missing"),
        (b'{"text": "a"}', "speaker is required", "speaker is missing"),
        (b'{"text": 5, "speaker": "a"}', "text is invalid", "text is a number, must be a string"),
        (b'{"text": "a", "speaker": "a", "mulaw": 1}', "mulaw is invalid", "mulaw is a number, must be a boolean"),
    ],
)
def test_field_that_breaks_the_schema_is_named(body: bytes, message: str, reason: str) -> None:
    answered = refused(body)
    assert answered.error == (400, message)
    assert answered.reason == reason


def test_of_a_very_long_body_it_is_not_told_where_it_breaks_the_schema() -> None:
    """To find out could hold up all connections."""
    answered = refused(b'{"text": "%b"}' % (b"a" * EXPLAINED_CHARACTERS))
    assert answered.error == (400, "body is invalid")
    assert answered.reason.startswith("the body breaks its schema; it is too long to say where (1000")


def test_what_no_field_is_to_blame_for_is_called_the_body() -> None:
    reader = BodyReader(ERRORS, default_catalogue().message("hamsa", "rest/request", "stt"))
    assert refused(b"{}", reader=reader).error == (400, "body is invalid")


def test_schema_judges_what_it_is_given_and_the_whole_body_is_read() -> None:
    def judged(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "text": "a"}

    reader = BodyReader(ERRORS, default_catalogue().message("hamsa", "rest/request", "tts"), judged=judged)
    request = HttpRequest("POST", "/", headers={"content-type": "application/json"}, body=b'{"speaker": "Majd"}')
    assert reader.read(request) == {"speaker": "Majd"}
