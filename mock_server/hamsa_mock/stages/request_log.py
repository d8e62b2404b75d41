"""Tells what happened: a line per request, and for each refusal, error and close the reason."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from websockets.frames import CloseCode

from hamsa_mock.core import events
from hamsa_mock.core.actions import (
    Accept,
    Action,
    Close,
    Ping,
    Pong,
    Raw,
    Reject,
    Reply,
    Request,
    Send,
    Why,
)
from hamsa_mock.stages.wording import LogData, because, details, notes, notes_data, why_data
from hamsa_schemas import Behaviours


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing worth telling. `time` in seconds of the World's clock; `data` for programs, `words` for people.

    `connection`: its number; None: a plain HTTP request.
    """

    time: float
    connection: int | None
    event: str
    words: str
    data: LogData


BROKEN_ENDS = {
    "fin": "the connection is ended without a close frame",
    "reset": "the connection is reset",
    "abort": "the connection is dropped",
}

CUT = "; cut: the connection ended before the answer did"

ENDED_ANSWERS = 8
"""So many of the answers that ended last are known, to tell of what comes behind their end."""


class _Progress:
    """What has gone out of one request."""

    __slots__ = ("chunks", "first_audio", "nbytes")

    def __init__(self) -> None:
        self.chunks = 0
        self.nbytes = 0
        self.first_audio = 0.0


class RequestLog:
    """A stage that changes nothing. Every request that the session takes gets its line, at the latest when the
    connection ends. Text from clients is shown as JSON strings, so that it cannot forge lines.

    No key is ever shown.
    """

    def __init__(
        self,
        connection: int,
        sink: Callable[[LogLine], None],
        behaviours: Behaviours,
        taken: Callable[[], Request | None],
        too_large: Why | None = None,
    ) -> None:
        """`taken`: the request that the session took last.

        `too_large`: why a message fails the connection with 1009, where there is a limit."""
        self._too_large = too_large
        self._connection = connection
        self._sink = sink
        self._behaviours = behaviours
        self._taken = taken
        self._newest: Request | None = None
        self._unanswered: dict[Request, None] = {}
        """In their order; of these nothing has gone out."""
        self._progress: dict[Request, _Progress] = {}
        self._answered: deque[Request] = deque(maxlen=ENDED_ANSWERS)
        self._ended = False
        self._peer = events.Opening("")

    def step(self, event: events.Event | None, actions: list[Action], now: float) -> list[Action]:
        """Tell what the event and the actions mean; return the actions as they are."""
        if isinstance(event, events.Opening):
            self._peer = event
        newest = self._taken()
        if newest is not None and newest is not self._newest:
            self._newest = newest
            self._unanswered[newest] = None
        for action in actions:
            self._tell_action(action, now)
        if event is not None:
            self._tell_event(event, now)
        return actions

    def _tell_action(self, action: Action, now: float) -> None:
        match action:
            case Reply():
                for send in action.sends():
                    self._tell_send(send, now)
            case Send():
                self._tell_send(action, now)
            case Raw():
                self._tell_raw(action, now)
            case Close(code, reason, why):
                self._cut(now)
                words = f"close {code} {json.dumps(reason)}{because(why, self._behaviours)}"
                self._end("close", words, now, {"code": code, "reason": reason, **why_data(why, self._behaviours)})
            case Reject(status, _, _, why):
                words = f"upgrade refused with HTTP {status}{because(why, self._behaviours)}"
                self._end("reject", words, now, {"status": status, **why_data(why, self._behaviours)})
            case Ping() | Pong():
                pass  # one every 30 seconds is no news
            case Accept(_, why):
                peer, path = self._peer.peer, self._peer.path
                words = f"open from {peer}{because(why, self._behaviours)}"
                self._say("open", words, now, {"peer": peer, "path": path, **why_data(why, self._behaviours)})
            case _:  # Fin, Reset, Abort
                self._cut(now)
                name = type(action).__name__.lower()
                self._end(name, BROKEN_ENDS[name], now, {})

    def _tell_event(self, event: events.Event, now: float) -> None:
        match event:
            case events.PeerClosed(code, reason):
                self._cut(now)
                words = f"closed by the client with {code} {json.dumps(reason)}"
                self._end("closed", words, now, {"code": code, "reason": reason})
            case events.Failed(code, reason):
                self._cut(now)
                why = Why(f"the client broke RFC 6455: {json.dumps(reason)}")
                if code == CloseCode.MESSAGE_TOO_BIG and self._too_large is not None:
                    why = self._too_large
                words = f"close {code}{because(why, self._behaviours)}"
                self._end("failed", words, now, {"code": code, "reason": reason, **why_data(why, self._behaviours)})
            case events.Lost():
                self._cut(now)
                self._end("lost", "lost: the client went without a close frame", now, {})
            case _:
                pass

    def _tell_send(self, send: Send, now: float) -> None:
        request = send.request
        if request is None:
            return
        self._unanswered.pop(request, None)
        if send.event == "error":
            text = _text(send)
            words = f"{text}{because(send.why, self._behaviours)}"
            self._say("error", words, now, {"answer": text, **why_data(send.why, self._behaviours)}, request)
            return
        if send.event == "transcript":
            self._tell_transcript(request, _text(send), now)
            return
        self._count(request, send.event, send.message.nbytes, now)

    def _tell_raw(self, raw: Raw, now: float) -> None:
        """Bytes that stand for a message; those that nobody can read do not count."""
        if raw.request is not None and raw.nbytes:
            self._count(raw.request, raw.event, raw.nbytes, now)

    def _count(self, request: Request, event: str, nbytes: int, now: float) -> None:
        """A part of an answer has gone out."""
        self._unanswered.pop(request, None)
        progress = self._progress.get(request)
        if progress is None:
            if request in self._answered:
                self._say("late", f"{event} of {nbytes:,} bytes behind the end", now, {"answer": event}, request)
                return
            progress = self._progress[request] = _Progress()
        if event == "chunk":
            if not progress.chunks:
                progress.first_audio = now - request.arrived
            progress.chunks += 1
            progress.nbytes += nbytes
        elif event == "end":
            self._answered.append(request)
            self._summary("request", "", now, request, self._progress.pop(request))

    def _tell_transcript(self, request: Request, text: str, now: float) -> None:
        total = now - request.arrived
        words = f"{request.type} ({details(request)}): {json.dumps(text, ensure_ascii=False)} in {total:.3f} s"
        data: LogData = {"type": request.type, **request.details, "answer": text, "total": round(total, 6)}
        data |= notes_data(request, self._behaviours)
        self._say("request", words + notes(request, self._behaviours), now, data, request)

    def _cut(self, now: float) -> None:
        for request, progress in self._progress.items():
            self._summary("cut", CUT, now, request, progress)
        for request in self._unanswered:
            self._tell_unanswered(request, now)
        self._progress.clear()
        self._unanswered.clear()

    def _tell_unanswered(self, request: Request, now: float) -> None:
        about = f" ({details(request)})" if request.details else ""
        total = now - request.arrived
        words = f"{request.type}{about}: no answer in {total:.3f} s{CUT}{notes(request, self._behaviours)}"
        data: LogData = {"type": request.type, **request.details, "total": round(total, 6)}
        data |= notes_data(request, self._behaviours)
        self._say("cut", words, now, data, request)

    def _summary(self, event: str, tail: str, now: float, request: Request, progress: _Progress) -> None:
        total = now - request.arrived
        first = f", the first after {progress.first_audio:.3f} s" if progress.chunks else ""
        words = (
            f"{request.type} ({details(request)}): {progress.chunks} chunks, {progress.nbytes:,} bytes"
            f" in {total:.3f} s{first}{tail}{notes(request, self._behaviours)}"
        )
        data: LogData = {"type": request.type, **request.details, "chunks": progress.chunks, "bytes": progress.nbytes}
        if progress.chunks:
            data["first_audio"] = round(progress.first_audio, 6)
        data["total"] = round(total, 6)
        data |= notes_data(request, self._behaviours)
        self._say(event, words, now, data, request)

    def _end(self, event: str, words: str, now: float, data: LogData) -> None:
        """Of how a connection ended only the first word is told: a close is followed by its echo."""
        if not self._ended:
            self._ended = True
            self._say(event, words, now, data)

    def _say(self, event: str, words: str, now: float, data: LogData, about: Request | None = None) -> None:
        name = f"#{self._connection}"
        if about is not None:
            name += f".{about.number}"
            data = {"request": about.number, **data}
        self._sink(LogLine(now, self._connection, event, f"{name} {words}", data))


def _text(send: Send) -> str:
    """What a text message says; a fault may have made it something else than UTF-8."""
    return send.message.payload.decode(errors="replace")
