"""REST requests and their answers, without I/O: a request goes in, an answer with its timing comes out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import orjson

from hamsa_mock.core.actions import Request, Why


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request that has been read. Header names are in lower case; of a repeated header or query parameter the
    first value counts. `body` is None where it is larger than its route reads. `number`: of its exchange, from 1.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = b""
    number: int = 0


@dataclass(frozen=True, slots=True)
class BreakOff:
    """The connection ends in the middle of an answer.

    `after`: so many bytes of the body are sent, or all, if there are fewer; None: not even the head is. `how`: with a
    RST, with the end of the stream, or with bytes that are no chunk of a chunked body in front of it.
    """

    after: int | None
    how: Literal["reset", "end", "garbage"]


def _ignore(nbytes: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, eq=False)
class HttpAnswer:
    """An answer and when it leaves. Times are seconds from the request's arrival.

    `body` is made piece by piece while it is taken, which can be done once. The head leaves with the first piece,
    after `delay`, every other piece `gap` after the one before it. `length`: bytes of the body; None: it is not
    told, and a body is sent chunked. `ended` has to be called once, with the number of bytes of the body that were
    sent. `request` and `why` are for the log. `broken`: it does not end as it should.
    """

    status: int
    body: Iterable[bytes] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None
    delay: float = 0
    gap: float = 0
    ended: Callable[[int], None] = _ignore
    request: Request | None = None
    why: Why | None = None
    broken: BreakOff | None = None


HttpHandler: TypeAlias = Callable[[HttpRequest, float], HttpAnswer]
"""Answers a request that arrived at a time, in seconds of the World's clock."""


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """A path that is answered, and the size in bytes above which the body of a request is not read."""

    handle: HttpHandler
    body_bytes: int


def json_answer(
    status: int, content: object, why: Why | None = None, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """A JSON body, at once."""
    body = orjson.dumps(content)
    headers = {"Content-Type": "application/json", **(headers or {})}
    return HttpAnswer(status, [body], headers, len(body), why=why)


def error_answer(
    status: int, message: str, why: Why | None = None, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """An error in the shape of the services' REST errors."""
    return json_answer(status, {"code": status, "message": message}, why, headers)
