"""REST requests over uvicorn: bodies come in up to a limit, answers go out piece by piece when they are due."""

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope, Send

from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.core.journal import HttpExchange
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.faults.http import HttpFaults
from hamsa_mock.shell.http import CONNECTION, first_values
from hamsa_mock.shell.hub import Hub
from hamsa_mock.stages.http_log import Exchange, HttpLog


class RestEndpoint:
    """An ASGI application for the paths of REST routes, whatever the method."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._log = HttpLog(hub.mock.tell, hub.mock.world.behaviours)
        self._faults = HttpFaults(hub.mock.faults, hub.mock.tell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._hub.mock.http_route(scope["path"])
        headers = first_values((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        body = _Body(receive, route.body_bytes)
        if not await body.read(int(headers.get("content-length", 0))):
            self._log.tell_unread(scope["method"], scope["path"], self._hub.now(), stopped=self._hub.stopped)
            return
        query = first_values(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        mock, arrived = self._hub.mock, self._hub.now()
        number = mock.journal.next_exchange()
        request = HttpRequest(scope["method"], scope["path"], query, headers, body.data, number)
        recorded = mock.journal.http_request(request, arrived, mock.http_provider(request.path))
        answer = self._faults.instead_of_request(request, arrived)
        if answer is None:
            answer = self._faults.answer(request, route.handle(request, arrived), arrived)
        exchange = await self._send(request, answer, arrived, recorded, receive, send)
        exchange.stopped = self._hub.stopped
        answer.ended(exchange.nbytes)
        self._log.tell(request, answer, exchange, self._hub.now())
        if exchange.broken and answer.broken is not None:
            scope[CONNECTION].break_off(answer.broken.how)
        elif exchange.whole:
            if body.data is None:
                await body.throw_away_rest()
            await send(_piece(b"", more=False))

    async def _send(
        self,
        request: HttpRequest,
        answer: HttpAnswer,
        arrived: float,
        recorded: HttpExchange,
        receive: Receive,
        send: Send,
    ) -> Exchange:
        """Send all of an answer but the end of its body, which is still to be sent if the client stayed."""
        exchange = Exchange(arrived)
        due = arrived + answer.delay
        patience = _Patience(self._hub, receive)
        try:
            if answer.delay and not await patience.until(due):
                return exchange
            if answer.broken is not None and answer.broken.after is None:
                exchange.broken = True
                return exchange
            recorded.answered(answer.status, answer.headers, self._hub.now())
            await send(_head(answer, last=request.body is None))
            for piece in () if request.method == "HEAD" else _pieces(answer):
                # Also where the time has come already: so the other connections have their turn between two pieces.
                if exchange.first is not None and not await patience.until(due):
                    return exchange
                exchange.first = exchange.first or self._hub.now()
                await send(_piece(piece, more=True))
                recorded.sent(piece)
                exchange.nbytes += len(piece)
                due += answer.gap
        finally:
            await patience.end()
        exchange.broken = answer.broken is not None
        exchange.whole = not exchange.broken
        if exchange.whole:
            recorded.ended()
        return exchange


class _Body:
    """The body of a request."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.data: bytes | None = b""
        """None: there is more of it than `limit` bytes."""
        self._receive = receive
        self._limit = limit

    async def read(self, declared: int) -> bool:
        """Read all of it, unless it is too large, or declared to be. False: the client went in the middle of it."""
        read = bytearray()
        more = declared <= self._limit
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return False
            read += message["body"]
            more = message["more_body"] and len(read) <= self._limit
        self.data = bytes(read) if max(declared, len(read)) <= self._limit else None
        return True

    async def throw_away_rest(self) -> None:
        """Read on, as much again at most: a connection that is closed while the client sends is reset, and the
        answer can be lost on its way."""
        nbytes, more = 0, True
        while more and nbytes <= self._limit:
            message = await self._receive()
            nbytes += len(message.get("body", b""))
            more = message.get("more_body", False)


class _Patience:
    """Waits by the World's clock, and no longer than the client does: a Sleeper for the scheduler."""

    def __init__(self, hub: Hub, receive: Receive) -> None:
        self.alarm: Entry | None = None
        self.deadline: float | None = None
        self.settled = True
        self._hub = hub
        self._receive = receive
        self._waiting: asyncio.Future[bool] = hub.loop.create_future()
        self._watch: asyncio.Task[None] | None = None

    async def until(self, time: float) -> bool:
        """True when the time has come, False when the client has gone."""
        if self._watch is None:
            self._watch = self._hub.loop.create_task(self._watch_client())
        elif self._watch.done():
            return False
        self._waiting = self._hub.loop.create_future()
        self.deadline = time
        self.settled = True
        self._hub.alarm.watch(self)
        return await self._waiting

    def wake(self) -> None:
        """The time has come. It is settled when it waits again, or when nothing is left to be sent."""
        self.settled = False
        self._decide(True)

    async def end(self) -> None:
        """Wait no more."""
        self.deadline = None
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        self.settled = True

    async def _watch_client(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._decide(False)

    def _decide(self, come: bool) -> None:
        self.deadline = None
        if not self._waiting.done():
            self._waiting.set_result(come)


def _head(answer: HttpAnswer, last: bool) -> Message:
    """`last`: the connection is closed behind the answer."""
    headers = dict(answer.headers)
    if answer.length is not None:
        headers["Content-Length"] = str(answer.length)
    if last:
        headers["Connection"] = "close"
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": answer.status, "headers": pairs}


def _pieces(answer: HttpAnswer) -> Iterator[bytes]:
    """The body, as far as it is sent."""
    left = None if answer.broken is None else answer.broken.after
    for piece in answer.body:
        if left is not None and len(piece) >= left:
            yield piece[:left]
            return
        left = None if left is None else left - len(piece)
        yield piece


def _piece(body: bytes, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
