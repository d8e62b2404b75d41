"""uvicorn's HTTP protocol, with upgrades handed to our own connection class.

uvicorn's way of handing over throws away what a client sends right behind its upgrade request, keeps telling
the old protocol about a full write buffer, and rewrites the request: so the hand-over is our own. It relies on
a few methods of `HttpToolsProtocol` that are no documented contract; `check_contract` looks for them at start.
"""

import logging
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote

import httptools
import orjson
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from hamsa_mock.core.events import Opening
from hamsa_mock.shell.connection import Connection
from hamsa_mock.shell.hub import Hub

LOGGER = logging.getLogger("hamsa_mock.http")
"""Instead of uvicorn's own logger, which belongs to the user where the mock runs inside another program."""

USED = ("_should_upgrade", "_unset_keepalive_if_required", "send_400_response", "shutdown")


class UnfitUvicorn(RuntimeError):
    """The installed uvicorn is not one that the mock can hand over from."""


def check_contract() -> None:
    """Raises UnfitUvicorn where uvicorn lacks what `Http` overrides or calls."""
    missing = [name for name in USED if not hasattr(HttpToolsProtocol, name)]
    if missing:
        raise UnfitUvicorn(f"this version of uvicorn has no {', '.join(missing)}; install the one in constraints.txt")


class Http(HttpToolsProtocol):
    """One HTTP connection, until it is upgraded."""

    def __init__(self, hub: Hub, config: Config, state: ServerState) -> None:
        super().__init__(config=config, server_state=state, app_state={}, _loop=hub.loop)
        self._hub = hub
        self.logger = LOGGER

    def data_received(self, data: bytes) -> None:
        """As in uvicorn, but for upgrades and for what is said of an invalid request."""
        self._unset_keepalive_if_required()
        assert self.parser is not None  # until the connection is lost
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self._upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            self.send_400_response(f"not an HTTP request: {error}")

    def send_400_response(self, msg: str) -> None:
        """The bytes were no HTTP: say so as JSON, and close."""
        body = orjson.dumps({"code": 400, "message": msg})
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(head.encode() + b"connection: close\r\n\r\n" + body)
        self.transport.close()

    def _upgrade(self, early: bytes) -> None:
        """Hand the transport over to a WebSocket connection, or to a session that refuses it."""
        self.connections.discard(self)
        target = self.url.decode("latin-1")
        path, _, query = target.partition("?")
        path = unquote(path)
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.headers]
        mock = self._hub.mock
        route = mock.route(path)
        protocol = ServerProtocol(state=State.OPEN, max_size=route.message_bytes if route else None)
        response = protocol.accept(Request(target, Headers(headers)))
        if route is None:
            session = mock.refusing(404, mock.nothing_at(path))
        elif self.scope["method"] != "GET":
            session = mock.refusing(405, "A WebSocket handshake is a GET request", {"Allow": "GET"})
        elif self.scope["http_version"] != "1.1":
            session = mock.refusing(505, "A WebSocket handshake needs HTTP/1.1")
        elif response.status_code != 101:
            session = mock.refusing(response.status_code, str(protocol.handshake_exc))
        else:
            session = mock.session(route)
        opening = Opening(
            path=path,
            query=_first_values(parse_qsl(query, keep_blank_values=True)),
            headers=_first_values((name.lower(), value) for name, value in headers),
            peer=_address(self.client),
        )
        Connection(self._hub, self.transport, protocol, session).open(opening, response, early)


def _first_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in pairs:
        values.setdefault(name, value)
    return values


def _address(client: tuple[str, int] | None) -> str:
    if client is None:
        return "an unknown address"
    host, port = client
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
