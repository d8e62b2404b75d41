"""Preloading a cloned voice over REST: who may, what it answers, and the wait that it takes away."""

import base64
from collections.abc import Callable, Mapping

from hamsa_conformance.case import Case, Need, case, family
from hamsa_conformance.client.rest import JSON, RestAnswer, unless_limited
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require

NOBODYS_VOICE = "00000000-0000-4000-8000-0000000000ff"


def path(server: Server) -> str:
    """The path of the route."""
    return server.facts.text("endpoint.preload")


def preload(
    server: Server, body: object, key: str | None = "valid", headers: Mapping[str, str] | None = None
) -> RestAnswer:
    """The answer to a request for a preload. Errors: CannotTell at the limit of requests."""
    return unless_limited(server.rest("POST", path(server), body, key=key, headers=headers))


@case(
    "hamsa.preload.succeeds",
    title="A preload that succeeds",
    expects="The server answers 200 with success, the documented message, and an empty list as data.",
    statements=("PRE-1", "PRE-2", "PRE-3"),
    needs=("voice:custom",),
)
def succeeds(server: Server) -> None:
    answer = preload(server, {"voiceId": server.voice("custom")})
    require(answer.status == 200, "HTTP 200", answer)
    content = answer.json
    right = isinstance(content, dict) and content.get("success") is True and content.get("data") == []
    require(right, 'JSON with "success": true and "data": []', answer)
    require(isinstance(content.get("message"), str), "a message, which is a text", answer)
    server.wording(content["message"], server.facts.text("text.preloaded"), "the answer")


@case(
    "hamsa.preload.content_type",
    title="The type of the answer",
    expects="The server says that its answer is JSON.",
    statements=("PRE-3",),
    kind="optimal",
    needs=("voice:custom",),
)
def content_type(server: Server) -> None:
    answer = preload(server, {"voiceId": server.voice("custom")})
    type = answer.headers.get("content-type", "nothing")
    require(type.partition(";")[0].strip().lower() == JSON, f"the Content-Type {JSON}", type)


def _malformed(name: str, body: object) -> Case:
    @case(
        f"hamsa.preload.malformed[{name.replace(' ', '_')}]",
        title=f"A preload with a wrong body: {name}",
        expects="The server answers 400.",
        statements=("PRE-4", "PRE-2"),
        kind="optimal" if isinstance(body, bytes | list) else "required",
    )
    def malformed(server: Server) -> None:
        answer = preload(server, body, headers={"Content-Type": JSON})
        require(answer.status == 400, "HTTP 400", answer)

    return malformed


malformed = family(
    {
        "no id": {},
        "null": {"voiceId": None},
        "empty": {"voiceId": ""},
        "no UUID": {"voiceId": "my-voice"},
        "a digit too few": {"voiceId": NOBODYS_VOICE[:-1]},
        "a number": {"voiceId": 12345},
        "a list": {"voiceId": [NOBODYS_VOICE]},
        "another name": {"voice_id": NOBODYS_VOICE},
        "no object": [NOBODYS_VOICE],
        "no JSON": b"voiceId",
    },
    _malformed,
)


def _refused(name: str, header: Callable[[Server], Mapping[str, str]] | None) -> Case:
    accepted_somewhere = name in ("Bearer", "the bare key", "X-Api-Key")

    @case(
        f"hamsa.preload.unauthorized[{name.replace(' ', '_')}]",
        title=f"A preload with a wrong key or header: {name}",
        expects="The server answers 401.",
        statements=("PRE-5",),
        kind="optimal" if accepted_somewhere else "required",
    )
    def refused(server: Server) -> None:
        key = "unknown" if name == "an unknown key" else None
        answer = preload(server, {"voiceId": NOBODYS_VOICE}, key, header(server) if header else None)
        require(answer.status == 401, "HTTP 401", answer)

    return refused


unauthorized = family(
    {
        "no key": None,
        "an unknown key": None,
        "only Token": lambda server: {"Authorization": server.facts.text("auth.rest_scheme")},
        "Basic": lambda server: {"Authorization": f"Basic {base64.b64encode(f'{server.key()}:'.encode()).decode()}"},
        "Bearer": lambda server: {"Authorization": f"Bearer {server.key()}"},
        "the bare key": lambda server: {"Authorization": server.key()},
        "X-Api-Key": lambda server: {server.facts.text("auth.header"): server.key()},
    },
    _refused,
)


@case(
    "hamsa.preload.expired_key",
    title="A preload with a key that has expired",
    expects="The server answers 401.",
    statements=("PRE-5",),
    needs=("key:expired",),
)
def expired_key(server: Server) -> None:
    answer = preload(server, {"voiceId": NOBODYS_VOICE}, "expired")
    require(answer.status == 401, "HTTP 401", answer)


def _unknown(name: str, id: str | None) -> Case:
    needs: tuple[Need, ...] = () if id else ("voice:foreign",)

    @case(
        f"hamsa.preload.not_found[{name.replace(' ', '_')}]",
        title=f"A preload of the voice of {name}",
        expects="The server answers 404.",
        statements=("PRE-6",),
        needs=needs,
    )
    def not_found(server: Server) -> None:
        answer = preload(server, {"voiceId": id or server.voice("foreign")})
        require(answer.status == 404, "HTTP 404", answer)

    return not_found


not_found = family({"nobody": NOBODYS_VOICE, "another account": None}, _unknown)


@case(
    "hamsa.preload.internal_error",
    title="A preload during which the service fails",
    expects="The server answers 500.",
    statements=("PRE-7",),
    needs=("key:internal-error",),
)
def internal_error(server: Server) -> None:
    answer = preload(server, {"voiceId": NOBODYS_VOICE}, "internal-error")
    require(answer.status == 500, "HTTP 500", answer)


@case(
    "hamsa.preload.by_get",
    title="A preload by another method",
    expects="The server does not take GET; if it answers 405, Allow names POST (RFC 9110, 15.5.6).",
    statements=("PRE-1",),
)
def by_get(server: Server) -> None:
    answer = unless_limited(server.rest("GET", path(server)))
    require(answer.status >= 400, "an error", answer)
    if answer.status == 405:
        allowed = [method.strip() for method in answer.headers.get("allow", "").split(",")]
        require("POST" in allowed, "POST in the header Allow", ", ".join(allowed) or "no such header")


def _tolerated(name: str, make: Callable[[Server], tuple[dict[str, str], str]]) -> Case:
    @case(
        f"hamsa.preload.tolerates[{name.replace(' ', '_')}]",
        title=f"A preload in another form: {name}",
        expects="The server answers 200, for the form means the same.",
        statements=("PRE-1",),
        kind="optimal",
        needs=("voice:custom",),
    )
    def tolerated(server: Server) -> None:
        headers, voice = make(server)
        answer = preload(server, {"voiceId": voice}, headers=headers)
        require(answer.status == 200, "HTTP 200", answer)

    return tolerated


tolerates = family(
    {
        "a charset": lambda server: ({"Content-Type": f"{JSON}; charset=utf-8"}, server.voice("custom")),
        "the scheme in lower case": lambda server: (
            {"Authorization": server.authorization().replace("Token", "token")},
            server.voice("custom"),
        ),
        "the id in capitals": lambda server: ({}, server.voice("custom").upper()),
    },
    _tolerated,
)


@case(
    "hamsa.preload.again",
    title="A preload of a voice that is loaded",
    expects="The server answers it as the first one.",
    statements=("PRE-10",),
    needs=("voice:custom",),
)
def again(server: Server) -> None:
    for _ in range(3):
        answer = preload(server, {"voiceId": server.voice("custom")})
        require(answer.status == 200, "HTTP 200", answer)
