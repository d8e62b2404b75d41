"""Tells of REST requests: one line each, with the reason of every refusal. No key is ever shown."""

from collections.abc import Callable
from dataclasses import dataclass

from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.stages.request_log import LogLine
from hamsa_mock.stages.wording import LogData, because, details, notes, reasons_data
from hamsa_schemas import Behaviours


@dataclass(slots=True)
class Exchange:
    """How the answering of a request went. Times are seconds of the World's clock."""

    arrived: float
    first: float | None = None
    """When the first piece of the body was sent, if it was."""
    nbytes: int = 0
    """Bytes of the body that were sent."""
    whole: bool = False
    """Whether all of the answer was sent."""
    broken: bool = False
    """Whether a fault broke it off."""
    stopped: bool = False
    """Whether the mock was stopped in the middle of it."""


class HttpLog:
    """Words the exchanges of one mock."""

    def __init__(self, sink: Callable[[LogLine], None], behaviours: Behaviours) -> None:
        self._sink = sink
        self._behaviours = behaviours

    def tell(self, request: HttpRequest, answer: HttpAnswer, exchange: Exchange, now: float) -> None:
        """An answer has ended."""
        unanswered = answer.broken is not None and answer.broken.after is None
        line = f"{request.method} {request.path}: {'no answer' if unanswered else answer.status}"
        data: LogData = {"request": request.number, "method": request.method, "path": request.path}
        if not unanswered:
            data["status"] = answer.status
        asked = answer.request
        if asked is not None:
            data |= {"type": asked.type, **asked.details}
        if asked is not None and asked.details:
            line += f" ({details(asked)})"
        line += because(answer.why, self._behaviours)
        if answer.why is None and exchange.first is not None:
            total, first = now - exchange.arrived, exchange.first - exchange.arrived
            line += f", {exchange.nbytes:,} bytes in {total:.3f} s, the first after {first:.3f} s"
            data |= {"bytes": exchange.nbytes, "first_byte": round(first, 6), "total": round(total, 6)}
        if not exchange.whole:
            line += f"; cut: {_cut(exchange)}"
            data["cut"] = 1
        if asked is not None:
            line += notes(asked, self._behaviours)
        reasons = [] if answer.why is None else [answer.why]
        reasons += [] if asked is None else asked.notes
        self._sink(LogLine(now, None, "http", line, data | reasons_data(reasons, self._behaviours)))

    def tell_unread(self, method: str, path: str, now: float, *, stopped: bool) -> None:
        """A client went in the middle of its request, or the mock was stopped."""
        who = "the mock was stopped" if stopped else "the client went"
        words = f"{method} {path}: {who} before its request was whole"
        self._sink(LogLine(now, None, "http", words, {"method": method, "path": path}))


def _cut(exchange: Exchange) -> str:
    """What keeps an answer from being whole."""
    if exchange.broken:
        return "a fault"
    return f"{'the mock was stopped' if exchange.stopped else 'the client went'} before the answer was whole"
