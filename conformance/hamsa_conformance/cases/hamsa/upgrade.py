"""Upgrade requests: every right form opens a connection, and none with something wrong does (RFC 6455, 4)."""

from collections.abc import Mapping

from hamsa_conformance.case import Case, Kind, case, family
from hamsa_conformance.client.raw_http import NONCE, RawRequest, Value, is_upgrade
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require, unmet

RIGHT: Mapping[str, Mapping[str, Value]] = {
    "upper_case": {"Upgrade": "WEBSOCKET", "Connection": "UPGRADE"},
    "several_tokens": {"Connection": "keep-alive, Upgrade"},
    "lower_case_names": {
        "Sec-WebSocket-Key": None,
        "Sec-WebSocket-Version": None,
        "sec-websocket-key": NONCE,
        "sec-websocket-version": "13",
    },
    "browser": {"Origin": "https://example.com", "User-Agent": "Mozilla/5.0", "Cache-Control": "no-cache"},
}

WRONG: Mapping[str, tuple[str, Mapping[str, Value]]] = {
    "no_key": ("without Sec-WebSocket-Key", {"Sec-WebSocket-Key": None}),
    "short_key": ("with a Sec-WebSocket-Key of 8 bytes", {"Sec-WebSocket-Key": "aGFtc2FoYW0="}),
    "no_version": ("without Sec-WebSocket-Version", {"Sec-WebSocket-Version": None}),
}


def _right(name: str, changes: Mapping[str, Value]) -> Case:
    @case(
        f"hamsa.upgrade.accepted[{name}]",
        title=f"An upgrade request as some clients write it: {name.replace('_', ' ')}",
        expects="The server opens the connection, with the right Sec-WebSocket-Accept (RFC 6455, 4.2).",
        statements=("WST-1",),
    )
    def accepted(server: Server) -> None:
        answer = server.raw_upgrade(changes)
        require(answer is not None and is_upgrade(answer), "HTTP 101 with the right Sec-WebSocket-Accept", answer)

    return accepted


accepted = family(RIGHT, _right)


def _refused(name: str, what: str, changes: Mapping[str, Value], *, kind: Kind = "required", **how: str) -> Case:
    @case(
        f"hamsa.upgrade.refused[{name}]",
        title=f"An upgrade request {what}",
        expects="The server opens no connection, and answers with an error of HTTP (RFC 6455, 4.2.1).",
        basis="documented",
        kind=kind,
    )
    def refused(server: Server) -> None:
        _is_error(server, changes, **how)

    return refused


refused = (
    *(_refused(name, what, changes) for name, (what, changes) in WRONG.items()),
    _refused("other_upgrade", "to a protocol that does not exist", {"Upgrade": "conformance"}, kind="optimal"),
    _refused("post", "by POST", {}, method="POST"),
    _refused("http_1_0", "in HTTP/1.0", {}, kind="optimal", version="HTTP/1.0"),
    _refused("two_keys", "with two Sec-WebSocket-Key", {"Sec-WebSocket-Key": (NONCE, NONCE[::-1])}, kind="optimal"),
)


@case(
    "hamsa.upgrade.other_version",
    title="An upgrade request in version 12 of the protocol",
    expects="The server answers with an error of HTTP, and names the versions that it speaks (RFC 6455, 4.4).",
    basis="documented",
)
def other_version(server: Server) -> None:
    named = _is_error(server, {"Sec-WebSocket-Version": "12"})
    if "13" not in named.get("sec-websocket-version", ""):
        server.not_strict("the header Sec-WebSocket-Version with 13", dict(named).get("sec-websocket-version", "none"))


@case(
    "hamsa.upgrade.greeted_after_garbage",
    title="A client sends what is no HTTP",
    expects="The server greets the next client.",
    statements=("API-2",),
    needs=("intrusive",),
    does="Sends 64 bytes that are no HTTP.",
)
def greeted_after_garbage(server: Server) -> None:
    with server.raw_http(rest=False) as line:
        line.ask(RawRequest("\x16\x03\x01" + "\x00" * 61, "/"))
    server.connect(greeting=False).expect("info")


def _is_error(server: Server, changes: Mapping[str, Value], **how: str) -> Mapping[str, str]:
    """The headers of an answer that opens no connection; that there is an answer is not strict. Errors: Unmet."""
    answer = server.raw_upgrade(changes, **how)
    if answer is None:
        server.not_strict("an error of HTTP", "the end of the connection")
        return {}
    if answer.status < 400:
        unmet("an error of HTTP, 400 to 599", answer)
    return answer.headers
