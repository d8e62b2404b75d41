"""Answers on their way, spoken or written: what of which answer is due when."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hamsa_kit.audio_formats import AudioFormat
from hamsa_mock.core.actions import Action, Close, Reply, Request, Why
from hamsa_mock.core.messages import Message

STEP_BYTES = 256 * 1024
"""About so much audio is ordered in one step, so that no connection holds up the others."""


@dataclass(slots=True, eq=False)
class Speech:
    """The answer to one request: `ack`, `chunks` messages of audio made by `chunk` (counted from 0), `end`.

    `header`: bytes at the beginning of the audio that are no samples. `delay`: seconds from the ack to the first
    chunk, `gap`: from each chunk to the next. `ready`: the delay does not begin before this time, in seconds of the
    World's clock.
    """

    request: Request
    ack: Message
    chunks: int
    chunk: Callable[[int], Message]
    end: Message
    format: AudioFormat
    header: int
    delay: float
    gap: float
    ready: float = 0
    begun: bool = False
    due: float = 0
    sent: int = 0
    nbytes: int = 0
    """Bytes of audio that have been ordered."""

    @property
    def seconds_sent(self) -> float:
        """How much of the audio has been ordered; a header in front of it does not count."""
        return self.format.seconds(max(0, self.nbytes - self.header))

    @property
    def ended(self) -> bool:
        """Whether everything has been ordered."""
        return self.sent == self.chunks

    def begin(self, now: float) -> None:
        """Its turn has come."""
        self.due = max(now, self.ready) + self.delay

    def order(self, now: float, budget: int) -> Action | None:
        """The ack if it has not left, and the chunks that are due, up to about `budget` bytes."""
        ack = None if self.begun else self.ack
        self.begun = True
        first = self.sent + 1
        chunks: list[Message] = []
        while self.due <= now and budget > 0 and not self.ended:
            chunk = self.chunk(self.sent)
            chunks.append(chunk)
            budget -= chunk.nbytes
            self.nbytes += chunk.nbytes
            self.sent += 1
            self.due += self.gap
        if ack is None and not chunks:
            return None
        return Reply(self.request, ack, chunks, self.end if self.ended else None, first)


@dataclass(slots=True, eq=False)
class Transcript:
    """The answer to one recording: a single action, `delay` seconds after its turn has come.

    `seconds`: how much audio is charged for it.
    """

    request: Request
    action: Action
    seconds: float
    delay: float
    due: float = 0
    ended: bool = False

    @property
    def seconds_sent(self) -> float:
        """How much of the audio is to be charged by now: all or nothing."""
        return self.seconds if self.ended else 0

    def begin(self, now: float) -> None:
        """Its turn has come."""
        self.due = now + self.delay

    def order(self, now: float, budget: int) -> Action | None:
        """The action, once it is due."""
        if now < self.due:
            return None
        self.ended = True
        return self.action


Answer: TypeAlias = Speech | Transcript


@dataclass(slots=True)
class _Waiting:
    """An answer that has not begun. `behind`: there were others before it when it came."""

    answer: Answer
    behind: bool

    def tell(self, now: float) -> None:
        """Note how long it waited for others."""
        request = self.answer.request
        waited = round(now - request.arrived, 3)
        if self.behind and waited:
            request.notes.append(Why(f"waited {waited:.3f} s for the answers before it", "hamsa.tts.overlap"))


class AnswerQueue:
    """The answers of one connection: as many as `at_once` says are under way, the others wait for their turn.

    While it says none, those under way go on. `ended` is told of each answer that has been ordered whole.
    """

    __slots__ = ("_active", "_at_once", "_ended", "_waiting", "deadline")

    def __init__(self, at_once: Callable[[], int], ended: Callable[[Answer], None]) -> None:
        self.deadline: float | None = None
        self._at_once = at_once
        self._ended = ended
        self._waiting: deque[_Waiting] = deque()
        self._active: deque[Answer] = deque()

    def __len__(self) -> int:
        """How many answers have not begun."""
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to answer."""
        return not self._active and not self._waiting

    @property
    def next(self) -> Request | None:
        """The request whose turn has come, and whose answer has not begun."""
        return self._waiting[0].answer.request if self._waiting and not self._active else None

    def add(self, answer: Answer) -> None:
        """Another answer, behind the others."""
        self._waiting.append(_Waiting(answer, behind=not self.idle))

    def clear(self) -> list[Answer]:
        """Drop everything; return the answers that had begun."""
        dropped = list(self._active)
        self._active.clear()
        self._waiting.clear()
        self.deadline = None
        return dropped

    def pause(self) -> None:
        """Order nothing until `order` is called again."""
        self.deadline = None

    def order(self, now: float) -> list[Action]:
        """What is due, as far as one step may go. Answers under way at the same time take turns, a chunk each."""
        actions: list[Action] = []
        budget = STEP_BYTES
        progress = True
        while progress and budget > 0:
            self._begin(now)
            progress = False
            alone = len(self._active) == 1
            for _ in range(len(self._active)):
                if budget <= 0:
                    break
                answer = self._active.popleft()
                action = answer.order(now, budget if alone else 1)
                if action is not None:
                    progress = True
                    actions.append(action)
                    budget -= _nbytes(action)
                if answer.ended:
                    self._ended(answer)
                else:
                    self._active.append(answer)
                if isinstance(action, Close):
                    return actions  # the answers behind it are the session's to drop
        if budget <= 0 and not self.idle:
            self.deadline = now
        else:
            self.deadline = min((answer.due for answer in self._active), default=None)
        return actions

    def _begin(self, now: float) -> None:
        while self._waiting and len(self._active) < self._at_once():
            waiting = self._waiting.popleft()
            waiting.tell(now)
            waiting.answer.begin(now)
            self._active.append(waiting.answer)


def _nbytes(action: Action) -> int:
    return sum(chunk.nbytes for chunk in action.chunks) if isinstance(action, Reply) else 0
