"""Requests over HTTP that no library makes: upgrades with something wrong, and several on one connection."""

import http.client
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from websockets.utils import accept_key

from hamsa_conformance.client.rest import RestAnswer, RestRequest, answer_entry, read_body
from hamsa_conformance.client.spending import characters_of
from hamsa_conformance.judgement import unmet

if TYPE_CHECKING:
    from hamsa_conformance.client.http_server import HttpServer

NONCE = "aGFtc2EtY29uZm9ybWFuYw=="
"""16 bytes in Base64, as RFC 6455, 4.1 wants them."""

Value = str | Iterable[str] | None
"""Of a header; several: it comes several times; None: it does not come."""

_UPGRADE: Mapping[str, str] = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": NONCE,
    "Sec-WebSocket-Version": "13",
}


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request that is sent as it is. A header may come several times."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    version: str = "HTTP/1.1"
    body: bytes = field(default=b"", repr=False)

    @property
    def content(self) -> bytes:
        """All bytes of it."""
        lines = [f"{self.method} {self.target} {self.version}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode() + self.body

    @property
    def shown(self) -> RestRequest:
        """The same for the transcript."""
        headers: dict[str, str] = {}
        for name, value in self.headers:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return RestRequest(self.method, self.target, self.body or None, headers)


def upgrade_request(
    target: str, host: str, changes: Mapping[str, Value] | None = None, method: str = "GET", version: str = "HTTP/1.1"
) -> RawRequest:
    """A request for an upgrade (RFC 6455, 4.1), with other headers where `changes` names them."""
    wanted: dict[str, Value] = {"Host": host, **_UPGRADE, **(changes or {})}
    headers: list[tuple[str, str]] = []
    for name, value in wanted.items():
        values = () if value is None else (value,) if isinstance(value, str) else value
        headers += [(name, each) for each in values]
    return RawRequest(method, target, tuple(headers), version)


def is_upgrade(answer: RestAnswer) -> bool:
    """Whether the answer opens a WebSocket for a request with NONCE (RFC 6455, 4.1)."""
    return answer.status == 101 and answer.headers.get("sec-websocket-accept") == accept_key(NONCE)


class RawHttp:
    """One connection over HTTP. Use it with `with`."""

    def __init__(self, server: "HttpServer", connected: socket.socket) -> None:
        self._server = server
        self._socket = connected

    def __enter__(self) -> "RawHttp":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: RawRequest) -> RestAnswer | None:
        """The answer; None: the server ended the connection instead. Errors: Unmet for none, or what is no HTTP."""
        self._server.meter.request(characters_of(request.body))
        number = self._server.note_rest(request.shown)
        answers: list[RestAnswer] = []

        def exchange() -> None:
            self._socket.sendall(request.content)
            response = http.client.HTTPResponse(self._socket, method=request.method)
            try:
                response.begin()
                headers = {name.lower(): value for name, value in response.getheaders()}
                answers.append(RestAnswer(response.status, headers, read_body(response)))
            finally:
                response.close()

        try:
            self._server.while_time_passes(exchange)
        except TimeoutError:
            unmet("an answer over HTTP", f"nothing in {self._server.timeout:g} s")
        except (http.client.RemoteDisconnected, ConnectionError):
            return None
        except http.client.HTTPException as error:
            unmet("an answer over HTTP", f"{type(error).__name__}: {error}")
        self._server.transcript.append(answer_entry(answers[0], number, self._server.now()))
        return answers[0]
