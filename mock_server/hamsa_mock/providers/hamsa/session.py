"""One connection to Hamsa: upgrade, key, requests, answers, close."""

import orjson

from hamsa_mock.core import events
from hamsa_mock.core.actions import Abort, Accept, Action, Close, Ping, Reject, Request, Send, Why
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.answers import Answer, AnswerQueue
from hamsa_mock.providers.hamsa.authentication import Refusal
from hamsa_mock.providers.hamsa.keepalive import KeepAlive
from hamsa_mock.providers.hamsa.requests import Incoming, Stt, Tts, WireError
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.states import TRANSITIONS, State, Trigger

WAITING_REQUESTS = 32
"""So many requests wait behind the one being answered; then the client is no longer read."""

ANSWERS_AT_ONCE = 32
"""So many requests are answered at the same time, where `hamsa.tts.overlap` is `interleave`; the others wait."""


class HamsaSession:
    """Answers are given one after the other, in the order of their requests, unless `hamsa.tts.overlap` says
    otherwise. Errors are answered at once, also between the chunks of another answer (assumed). The wallet is judged
    when a request comes, and again when its turn comes (assumed).
    """

    __slots__ = (
        "_answers",
        "_blocked",
        "_cut",
        "_hamsa",
        "_judged_at",
        "_keepalive",
        "_late",
        "_opening",
        "_spoken",
        "_state",
        "_verdict",
        "request",
    )

    def __init__(self, hamsa: HamsaService) -> None:
        self.request: Request | None = None
        self._hamsa = hamsa
        self._state = State.OPENING
        self._opening: events.Opening | None = None
        self._judged_at = 0.0
        self._late: Why | None = None
        self._verdict: Key | Refusal | None = None
        self._cut: Why | None = None
        self._spoken = 0
        self._blocked = False
        self._keepalive = KeepAlive(hamsa.behaviours)
        self._answers = AnswerQueue(self._at_once, self._charge)

    @property
    def deadline(self) -> float | None:
        """The earliest of: the answer to the upgrade, the next chunk, the next ping, the end of patience."""
        if self._opening is not None:
            return self._judged_at
        answer, keepalive = self._answers.deadline, self._keepalive.deadline
        if answer is None or keepalive is None:
            return keepalive if answer is None else answer
        return min(answer, keepalive)

    @property
    def hungry(self) -> bool:
        """False while `WAITING_REQUESTS` requests wait."""
        return len(self._answers) < WAITING_REQUESTS

    def receive(self, event: events.Event, now: float) -> list[Action]:
        """Take one event."""
        match event:
            case events.Text(data):
                return self._take(self._hamsa.requests.read(data), now)
            case events.Binary(data):
                return self._take(self._hamsa.requests.read_binary(data), now)
            case events.Pinged():
                self._keepalive.control_frame(now)
                return []
            case events.Ponged():
                self._keepalive.answered(now)
                return []
            case events.Blocked():
                self._blocked = True
                self._answers.pause()
                return []
            case events.Writable():
                self._blocked = False
                return self._answer(now)
            case events.Opening():
                self._opening = event
                delay = self._hamsa.behaviours.number("hamsa.auth.connect_delay")
                if delay:
                    self._late = Why(f"the answer to the upgrade waited {delay:g} s", "hamsa.auth.connect_delay")
                self._judged_at = now + delay
                return self._judge(now)
            case events.Opened():
                return self._greet(now)
            case events.Shutdown():
                return self._close(Trigger.SHUTDOWN, "shutting_down", Why("the mock is being stopped"))
            case _:  # PeerClosed, Failed, Lost
                self._finish(Trigger.GONE)
                return []

    def tick(self, now: float) -> list[Action]:
        """Order what is due: audio, a ping, or the end of an inactive connection (API-3)."""
        if self._opening is not None:
            return self._judge(now)
        if self._keepalive.given_up(now):
            words = "nothing was heard of the client for too long"
            return self._close(Trigger.INACTIVE, "inactivity", Why(words, "hamsa.keepalive.inactivity"))
        if self._keepalive.unanswered(now):
            return self._end_silent()
        pings: list[Action] = [Ping()] if self._keepalive.ping_due(now) else []
        return pings + self._answer(now)

    # Opening and closing

    def _judge(self, now: float) -> list[Action]:
        """Answer the upgrade, once its time has come."""
        opening = self._opening
        if opening is None or now < self._judged_at:
            return []
        self._opening = None
        self._move(Trigger.UPGRADE)
        accept = Accept(self._hamsa.doorkeeper.key_sent(opening), self._late)
        verdict = self._verdict = self._hamsa.doorkeeper.judge(opening)
        if isinstance(verdict, Key):
            # Without a port it is no address: the system does not know any.
            address = opening.peer.rpartition(":")[0] or opening.peer
            self._cut = self._hamsa.truncation.connected(verdict, address, now)
            self._hamsa.admission.connected(verdict, now)
            return [accept]
        if self._hamsa.behaviours.choice("hamsa.auth.failure") != "http_401":
            return [accept]
        self._finish(Trigger.KEY_REFUSED)
        status = int(self._hamsa.facts.number("status.unauthorized"))
        body = orjson.dumps({"code": status, "message": verdict.text})
        return [Reject(status, body, {"Content-Type": "application/json"}, _in_form(verdict))]

    def _greet(self, now: float) -> list[Action]:
        """API-2, API-17 to API-19: a close code exists only after the 101, so a bad key is accepted first."""
        info = Send("info", self._hamsa.info)
        if isinstance(self._verdict, Key):
            self._move(Trigger.KEY_ACCEPTED)
            self._keepalive.opened(now)
            return [info]
        assert self._verdict is not None, "an upgrade is judged before it is open"
        self._finish(Trigger.KEY_REFUSED)
        greeting: list[Action] = [info] if self._hamsa.behaviours.choice("hamsa.auth.info") == "before_key" else []
        return greeting + self._turn_away(self._verdict, _in_form(self._verdict))

    def _turn_away(self, refusal: Refusal, why: Why, request: Request | None = None) -> list[Action]:
        """`request`: the one that cannot be paid for."""
        close = Close(refusal.code, refusal.text, why)
        if self._hamsa.behaviours.choice("hamsa.auth.failure") == "close_only":
            return [close]
        return [Send("error", self._hamsa.message("error", refusal.text), request, why=why), close]

    def _end_broke(self, refusal: Refusal, request: Request) -> list[Action]:
        """API-18, API-25: the wallet is empty; what is under way or waits is dropped."""
        self._finish(Trigger.BROKE)
        return self._turn_away(refusal, refusal.why, request)

    def _close(self, trigger: Trigger, name: str, why: Why) -> list[Action]:
        """API-20: a close that the documents list by its meaning."""
        if self._state is State.CLOSED:
            return []
        self._finish(trigger)
        return [Close(self._hamsa.facts.code(f"close.{name}"), self._hamsa.facts.text(f"reason.{name}"), why)]

    def _end_silent(self) -> list[Action]:
        """A client that does not read would not get the close frame: its connection is dropped."""
        why = Why("the client did not answer a ping in time", "hamsa.keepalive.pong_timeout")
        close = self._close(Trigger.UNANSWERED, "pong_timeout", why)
        return [*close, Abort()] if self._blocked else close

    def _finish(self, trigger: Trigger) -> None:
        self._move(trigger)
        self._opening = None
        self._keepalive.closed()
        for answer in self._answers.clear():
            self._charge(answer)

    def _move(self, trigger: Trigger) -> None:
        self._state = TRANSITIONS[self._state][trigger]

    # Requests and answers

    def _take(self, incoming: Incoming, now: float) -> list[Action]:
        key = self._verdict
        if self._state is State.CLOSED or not isinstance(key, Key):
            return []  # sent before the client saw the close
        self._keepalive.activity(now)
        number = 1 if self.request is None else self.request.number + 1
        request = self.request = Request(number, _type(incoming), now)
        counted = self._hamsa.admission.count(request, key, now, valid=not isinstance(incoming, WireError))
        if counted is not None:
            return self._error(request, counted)
        if isinstance(incoming, WireError):
            return self._error(request, incoming)
        broke = self._hamsa.doorkeeper.broke(key)
        if broke is not None:
            return self._end_broke(broke, request)
        if isinstance(incoming, Stt):
            request.details["language"] = incoming.language
            return self._begin(Trigger.STT, self._hamsa.transcriber.transcribe(request, incoming, key.key), now)
        return self._speak(request, incoming, key, now)

    def _speak(self, request: Request, tts: Tts, key: Key, now: float) -> list[Action]:
        request.text = tts.text
        request.details["characters"] = len(tts.text)
        request.details["speaker"] = tts.speaker
        request.details["format"] = tts.format.name
        served = self._hamsa.admission.admit(tts, key, not self._answers.idle, now)
        if isinstance(served, WireError):
            return self._error(request, served)
        cut = self._hamsa.truncation.of_answer(request, key, self._spoken == 0, self._cut)
        self._spoken += 1
        return self._begin(Trigger.TTS, self._hamsa.speech(request, served, cut), now)

    def _begin(self, trigger: Trigger, answer: Answer, now: float) -> list[Action]:
        self._answers.add(answer)
        self._move(trigger)
        return self._answer(now)

    def _error(self, request: Request, error: WireError) -> list[Action]:
        actions: list[Action] = [Send("error", self._hamsa.message("error", error.text), request, why=error.why)]
        if request.type == "tts" and self._hamsa.behaviours.choice("hamsa.error.end") == "end":
            actions.append(Send("end", self._hamsa.end))
        return actions

    def _answer(self, now: float) -> list[Action]:
        if self._blocked or self._answers.idle:
            return []
        actions = self._answers.order(now)
        if actions:
            self._keepalive.activity(now)
        if any(isinstance(action, Close) for action in actions):
            self._finish(Trigger.HEARD_NOTHING)
            return actions
        if self._answers.idle:
            self._move(Trigger.QUEUE_EMPTY)
        request = self._answers.next
        broke = None if request is None else self._hamsa.doorkeeper.broke(self._account)
        if request is not None and broke is not None:
            return actions + self._end_broke(broke, request)
        return actions

    def _at_once(self) -> int:
        """None begins that cannot be paid for; those under way are not interrupted (assumed)."""
        if self._hamsa.doorkeeper.broke(self._account) is not None:
            return 0
        return ANSWERS_AT_ONCE if self._hamsa.behaviours.choice("hamsa.tts.overlap") == "interleave" else 1

    def _charge(self, answer: Answer) -> None:
        """Charge what was given of an answer, also where its connection did not outlive it."""
        self._hamsa.charge(self._account, answer)

    @property
    def _account(self) -> Key:
        assert isinstance(self._verdict, Key), "only who may connect is answered"
        return self._verdict


def _in_form(refusal: Refusal) -> Why:
    """Why a client may not connect; how it is told so is chosen."""
    return Why(f"{refusal.why.words}; turned away in this form", "hamsa.auth.failure")


def _type(incoming: Incoming) -> str:
    """What kind of request a message is, or was meant to be."""
    if isinstance(incoming, WireError):
        return incoming.type
    return "tts" if isinstance(incoming, Tts) else "stt"
