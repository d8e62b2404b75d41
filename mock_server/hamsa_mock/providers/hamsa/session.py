"""One connection to Hamsa: upgrade, key, requests, answers, close."""

from collections import deque

from hamsa_mock.audio.voice import Answer
from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Action, Close, Reply, Request, Send, Why
from hamsa_mock.core.messages import Message
from hamsa_mock.providers.hamsa.authentication import Refusal, refusal
from hamsa_mock.providers.hamsa.requests import Incoming, Tts
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.states import TRANSITIONS, State, Trigger

WAITING_REQUESTS = 32
"""So many requests wait behind the one being answered; then the client is no longer read."""

STEP_BYTES = 256 * 1024
"""About so much audio is ordered in one step, so that no connection holds up the others."""


class _Speaking:
    """The request being answered: its audio, how much of it has been ordered, when the next chunk is due."""

    __slots__ = ("answer", "due", "request", "sent")

    def __init__(self, request: Request, answer: Answer, due: float) -> None:
        self.request = request
        self.answer = answer
        self.due = due
        self.sent = 0


class HamsaSession:
    """Answers are given one after the other, in the order of their requests (assumed). Errors in a message are
    answered at once, also between the chunks of another answer (assumed).
    """

    __slots__ = (
        "_blocked",
        "_first_audio_delay",
        "_gap",
        "_hamsa",
        "_refusal",
        "_requests",
        "_speaking",
        "_state",
        "_waiting",
        "deadline",
    )

    def __init__(self, hamsa: HamsaService) -> None:
        behaviours = hamsa.behaviours
        self.deadline: float | None = None
        self._hamsa = hamsa
        self._state = State.OPENING
        self._refusal: Refusal | None = None
        self._requests = 0
        self._waiting: deque[tuple[Request, Tts]] = deque()
        self._speaking: _Speaking | None = None
        self._blocked = False
        self._first_audio_delay = behaviours.number("hamsa.tts.first_audio_delay")
        self._gap = behaviours.number("hamsa.tts.chunk_gap")

    @property
    def hungry(self) -> bool:
        """False while `WAITING_REQUESTS` requests wait."""
        return len(self._waiting) < WAITING_REQUESTS

    def receive(self, event: events.Event, now: float) -> list[Action]:
        """Take one event."""
        match event:
            case events.Text(data):
                return self._read(self._hamsa.requests.read(data), now)
            case events.Binary(data):
                return self._read(self._hamsa.requests.read_binary(data), now)
            case events.Blocked():
                self._blocked = True
                self.deadline = None
                return []
            case events.Writable():
                self._blocked = False
                return self._answer(now)
            case events.Opening():
                self._move(Trigger.UPGRADE)
                self._refusal = refusal(event, self._hamsa.keys, self._hamsa.facts)
                return [Accept()]
            case events.Opened():
                return self._greet()
            case events.Shutdown():
                return self._shut_down()
            case _:  # PeerClosed, Failed, Lost
                self._finish(Trigger.GONE)
                return []

    def tick(self, now: float) -> list[Action]:
        """Order the audio that is due."""
        return self._answer(now)

    def _move(self, trigger: Trigger) -> None:
        self._state = TRANSITIONS[self._state][trigger]

    def _greet(self) -> list[Action]:
        """API-2, API-17: a close code exists only after the 101, so a bad key is accepted first."""
        if self._refusal is None:
            self._move(Trigger.KEY_ACCEPTED)
            return [Send("info", self._hamsa.info)]
        text, code, why = self._refusal.text, self._refusal.code, self._refusal.why
        self._finish(Trigger.KEY_REFUSED)
        close = Close(code, text, why)
        if self._hamsa.behaviours.choice("hamsa.auth.failure") == "close_only":
            return [close]
        return [Send("error", self._hamsa.message("error", text)), close]

    def _shut_down(self) -> list[Action]:
        """API-20."""
        if self._state is State.CLOSED:
            return []
        self._finish(Trigger.SHUTDOWN)
        code = self._hamsa.facts.code("close.shutting_down")
        reason = self._hamsa.facts.text("reason.shutting_down")
        return [Close(code, reason, Why("the mock is being stopped"))]

    def _finish(self, trigger: Trigger) -> None:
        self._move(trigger)
        self._waiting.clear()
        self._speaking = None
        self.deadline = None

    def _read(self, incoming: Incoming, now: float) -> list[Action]:
        if self._state is State.CLOSED:
            return []  # sent before the client saw the close
        self._requests += 1
        if not isinstance(incoming, Tts):
            error = self._hamsa.message("error", incoming.text)
            request = Request(self._requests, "invalid", now)
            return [Send("error", error, request, why=incoming.why)]
        request = Request(self._requests, "tts", now)
        request.details["characters"] = len(incoming.text)
        request.details["speaker"] = incoming.speaker
        request.details["format"] = incoming.format.name
        self._waiting.append((request, incoming))
        if self._state is State.ANSWERING:
            return []
        self._move(Trigger.TTS)
        return self._answer(now)

    def _answer(self, now: float) -> list[Action]:
        """Order what is due of the present answer, and of those behind it, as far as one step may go."""
        actions: list[Action] = []
        budget = STEP_BYTES
        self.deadline = None
        while self._state is State.ANSWERING and not self._blocked:
            if budget <= 0:
                self.deadline = now
                break
            ack = None
            if self._speaking is None:
                self._speaking = self._begin(now)
                ack = self._hamsa.ack
            speaking = self._speaking
            first = speaking.sent + 1
            chunks = self._due_chunks(speaking, now, budget)
            budget -= sum(chunk.nbytes for chunk in chunks)
            ended = speaking.sent == len(speaking.answer.chunk_sizes)
            if ack or chunks:
                end = self._hamsa.end if ended else None
                actions.append(Reply(speaking.request, ack, chunks, end, first))
            if not ended:
                self.deadline = max(now, speaking.due)
                break
            self._speaking = None
            if not self._waiting:
                self._move(Trigger.QUEUE_EMPTY)
        return actions

    def _begin(self, now: float) -> _Speaking:
        request, tts = self._waiting.popleft()
        answer = self._hamsa.speak(tts.text, tts.speaker, tts.dialect, tts.language, tts.format, tts.expressiveness)
        request.details["seconds"] = answer.seconds
        return _Speaking(request, answer, now + self._first_audio_delay)

    def _due_chunks(self, speaking: _Speaking, now: float, budget: int) -> list[Message]:
        chunks: list[Message] = []
        while speaking.due <= now and budget > 0 and speaking.sent < len(speaking.answer.chunk_sizes):
            chunk = self._hamsa.chunk(speaking.answer, speaking.sent)
            chunks.append(chunk)
            budget -= chunk.nbytes
            speaking.sent += 1
            speaking.due += self._gap
        return chunks
