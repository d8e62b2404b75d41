"""REST requests as a case makes them."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hamsa_conformance.client.socket_stream import Address, CannotConnect
from hamsa_conformance.judgement import CannotTell
from hamsa_kit.transcript import Entry, digest

JSON = "application/json"
READ_BYTES = 65_536
MOST_BYTES = 64 * 2**20
MOST_SECONDS = 120.0
"""Of real time; no case asks for an answer that takes longer."""
SHOWN = ("application/json", "text/")
LIMITED = 429


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """An answer over HTTP. Header names are in lower case. Times are seconds of the clock that counts, from the
    request on: until the status came, and until all had come."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    status_after: float = 0.0
    ended_after: float = 0.0

    @property
    def json(self) -> Any:
        """The body as JSON; None: it is none, or nested too deeply to be read."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def __str__(self) -> str:
        content = self.headers.get("content-type", "")
        shown = self.body[:200].decode(errors="replace") if content.startswith(SHOWN) else f"{len(self.body):,} bytes"
        return f"HTTP {self.status} {shown}"


@dataclass(frozen=True, slots=True)
class RestRequest:
    """A request over HTTP. `body`: JSON, or bytes as they are; None: none. `headers` go before those that follow from
    the body."""

    method: str
    path: str
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def content(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers as they are sent, but for what HTTP needs."""
        return ({} if self.body is None else {"Content-Type": JSON}) | dict(self.headers)


NO_ANSWER = "the server ends the connection without an answer over HTTP"
CUT_ANSWER = "the server ends the connection in the middle of an answer over HTTP"


class BrokenHttp(http.client.HTTPException):
    """The server answered with something that is no HTTP, or with less than it promised."""


class RestCall:
    """One request on a connection of its own. `now` tells the time; `sent` is called once it has been sent."""

    def __init__(
        self,
        address: Address,
        request: RestRequest,
        now: Callable[[], float],
        timeout: float,
        sent: Callable[[], None] = lambda: None,
    ) -> None:
        self.request = request
        self.answer: RestAnswer | None = None
        self._address = address
        self._now = now
        self._timeout = timeout
        self._sent = sent

    def run(self) -> None:
        """Make it; the answer is then in `answer`. Errors: CannotConnect, TimeoutError, BrokenHttp."""
        connection = http.client.HTTPConnection(self._address.host, self._address.port, timeout=self._timeout)
        connection.default_port = self._address.default_port  # so that the header Host does not name it
        connection.sock = self._address.connect(self._timeout)
        begin = self._now()
        response: http.client.HTTPResponse | None = None
        try:
            connection.request(self.request.method, self.request.path, self.request.content, self.request.all_headers)
            self._sent()
            response = connection.getresponse()
            status_after = self._now() - begin
            body = read_body(response)
        except (TimeoutError, BrokenHttp):
            raise
        except ConnectionError as error:  # RemoteDisconnected is one
            raise BrokenHttp(NO_ANSWER if response is None else CUT_ANSWER) from error
        except (OSError, http.client.HTTPException) as error:
            raise BrokenHttp(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        self.answer = RestAnswer(response.status, headers, body, status_after, self._now() - begin)


def read_body(response: http.client.HTTPResponse) -> bytes:
    """The body of an answer. Errors: BrokenHttp where it has no end, or comes too slowly to have one soon."""
    begin, body = time.monotonic(), bytearray()
    while data := response.read1(READ_BYTES):
        body += data
        if len(body) > MOST_BYTES:
            raise BrokenHttp(f"an answer of more than {MOST_BYTES:,} bytes")
        if time.monotonic() - begin > MOST_SECONDS:
            raise BrokenHttp(f"an answer that has not ended after {MOST_SECONDS:g} s")
    if response.length:
        raise BrokenHttp(f"an answer that ends {response.length:,} bytes too early")
    return bytes(body)


def unless_limited(answer: RestAnswer) -> RestAnswer:
    """The answer. Errors: CannotTell where it says that the key's limit of requests was reached."""
    if answer.status == LIMITED:
        raise CannotTell(f"the key's limit of requests was reached: {answer}")
    return answer


def request_entry(request: RestRequest, number: int, now: float) -> Entry:
    """What was asked, for the transcript."""
    content = request.content
    return Entry(
        kind="http_request",
        time=now,
        connection=None,
        sequence=2 * number - 1,
        provider="hamsa",
        direction="to_server",
        request=number,
        method=request.method,
        path=request.path,
        headers={name.lower(): value for name, value in request.all_headers.items()},
        text=None if content is None else content.decode(errors="replace"),
    )


def answer_entry(answer: RestAnswer, number: int, now: float) -> Entry:
    """What was answered, for the transcript."""
    is_text = answer.headers.get("content-type", "").startswith(SHOWN)
    return Entry(
        kind="http_answer",
        time=now,
        connection=None,
        sequence=2 * number,
        provider="hamsa",
        direction="to_client",
        request=number,
        status=answer.status,
        headers=dict(answer.headers),
        text=answer.body.decode(errors="replace") if is_text else None,
        size=None if is_text else len(answer.body),
        hash=None if is_text else digest(answer.body),
    )


__all__ = ["BrokenHttp", "CannotConnect", "RestAnswer", "RestCall", "RestRequest", "answer_entry", "request_entry"]
