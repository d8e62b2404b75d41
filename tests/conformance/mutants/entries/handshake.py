"""The upgrade."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from websockets.http11 import Request, Response

import hamsa_mock.shell.app
from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.actions import Reject
from hamsa_mock.mock import Mock
from hamsa_mock.shell.http import Http
from hamsa_mock.shell.quiet_protocol import QuietProtocol
from tests.conformance.mutants.mutant import Change, mutant, replaced
from tests.conformance.mutants.spreading import ungreeted_behind
from tests.conformance.mutants.wire import each

REALTIME = "/v1/realtime/ws"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def _response(change: Callable[[Request, Response], object]) -> Change:
    """The answer to an upgrade that is accepted is another one."""

    def apply(original: Any) -> Any:
        def accept(self: QuietProtocol, request: Request) -> Response:
            response: Response = original(self, request)
            if response.status_code == 101:
                change(request, response)
            return response

        return accept

    return replaced(QuietProtocol, "accept", apply)


def _request(change: Callable[[Request], object]) -> Change:
    """The upgrade is taken for another one."""

    def apply(original: Any) -> Any:
        def accept(self: QuietProtocol, request: Request) -> Response:
            change(request)
            response: Response = original(self, request)
            return response

        return accept

    return replaced(QuietProtocol, "accept", apply)


def _set(name: str, value: str) -> Callable[[Request, Response], object]:
    def change(request: Request, response: Response) -> None:
        if name in response.headers:
            del response.headers[name]
        response.headers[name] = value

    return change


def _without(name: str) -> Callable[[Request, Response], object]:
    def change(request: Request, response: Response) -> None:
        del response.headers[name]

    return change


def _right(name: str, value: str) -> Callable[[Request], object]:
    def change(request: Request) -> None:
        if name in request.headers:
            del request.headers[name]
        request.headers[name] = value

    return change


def _key_of(length: int) -> Change:
    """A Sec-WebSocket-Key of this length is taken for a right one; 0: none is needed."""

    def change(request: Request) -> None:
        keys = request.headers.get_all("Sec-WebSocket-Key")
        if sum(map(len, keys)) == length:
            _right("Sec-WebSocket-Key", KEY)(request)

    return _request(change)


def _refused(is_wrong: Callable[[Request], bool]) -> Change:
    """A right upgrade is refused."""

    def apply(original: Any) -> Any:
        def accept(self: QuietProtocol, request: Request) -> Response:
            response: Response = original(self, request)
            if response.status_code == 101 and is_wrong(request):
                return self.reject(HTTPStatus.BAD_REQUEST, "refused by mistake")
            return response

        return accept

    return replaced(QuietProtocol, "accept", apply)


def _names_in_one_case(original: Any) -> Any:
    def on_header(self: Http, name: bytes, value: bytes) -> None:
        if name != b"sec-websocket-key":
            original(self, name, value)

    return on_header


def _served(status: int) -> Change:
    """An upgrade that has to be refused with this status is accepted."""

    def apply(original: Any) -> Any:
        def refusing(self: Mock, number: int, refused_with: int, *why: Any) -> Any:
            route = self.route(REALTIME)
            if refused_with == status and route is not None:
                return self.session(number, REALTIME, route)
            return original(self, number, refused_with, *why)

        return refusing

    return replaced(Mock, "refusing", apply)


def _ok_for_plain_requests(original: Any) -> Any:
    def response(status: int, message: str, headers: Any = None) -> Any:
        return original(200, "Hello") if status == 426 else original(status, message, headers)

    return response


def _any_path(original: Any) -> Any:
    return lambda self, path: original(self, path) or original(self, REALTIME)


def _echoes_subprotocol(request: Request, response: Response) -> None:
    response.headers["Sec-WebSocket-Protocol"] = request.headers.get("Sec-WebSocket-Protocol", "hamsa")


MUTANTS = (
    mutant(
        "handshake.200",
        "An upgrade is answered with 200.",
        "RFC 6455, 4.2.2",
        each("accept", lambda accept: [Reject(200, b"")]),
        cases=("hamsa.upgrade.accepted",),
    ),
    mutant(
        "handshake.wrong_accept",
        "The Sec-WebSocket-Accept is always the same.",
        "RFC 6455, 4.2.2",
        _response(_set("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")),
        cases=("hamsa.upgrade.accepted",),
    ),
    mutant(
        "handshake.no_accept",
        "There is no Sec-WebSocket-Accept.",
        "RFC 6455, 4.2.2",
        _response(_without("Sec-WebSocket-Accept")),
        cases=("hamsa.upgrade.accepted",),
    ),
    mutant(
        "handshake.no_upgrade",
        "The answer has no header Upgrade.",
        "RFC 6455, 4.2.2",
        _response(_without("Upgrade")),
        cases=("hamsa.connecting.endpoint",),
    ),
    mutant(
        "handshake.no_connection",
        "The answer has no header Connection.",
        "RFC 6455, 4.2.2",
        _response(_without("Connection")),
        cases=("hamsa.connecting.endpoint",),
    ),
    mutant(
        "handshake.unasked_extension",
        "The server compresses though no client asked for it.",
        "RFC 6455, 9.1",
        _response(_set("Sec-WebSocket-Extensions", "permessage-deflate")),
        cases=("hamsa.connecting.endpoint",),
    ),
    mutant(
        "handshake.unasked_subprotocol",
        "The server chooses a subprotocol though no client asked for one.",
        "RFC 6455, 4.2.2",
        _response(_echoes_subprotocol),
        cases=("hamsa.connecting.endpoint",),
    ),
    mutant(
        "handshake.any_version",
        "Every version of WebSocket is accepted.",
        "RFC 6455, 4.4",
        _request(_right("Sec-WebSocket-Version", "13")),
        _served(426),
        cases=("hamsa.upgrade.other_version",),
    ),
    mutant(
        "handshake.no_key",
        "An upgrade needs no Sec-WebSocket-Key.",
        "RFC 6455, 4.2.1",
        _key_of(0),
        cases=("hamsa.upgrade.refused[no_key]",),
    ),
    mutant(
        "handshake.short_key",
        "A Sec-WebSocket-Key may have 8 bytes.",
        "RFC 6455, 4.2.1",
        _key_of(12),
        cases=("hamsa.upgrade.refused[short_key]",),
    ),
    mutant(
        "handshake.values_in_one_case",
        "The header Upgrade has to be written in lower case.",
        "WST-1",
        _refused(lambda request: request.headers["Upgrade"] != "websocket"),
    ),
    mutant(
        "handshake.names_in_one_case",
        "The names of headers must not be written in lower case.",
        "WST-1",
        replaced(Http, "on_header", _names_in_one_case),
    ),
    mutant(
        "handshake.one_token",
        "The header Connection must have one value.",
        "WST-1",
        _refused(lambda request: "," in request.headers["Connection"]),
    ),
    mutant(
        "handshake.no_browsers",
        "Upgrades with an Origin are refused.",
        "WST-1",
        _refused(lambda request: "Origin" in request.headers),
    ),
    mutant(
        "handshake.any_method",
        "An upgrade by POST is accepted.",
        "RFC 6455, 4.2.1",
        _served(405),
        cases=("hamsa.upgrade.refused",),
    ),
    mutant(
        "handshake.http_1_0",
        "An upgrade in HTTP/1.0 is accepted.",
        "RFC 6455, 4.2.1",
        _served(505),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.upgrade.refused",),
    ),
    mutant(
        "handshake.plain_request",
        "A request without an upgrade is answered with 200.",
        "RFC 6455, 4.2.1",
        replaced(hamsa_mock.shell.app, "error_response", _ok_for_plain_requests),
        cases=("hamsa.connecting.plain_get",),
    ),
    mutant(
        "handshake.next_client",
        "A client that sends what is no HTTP costs the next one its greeting.",
        "API-2",
        *ungreeted_behind(Http, "_refuse", lambda http: True),
    ),
    mutant("handshake.any_path", "WebSocket is spoken on every path.", "WST-1", replaced(Mock, "route", _any_path)),
    mutant(
        "handshake.bad_extension",
        "The parameters of the compression that is accepted are unknown ones.",
        "FAQ-11",
        _response(_set("Sec-WebSocket-Extensions", "permessage-deflate; window=15")),
    ),
)
