"""Hamsa over REST: keys, limits, methods, CORS."""

import pytest

from hamsa_mock.core.http import HttpRequest
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from tests.mock_server.providers.hamsa.rest_client import (
    CATALOG,
    PRELOAD,
    PROJECT,
    TTS,
    TTS_STREAM,
    VOICES,
    VirtualRest,
)
from tests.mock_server.providers.hamsa.virtual import KEY, error_of, json_of, names

PATHS = (TTS, TTS_STREAM, PRELOAD, VOICES, CATALOG, PROJECT)
UNAUTHORIZED = (401, "Unauthorized")
TOO_MANY = (429, "Rate limit exceeded for this API key")


def get_project(rest: VirtualRest, **headers: str) -> tuple[int, str]:
    """Status and reason of the answer to a request with these headers alone."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answered = rest.send(HttpRequest("GET", PROJECT, headers=sent))
    return answered.status, "" if answered.answer.why is None else answered.reason


@pytest.mark.statement("PRE-1", "PRE-11")
def test_routes_are_those_of_the_documents_and_of_public_clients() -> None:
    assert set(PATHS) <= set(VirtualRest().rest.routes)


@pytest.mark.statement("PRE-1", "PRE-5")
@pytest.mark.parametrize(
    ("option", "taken"),
    [("token", {"Token"}), ("token_or_bearer", {"Token", "Bearer"}), ("any", {"Token", "Bearer", "", "X-Api-Key"})],
)
def test_key_is_taken_in_the_forms_that_the_behaviour_names(option: str, taken: set[str]) -> None:
    rest = VirtualRest(changes={"hamsa.rest.auth": option})
    headers = {
        "Token": {"authorization": f"Token {KEY}"},
        "Bearer": {"authorization": f"Bearer {KEY}"},
        "": {"authorization": KEY},
        "X-Api-Key": {"x-api-key": KEY},
        "Basic": {"authorization": f"Basic {KEY}"},
        "no key": {},
    }
    assert {form for form, sent in headers.items() if get_project(rest, **sent)[0] == 200} == taken


@pytest.mark.parametrize("value", [f"token {KEY}", f"TOKEN   {KEY} ", f" Token {KEY}"])
def test_scheme_does_not_depend_on_case_and_spaces(value: str) -> None:
    assert get_project(VirtualRest(), authorization=value)[0] == 200


@pytest.mark.statement("PRE-1", "PRE-5")
def test_client_is_told_how_a_key_is_sent() -> None:
    rest = VirtualRest()
    assert get_project(rest) == (401, "no key; it is sent as Authorization: Token KEY")
    wrong = (401, "the key has not the form Authorization: Token KEY")
    assert get_project(rest, authorization="Bearer sesame") == wrong
    assert get_project(rest, authorization="sesame") == wrong
    assert get_project(rest, x_api_key="sesame") == wrong
    answered = rest.send(HttpRequest("GET", PROJECT))
    assert answered.error == UNAUTHORIZED
    assert answered.answer.why is not None
    assert answered.answer.why.behaviour == "hamsa.rest.auth"


@pytest.mark.parametrize(
    ("option", "forms"),
    [
        ("token_or_bearer", "Authorization: Token KEY or Authorization: Bearer KEY"),
        ("any", "Authorization: Token KEY or Authorization: Bearer KEY or Authorization: KEY or X-Api-Key: KEY"),
    ],
)
def test_client_is_told_all_the_forms_that_the_behaviour_takes(option: str, forms: str) -> None:
    rest = VirtualRest(changes={"hamsa.rest.auth": option})
    assert get_project(rest) == (401, f"no key; it is sent as {forms}")
    assert get_project(rest, authorization="Basic sesame") == (401, f"the key has not the form {forms}")


@pytest.mark.statement("PRE-5", "PRE-7")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("wrong", UNAUTHORIZED),
        ("hamsa-test-expired", UNAUTHORIZED),
        ("hamsa-test-inactive-user", UNAUTHORIZED),
        ("hamsa-test-inactive-project", UNAUTHORIZED),
        ("hamsa-test-internal-error", (500, "Internal server error")),
    ],
)
def test_key_that_is_not_in_order_is_refused_on_every_route(path: str, key: str, error: tuple[int, str]) -> None:
    rest = VirtualRest()
    answered = rest.get(path, key) if path in (VOICES, CATALOG, PROJECT) else rest.post(path, {}, key)
    assert answered.error == error
    assert answered.answer.why is not None
    assert answered.answer.why.behaviour is None


def test_unknown_key_is_not_repeated_but_test_keys_are_named() -> None:
    reason = VirtualRest().get(PROJECT, "sesame").reason
    assert "6 characters" in reason
    assert KEY in reason
    assert "sesame" not in reason


@pytest.mark.parametrize(
    "key",
    ["hamsa-test-key", "hamsa-test-unlimited", "hamsa-test-truncated", "hamsa-test-nearly-broke"],
)
def test_other_test_keys_are_served_on_every_route(key: str) -> None:
    rest = VirtualRest()
    assert rest.preload(key=key).status == 200
    assert {rest.get(path, key).status for path in (VOICES, CATALOG, PROJECT)} == {200}
    assert rest.speak(key=key).status == 200


def test_key_that_is_always_over_its_limit_is_told_so_on_every_route() -> None:
    rest, key = VirtualRest(), "hamsa-test-rate-limited"
    assert rest.speak(TTS, key=key).error == TOO_MANY
    assert rest.speak(TTS_STREAM, key=key).error == TOO_MANY
    assert rest.preload(key=key).error == TOO_MANY
    assert {rest.get(path, key).error for path in (VOICES, CATALOG, PROJECT)} == {TOO_MANY}


@pytest.mark.statement("API-31", "API-32")
def test_requests_over_rest_and_the_websocket_are_counted_together() -> None:
    rest = VirtualRest(changes={"hamsa.limit.requests": 3})
    client = rest.hamsa.connect()
    assert rest.get(PROJECT).status == 200
    assert "end" in names(client.ask())
    assert rest.speak().status == 200
    assert rest.speak().error == TOO_MANY
    assert error_of(client.ask()) == TOO_MANY[1]
    assert rest.get(PROJECT, "hamsa-test-unlimited").status == 200
    rest.hamsa.advance(60)
    assert rest.speak().status == 200


@pytest.mark.parametrize(("option", "status"), [("requests", 200), ("messages", 429)])
def test_invalid_requests_count_as_the_behaviour_says(option: str, status: int) -> None:
    rest = VirtualRest(changes={"hamsa.limit.requests": 1, "hamsa.limit.counts": option})
    assert rest.post(TTS, b"no json").status == 400
    assert rest.speak().status == status


def test_request_of_an_unlimited_key_above_the_limit_notes_it() -> None:
    rest = VirtualRest(changes={"hamsa.limit.requests": 0})
    request = rest.get(PROJECT, "hamsa-test-unlimited").answer.request
    assert request is not None
    assert [note.behaviour for note in request.notes] == ["hamsa.limit.requests"]
    assert (request.number, request.type, request.arrived) == (1, "project", 0)


def test_parameters_and_fields_that_are_not_known_are_told() -> None:
    rest = VirtualRest()
    for answered, words in (
        (rest.get(PROJECT, page="1"), ['ignored in the query: "page"']),
        (rest.get(VOICES, page="1", perPage="2", q="a", projectId="b"), []),
        (
            rest.get(VOICES, source="a", per_page="2"),
            ['ignored in the query: "source", "per_page" (did you mean "perPage"?)'],
        ),
        (rest.post(PRELOAD, {"voiceId": OWN_VOICE, "voice": 1}), ['ignored: "voice" (did you mean "voiceId"?)']),
        (rest.speak(model="a"), ['ignored: "model"']),
    ):
        assert answered.status == 200
        assert answered.answer.request is not None
        assert [note.words for note in answered.answer.request.notes] == words


@pytest.mark.parametrize(
    ("path", "method", "allow"),
    [(TTS, "GET", "POST, OPTIONS"), (PRELOAD, "HEAD", "POST, OPTIONS"), (VOICES, "POST", "GET, HEAD, OPTIONS")],
)
def test_wrong_method_is_told_the_right_ones(path: str, method: str, allow: str) -> None:
    answered = VirtualRest().send(HttpRequest(method, path))
    assert answered.error == (405, "Method Not Allowed")
    assert answered.answer.headers["Allow"] == allow
    assert answered.reason == f"this route takes {allow}"


def test_head_is_answered_like_get() -> None:
    rest = VirtualRest()
    headers = {"authorization": f"Token {KEY}"}
    head = rest.send(HttpRequest("HEAD", VOICES, headers=headers)).answer
    assert (head.status, head.length) == (200, rest.get(VOICES).answer.length)


def test_body_that_was_too_large_to_read_is_refused_before_its_key_is_looked_at() -> None:
    rest = VirtualRest(changes={"hamsa.limit.message_bytes": 2000})
    answered = rest.send(HttpRequest("POST", TTS, body=None))
    assert answered.error == (413, "Content Too Large")
    assert answered.reason == "the body is larger than 2000 bytes"


@pytest.mark.parametrize("path", PATHS)
def test_preflight_is_answered_without_a_key(path: str) -> None:
    answered = VirtualRest().send(
        HttpRequest("OPTIONS", path, headers={"origin": "null", "access-control-request-method": "POST"})
    )
    headers = answered.answer.headers
    assert (answered.status, answered.body) == (204, b"")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Headers"] == "Authorization, X-Api-Key, Content-Type"
    assert ("POST" if path in (TTS, TTS_STREAM, PRELOAD) else "GET") in headers["Access-Control-Allow-Methods"]


def test_pages_of_any_origin_may_read_answers_and_errors() -> None:
    rest = VirtualRest()
    answers = [
        rest.speak(),
        rest.speak(TTS_STREAM),
        rest.get(VOICES),
        rest.get(VOICES, "wrong"),
        rest.post(TTS, b""),
        rest.send(HttpRequest("DELETE", TTS)),
        rest.send(HttpRequest("POST", TTS, body=None)),
    ]
    assert [answered.status for answered in answers] == [200, 200, 200, 401, 400, 405, 413]
    assert {answered.answer.headers["Access-Control-Allow-Origin"] for answered in answers} == {"*"}


def test_pages_of_other_origins_are_denied_where_the_behaviour_says_so() -> None:
    rest = VirtualRest(changes={"hamsa.rest.cors": "deny"})
    preflight = rest.send(HttpRequest("OPTIONS", TTS, headers={"origin": "http://localhost"}))
    assert preflight.error == (405, "Method Not Allowed")
    assert preflight.answer.headers["Allow"] == "POST"
    answers = [preflight, rest.speak(), rest.get(VOICES), rest.get(VOICES, "wrong")]
    assert not [name for answered in answers for name in answered.answer.headers if name.startswith("Access-Control")]


@pytest.mark.statement("API-25")
def test_project_that_speech_over_rest_has_emptied_is_closed_on_the_websocket() -> None:
    """One wallet for both."""
    rest = VirtualRest()
    assert rest.speak(key="hamsa-test-nearly-broke").status == 200
    client = rest.hamsa.connect("hamsa-test-nearly-broke")
    assert names(client.all)[-1] == "close 4003"
    assert json_of(client.all[-2])["payload"]["message"] == "Insufficient funds in wallet"


@pytest.mark.statement("API-25")
def test_key_without_money_is_refused_what_costs_something_and_nothing_else() -> None:
    """Money is judged behind the body, and in front of the voice."""
    rest, broke = VirtualRest(), "hamsa-test-no-funds"
    for path in (TTS, TTS_STREAM):
        assert rest.post(path, {}, broke).status == 400
        assert rest.speak(path, key=broke, speaker="00000000-0000-4000-8000-000000000999").status == 402
        answered = rest.speak(path, key=broke)
        assert answered.error == (402, "Insufficient funds in wallet")
        assert "wallet" in answered.reason
    assert {rest.get(path, broke).status for path in (VOICES, CATALOG, PROJECT)} == {200}
    assert rest.preload(key=broke).status == 200
