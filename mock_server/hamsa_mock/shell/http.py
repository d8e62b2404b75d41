"""uvicorn's HTTP protocol, with upgrades handed to our own connection class.

uvicorn's way of handing over throws away what a client sends right behind its upgrade request, keeps telling
the old protocol about a full write buffer, and rewrites the request: so the hand-over is our own. It relies on
a few methods of `HttpToolsProtocol` that are no documented contract; `check_contract` looks for them at start.
"""

import http
import logging
from collections import deque
from collections.abc import Iterable
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, unquote

import httptools
import orjson
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.protocol import State

from hamsa_mock.core.events import Opening
from hamsa_mock.shell.connection import Connection
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.quiet_protocol import QuietProtocol, leaves_pings_alone
from hamsa_mock.shell.resetting import reset_when_drained
from hamsa_mock.stages.request_log import LogLine

LOGGER = logging.getLogger("hamsa_mock.http")
"""Instead of uvicorn's own logger, which belongs to the user where the mock runs inside another program."""

USED = ("_should_upgrade", "_unset_keepalive_if_required", "shutdown")

HEAD_BYTES = 64 * 1024
"""The head of a request, from its first byte to the empty line, is at most so long."""

VERSION = "Sec-WebSocket-Version"

CONNECTION = "hamsa_mock.connection"
"""Under this name a request's scope holds its `Http`."""

GARBAGE = b"this is no chunk\r\n"
"""What stands in the place of a chunk of a chunked body."""

TLS_HANDSHAKE = b"\x16\x03"
"""How a client begins that takes us for a wss:// or https:// server."""


class UnfitLibrary(RuntimeError):
    """The installed uvicorn or websockets is not one that the mock can build on."""


class HeadTooLong(Exception):
    """The head of a request exceeds HEAD_BYTES."""


def check_contract() -> None:
    """Raises UnfitLibrary where uvicorn lacks what `Http` overrides or calls, or websockets answers pings itself."""
    missing = [name for name in USED if not hasattr(HttpToolsProtocol, name)]
    if missing:
        raise UnfitLibrary(f"this version of uvicorn has no {', '.join(missing)}; install the one in constraints.txt")
    if not leaves_pings_alone():
        raise UnfitLibrary("this version of websockets answers pings by itself; install the one in constraints.txt")


class Http(HttpToolsProtocol):
    """One HTTP connection, until it is upgraded."""

    def __init__(self, hub: Hub, config: Config, state: ServerState, websockets: bool = True) -> None:
        """`websockets`: whether the endpoints of providers are here."""
        super().__init__(config=config, server_state=state, app_state={}, _loop=hub.loop)
        self._hub = hub
        self._websockets = websockets
        self.logger = LOGGER
        self._inside_request = False
        self._inside_head = False
        self._head_bytes = 0
        self._all_head = False
        self._unanswered: deque[RequestResponseCycle] = deque()
        self._waiting_upgrade: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """As in uvicorn, but for upgrades, long heads, and what is said of an invalid request."""
        self._unset_keepalive_if_required()
        assert self.parser is not None  # until the connection is lost
        self._all_head = self._inside_head or not self._inside_request
        try:
            self.parser.feed_data(data)
            if self._inside_head and self._all_head:
                self._count(len(data))
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self._upgrade_in_turn(data[upgrade.args[0] :])
        except HeadTooLong as error:
            self._refuse(431, str(error))
        except httptools.HttpParserCallbackError as error:
            self._refuse_for(error)
        except httptools.HttpParserError as error:
            if data.startswith(TLS_HANDSHAKE):
                self._refuse(
                    400, "this looks like TLS; the mock speaks ws:// and http://, with --tls wss:// and https://"
                )
            else:
                self._refuse(400, f"not an HTTP request: {error}")

    # Called by the parser.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        cast(dict[str, Any], self.scope)[CONNECTION] = self
        self._inside_request = self._inside_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        self._inside_head = self._all_head = False  # what follows in this segment is too little to be counted
        self._head_bytes = 0
        self._count(len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers))
        before = self.cycle
        super().on_headers_complete()
        while self._unanswered and self._unanswered[0].response_complete:
            self._unanswered.popleft()
        if self.cycle is not before:
            self._unanswered.append(self.cycle)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._inside_request = False

    # Called by uvicorn.

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._waiting_upgrade is not None and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            early, self._waiting_upgrade = self._waiting_upgrade, None
            self._upgrade_in_turn(early)

    # What becomes of a request that uvicorn does not answer.

    def _count(self, nbytes: int) -> None:
        """So much more of a head has come. Raises HeadTooLong."""
        self._head_bytes += nbytes
        if self._head_bytes > HEAD_BYTES:
            raise HeadTooLong(f"the head of a request is at most {HEAD_BYTES} bytes long")

    def _refuse_for(self, error: httptools.HttpParserCallbackError) -> None:
        """httptools wraps what its callbacks raise. A mistake of ours goes on to the event loop, which reports it."""
        match error.__context__:
            case HeadTooLong() as cause:
                self._refuse(431, str(cause))
            case httptools.HttpParserInvalidURLError():
                self._refuse(400, "not an HTTP request: its target is no path")
            case _:
                raise error

    def break_off(self, how: Literal["reset", "end", "garbage"]) -> None:
        """End the connection in the middle of an answer, behind what was sent of it."""
        self._let_go()
        match how:
            case "reset":
                reset_when_drained(self.transport, self._hub.loop)
            case "end":
                self.transport.close()
            case _:
                self.transport.write(GARBAGE)
                self.transport.close()

    def _let_go(self) -> None:
        """Nothing more is answered here."""
        for cycle in self._unanswered:
            cycle.disconnected = True
            cycle.message_event.set()

    def _refuse(self, status: int, message: str) -> None:
        """Say why as JSON, and close. An answer that has begun is broken off: nothing may stand in its middle."""
        begun = any(cycle.response_started and not cycle.response_complete for cycle in self._unanswered)
        self._let_go()
        if begun:
            self.transport.abort()
        else:
            self.transport.write(refusal(status, message))
            self.transport.close()
        tell_refusal(self._hub, self.client, status, message)

    def _upgrade_in_turn(self, early: bytes) -> None:
        """Answer an upgrade behind the requests in front of it (RFC 9110, 7.8). A client that has read the last byte of
        an answer may send it before that answer is complete here. Until then it is not read.
        """
        if all(cycle.response_complete for cycle in self._unanswered):
            self._upgrade(early)
        else:
            self._waiting_upgrade = early
            self.flow.pause_reading()

    def _upgrade(self, early: bytes) -> None:
        """Hand the transport over to a WebSocket connection, or to a session that refuses it."""
        self.connections.discard(self)
        target = self.url.decode("latin-1")
        path, _, query = target.partition("?")
        path = unquote(path)
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers]
        mock = self._hub.mock
        route = mock.route(path) if self._websockets else None
        protocol = QuietProtocol(
            state=State.OPEN,
            max_size=route.message_bytes if route else None,
            extensions=[ServerPerMessageDeflateFactory()] if route and route.compression else None,
        )
        response = protocol.accept(Request(target, Headers(headers)))
        number = mock.world.next_connection()
        if route is None:
            session = mock.refusing(number, 404, mock.nothing_at(path))
        elif self.scope["method"] != "GET":
            session = mock.refusing(number, 405, "A WebSocket handshake is a GET request", {"Allow": "GET"})
        elif self.scope["http_version"] != "1.1":
            session = mock.refusing(number, 505, "A WebSocket handshake needs HTTP/1.1")
        elif other := [value for name, value in headers if name.lower() == VERSION.lower() and value.strip() != "13"]:
            told = {VERSION: "13", "Upgrade": "websocket"}  # RFC 6455, 4.4
            session = mock.refusing(number, 426, f"WebSocket version {', '.join(other)} is not 13", told)
        elif response.status_code != 101:
            session = mock.refusing(number, response.status_code, str(protocol.handshake_exc))
        else:
            session = mock.session(number, path, route)
        opening = Opening(
            path=path,
            query=first_values(parse_qsl(query, keep_blank_values=True)),
            headers=first_values((name.lower(), value) for name, value in headers),
            peer=shown_address(self.client),
        )
        Connection(self._hub, number, self.transport, protocol, session).open(opening, response, early)


def first_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name; of a name that comes several times the first value."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values.setdefault(name, value)
    return values


def refusal(status: int, message: str) -> bytes:
    """A whole answer that says why as JSON, and that the connection ends behind it."""
    body = orjson.dumps({"code": status, "message": message})
    head = (
        f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body


def tell_refusal(hub: Hub, client: tuple[str, int] | None, status: int, message: str) -> None:
    """The line of the log for such an answer."""
    peer = shown_address(client)
    data: dict[str, str | int | float] = {"peer": peer, "status": status}
    hub.mock.tell(LogLine(hub.now(), None, "http", f"{peer}: {status} {message}", data))


def shown_address(client: tuple[str, int] | None) -> str:
    """`host:port`, as it stands in a URL."""
    if client is None:
        return "an unknown address"
    host, port = client
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
