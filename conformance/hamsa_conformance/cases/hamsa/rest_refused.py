"""REST: requests that are refused, and what else comes over HTTP."""

from collections.abc import Mapping
from typing import Any

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.client.requests import DIALECT, SENTENCE, SPEAKER
from hamsa_conformance.client.rest import RestAnswer, unless_limited
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require, require_equal, unmet

ROUTES = {"tts": "endpoint.tts", "tts_stream": "endpoint.tts_stream", "stt": "endpoint.stt"}
SPEECH: Mapping[str, Any] = {"text": SENTENCE, "speaker": SPEAKER, "dialect": DIALECT}
BODIES: Mapping[str, Mapping[str, Any]] = {"tts": SPEECH, "tts_stream": SPEECH, "stt": {"audioList": [0.1, 0.2]}}
CHARACTERS = len(SENTENCE)
LONGEST = 2000

BAD_REQUEST = (400, 422)
UNREADABLE = (400, 415, 422)
CLIENT_ERRORS = (400, 401, 403, 404, 422)


def _unauthorized(name: str, route: str, key: str | None) -> Case:
    @case(
        f"hamsa.rest.unauthorized[{name}]",
        title=f"A request to {route} with a key that nobody has" if key else f"A request to {route} without a key",
        expects="The server answers with 401, as it does to a preload.",
        statements=("PRE-1", "PRE-5"),
        kind="optimal",
        needs=("intrusive",) if key else (),
        characters=0 if route == "stt" else CHARACTERS,
        does="Makes a request with a key that does not exist, as somebody would who guesses keys." if key else None,
    )
    def unauthorized(server: Server) -> None:
        _has_status(server.rest("POST", server.facts.text(ROUTES[route]), BODIES[route], key=key), (401,))

    return unauthorized


unauthorized = (
    *(_unauthorized(route, route, None) for route in ROUTES),
    _unauthorized("unknown_key", "tts", "unknown"),
)


def _key_elsewhere(name: str, in_query: bool) -> Case:
    @case(
        f"hamsa.rest.key_elsewhere[{name}]",
        title=f"A good key over REST in the {'query' if in_query else 'header X-Api-Key'}, and not in Authorization",
        expects="The server answers with 401.",
        statements=("PRE-1", "PRE-5"),
        kind="optimal",
        characters=CHARACTERS,
    )
    def key_elsewhere(server: Server) -> None:
        path, headers = server.facts.text("endpoint.tts"), dict[str, str]()
        if in_query:
            path += f"?{server.facts.text('auth.query_parameter')}={server.key()}"
        else:
            headers[server.facts.text("auth.header")] = server.key()
        answer = server.rest("POST", path, SPEECH, key=None, headers=headers, characters=CHARACTERS)
        _has_status(answer, (401,))

    return key_elsewhere


key_elsewhere = family({"query": True, "x_api_key": False}, _key_elsewhere)

MISTAKES: Mapping[str, tuple[str, str, object, tuple[int, ...]]] = {
    "no_text": ("without a text", "tts", {"speaker": SPEAKER}, BAD_REQUEST),
    "no_speaker": ("without a speaker", "tts", {"text": SENTENCE}, BAD_REQUEST),
    "stream_no_text": ("for a stream without a text", "tts_stream", {"speaker": SPEAKER}, BAD_REQUEST),
    "no_audio": ("for a transcript without audio", "stt", {"language": "ar"}, BAD_REQUEST),
    "text_number": ("with a number for the text", "tts", {**SPEECH, "text": 5}, BAD_REQUEST),
    "mulaw_text": ("with a text for mulaw", "tts", {**SPEECH, "mulaw": "yes"}, BAD_REQUEST),
    "threshold": (
        "with a threshold of 1.1",
        "stt",
        {**BODIES["stt"], "isEosEnabled": True, "eosThreshold": 1.1},
        BAD_REQUEST,
    ),
    "empty_body": ("with an empty body", "tts", b"", UNREADABLE),
    "no_json": ("that is no JSON", "tts", b"text=hello", UNREADABLE),
    "list": ("that is a list of JSON", "tts", [SPEECH], BAD_REQUEST),
    "not_utf8": ("that is not UTF-8", "tts", b'{"text":"\xff","speaker":"Majd"}', UNREADABLE),
}


def _mistake(name: str, what: str, route: str, body: object, statuses: tuple[int, ...]) -> Case:
    @case(
        f"hamsa.rest.refused[{name}]",
        title=f"A request {what}",
        expects=f"The server answers with {_either(statuses)}.",
        statements=("PRE-11",),
        kind="optimal",
        characters=CHARACTERS if isinstance(body, dict) and "text" in body else 0,
        seconds=0.1 if route == "stt" else 0.0,
    )
    def refused(server: Server) -> None:
        _has_status(server.rest("POST", server.facts.text(ROUTES[route]), body), statuses)

    return refused


def _either(statuses: tuple[int, ...]) -> str:
    return " or ".join(map(str, statuses))


refused = tuple(_mistake(name, *mistake) for name, mistake in MISTAKES.items())


@case(
    "hamsa.rest.long_text",
    title="A text of 2001 characters over REST",
    expects="The server refuses it as a mistake of the client, or speaks what it takes of it.",
    statements=("API-6",),
    kind="optimal",
    characters=LONGEST + 1,
)
def long_text(server: Server) -> None:
    body = {**SPEECH, "text": "ب" * (LONGEST + 1)}
    answer = server.rest("POST", server.facts.text("endpoint.tts"), body, characters=LONGEST + 1)
    _has_status(answer, (200, 400, 413, 422))


@case(
    "hamsa.rest.no_funds",
    title="A request whose project has no money left",
    expects="The server answers with 402, and speaks nothing.",
    statements=("API-25",),
    kind="optimal",
    needs=("key:no-funds",),
    characters=CHARACTERS,
)
def no_funds(server: Server) -> None:
    answer = server.rest("POST", server.facts.text("endpoint.tts"), SPEECH, key="no-funds")
    _has_status(answer, (402,))


@case(
    "hamsa.rest.foreign_voice",
    title="A request for the voice of somebody else",
    expects="The server speaks nothing, and answers with an error of the client.",
    statements=("API-30", "PRE-11"),
    kind="optimal",
    needs=("voice:foreign",),
    characters=CHARACTERS,
)
def foreign_voice(server: Server) -> None:
    body = {"text": SENTENCE, "speaker": server.voice("foreign")}
    answer = server.rest("POST", server.facts.text("endpoint.tts"), body, characters=CHARACTERS)
    _has_status(answer, CLIENT_ERRORS)


@case(
    "hamsa.rest.error_form",
    title="What an error over REST looks like",
    expects="The server sends JSON with the status as code, and a message for people.",
    statements=("PRE-5",),
    kind="optimal",
    characters=CHARACTERS,
)
def error_form(server: Server) -> None:
    for key, body in ((None, SPEECH), ("valid", {"speaker": SPEAKER})):
        answer = server.rest("POST", server.facts.text("endpoint.tts"), body, key=key)
        content = answer.json
        right = isinstance(content, dict) and content.get("code") == answer.status
        require(right and isinstance(content.get("message"), str), "JSON with code and message", answer)


def _other_method(name: str, method: str) -> Case:
    @case(
        f"hamsa.rest.other_method[{name}]",
        title=f"{method} of a route that takes POST",
        expects="The server answers with 405, and names the methods that it takes (RFC 9110, 15.5.6).",
        kind="optimal",
    )
    def other_method(server: Server) -> None:
        answer = server.rest(method, server.facts.text("endpoint.tts"))
        _has_status(answer, (405,))
        require("POST" in answer.headers.get("allow", ""), "the header Allow with POST", answer.headers.get("allow"))

    return other_method


other_method = family({"get": "GET", "put": "PUT", "delete": "DELETE"}, _other_method)


def _harmless(name: str, method: str) -> Case:
    @case(
        f"hamsa.rest.survives[{name}]",
        title=f"{method} of each route",
        expects="The server answers with a status below 500, or with 501.",
        kind="optimal",
    )
    def survives(server: Server) -> None:
        for fact in (*ROUTES.values(), "endpoint.voices"):
            answer = server.rest(method, server.facts.text(fact))
            require(answer.status < 500 or answer.status == 501, "a status below 500, or 501", answer)

    return survives


survives = family({"head": "HEAD", "options": "OPTIONS"}, _harmless)


@case(
    "hamsa.rest.other_path",
    title="A path that no document names",
    expects="The server answers with 404.",
    kind="optimal",
    characters=CHARACTERS,
)
def other_path(server: Server) -> None:
    _has_status(server.rest("POST", server.facts.text("endpoint.tts") + "-conformance", SPEECH), (404,))


@case(
    "hamsa.rest.connection_used_again",
    title="Two requests on one connection over HTTP",
    expects="The server answers both: it keeps the connection (RFC 9112, 9.3).",
    kind="optimal",
)
def connection_used_again(server: Server) -> None:
    request = server.raw_request("GET", server.facts.text("endpoint.project"))
    with server.raw_http() as line:
        first, second = line.ask(request), line.ask(request)
    if first is None or second is None:
        unmet("two answers on one connection", "the end of the connection")
    require_equal(second.status, first.status, "the status of the second answer")


def _has_status(answer: RestAnswer, statuses: tuple[int, ...]) -> None:
    """Errors: Unmet for another one; CannotTell where the key's limit was reached."""
    unless_limited(answer)
    require(answer.status in statuses, f"HTTP {_either(statuses)}", answer)
