"""Connecting: the endpoint, the ways of the key, the greeting, and what clients of all kinds bring along."""

from typing import Any

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.client.answer import error_text
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import BOTH, HEADER, NOWHERE, QUERY, Server
from hamsa_conformance.judgement import require, unmet
from hamsa_conformance.vocabulary.speech import require_whole

SPREAD = 1.0
"""Seconds by which the service's first audio was seen to vary (2026-02)."""

AT_ONCE = 5
ELSEWHERE = "/v1/realtime/elsewhere"
LIBRARY = {"User-Agent": "Python/3.12 websockets/12.0"}


@case(
    "hamsa.connecting.endpoint",
    title="The answer to an upgrade request",
    expects="The server switches protocols with 101 and the right Sec-WebSocket-Accept (RFC 6455, 4.2.2).",
    statements=("WST-1",),
)
def endpoint(server: Server) -> None:
    client = server.connect(greeting=False)
    require(client.session.extensions == "", "no extension, as none was offered", client.session.extensions)


@case(
    "hamsa.connecting.info_first",
    title="The first message of a connection",
    expects="The server greets a client with info, before anything else.",
    statements=("API-2",),
)
def info_first(server: Server) -> None:
    content = server.connect(greeting=False).expect("info")
    server.wording(error_text(content), server.facts.text("text.info"), "the greeting")


@case(
    "hamsa.connecting.info_once",
    title="What comes behind the greeting",
    expects="The server sends nothing more until the client asks for something.",
    statements=("API-2",),
)
def info_once(server: Server) -> None:
    server.connect().nothing_more()


def _key_by(by: str, statements: tuple[str, ...]) -> Case:
    @case(
        f"hamsa.connecting.key_by[{by}]",
        title=f"The key comes by {by}" if by != BOTH else "The key comes in the query and in the header",
        expects="The server accepts the key and greets the client.",
        statements=statements,
    )
    def key_by(server: Server) -> None:
        server.connect(by=by)

    return key_by


key_by = family({QUERY: ("WST-2",), HEADER: ("WST-3",), BOTH: ("WST-2", "WST-3")}, _key_by)


def _header_name(name: str, header: str) -> Case:
    @case(
        f"hamsa.connecting.header_name[{name}]",
        title=f"The header of the key in {name} case",
        expects="The server finds the key: header names have no case (RFC 9110, 5.1).",
        statements=("WST-3",),
    )
    def header_name(server: Server) -> None:
        server.connect(by=NOWHERE, headers={header: server.key()})

    return header_name


header_name = family({"lower": "x-api-key", "upper": "X-API-KEY"}, _header_name)


def _beside_key(name: str, brought: dict[str, Any]) -> Case:
    @case(
        f"hamsa.connecting.beside_key[{name}]",
        title=f"A client with a key brings along something else: {name.replace('_', ' ')}",
        expects="The server looks at the key alone and greets the client, as public clients and browsers need it.",
        statements=("WST-2",),
        kind="optimal",
    )
    def beside_key(server: Server) -> None:
        server.connect(**brought)

    return beside_key


beside_key = family(
    {
        "authorization": {"headers": {"Authorization": "Token something-else"}},
        "cookie": {"headers": {"Cookie": "session=1; api_key=something-else"}},
        "other_parameter": {"query": {"client": "hamsa-conformance", "empty": ""}},
    },
    _beside_key,
)


@case(
    "hamsa.connecting.request_before_info",
    title="A client requests speech at once, without waiting for the greeting",
    expects="The server greets it and then answers the request.",
    statements=("API-1", "API-2"),
    characters=len(SENTENCE),
)
def request_before_info(server: Server) -> None:
    client = server.connect(greeting=False)
    asked = client.ask()
    client.expect("info")
    require_whole(client.answer(asked))


@case(
    "hamsa.connecting.connections_at_once",
    title=f"Connections with one key at the same time: {AT_ONCE}",
    expects="The server greets each, and sends each the answer to its own message.",
    statements=("API-2", "API-31"),
)
def connections_at_once(server: Server) -> None:
    clients = [server.connect(greeting=False) for _ in range(AT_ONCE)]
    for number, client in enumerate(clients):
        client.send({"type": f"conformance-{number}", "payload": {}})
    for number, client in reversed(list(enumerate(clients))):
        client.expect("info")
        client.expect_error(server.facts.text("text.unsupported_type", type=f"conformance-{number}"))


@case(
    "hamsa.connecting.subprotocol_offer",
    title="A client offers subprotocols that no document names",
    expects="The server goes on with none of them, or with one that was offered (RFC 6455, 4.2.2).",
    statements=("WST-1",),
)
def subprotocol_offer(server: Server) -> None:
    server.connect(subprotocols=("realtime.conformance", "v2.conformance"))


def _extension_offer(name: str, compression: bool) -> Case:
    @case(
        f"hamsa.connecting.extension_offer[{name}]",
        title="A client offers an extension that nobody knows"
        + (", and permessage-deflate behind it" if compression else ""),
        expects="The server goes on without the unknown one (RFC 6455, 9.1), and its messages can be read.",
        statements=("WST-1",),
        characters=len(SENTENCE),
    )
    def extension_offer(server: Server) -> None:
        offer = {"Sec-WebSocket-Extensions": "x-conformance; level=1"}
        server.connect(headers=offer, compression=compression).speak()

    return extension_offer


extension_offer = family({"unknown": False, "unknown_and_deflate": True}, _extension_offer)


@case(
    "hamsa.connecting.other_path",
    title="An upgrade request to a path beside the endpoint",
    expects="The server refuses it over HTTP, as with 404 (RFC 6455, 4.2.2).",
    statements=("WST-1",),
)
def other_path(server: Server) -> None:
    client = server.upgrade(path=ELSEWHERE)
    if client.was_accepted:
        unmet("HTTP 404", "an open connection")
    require(client.upgraded is not None and client.upgraded.status >= 400, "HTTP 404", client.refusal)


@case(
    "hamsa.connecting.plain_get",
    title="A plain GET of the endpoint, without an upgrade",
    expects="The server answers at once with an error, such as 400, 404 or 426 (RFC 6455, 4.2.1).",
    statements=("WST-1",),
)
def plain_get(server: Server) -> None:
    key = {server.facts.text("auth.header"): server.key()}
    answer = server.rest("GET", server.facts.text("endpoint.realtime"), key=None, headers=key)
    require(answer.status >= 400, "a status of an error", answer)


@case(
    "hamsa.connecting.websockets_library",
    title="A client of the library websockets, with all its defaults",
    expects="The server takes its offer of compression or does not, answers its pings and requests, and its close.",
    statements=("FAQ-11",),
    characters=2 * len(SENTENCE),
)
def websockets_library(server: Server) -> None:
    client = server.connect(headers=LIBRARY, compression=True)
    for payload in (b"\x9c\x01\x7f\xee", b"\x00\x00\x00\x00"):
        asked = client.ask()
        client.ping(payload)
        require_whole(client.answer(asked))
    client.close(1000)
    client.expect_close(1000)


@case(
    "hamsa.connecting.used_again_is_no_slower",
    title="What a connection saves that is used again",
    expects="The server begins to answer on an open connection no later than on one that has to be opened first.",
    statements=("FAQ-9",),
    kind="optimal",
    characters=2 * len(SENTENCE),
)
def used_again_is_no_slower(server: Server) -> None:
    begin = server.now()
    client = server.connect()
    first = client.speak()
    opened_first = first.asked - begin + first.chunk_times[0]
    used_again = client.speak().chunk_times[0]
    words = f"audio after {opened_first + SPREAD:.1f} s at most, {SPREAD:g} s later than on the new connection"
    require(used_again <= opened_first + SPREAD, words, f"{used_again:.1f} s")
