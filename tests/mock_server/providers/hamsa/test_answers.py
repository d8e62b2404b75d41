"""Which chunk of which answer is due when."""

from collections.abc import Callable, Iterable

import pytest

from hamsa_kit.audio_formats import PCM_16000_16, ULAW_8000_8
from hamsa_mock.core.actions import Action, Close, Reply, Request, Send, Why
from hamsa_mock.core.messages import binary_message, text_message
from hamsa_mock.providers.hamsa.answers import STEP_BYTES, AnswerQueue, Speech, Transcript

ACK, END = text_message("ack"), text_message("end")
CHUNK_BYTES = 32_000


def speech(
    number: int = 1,
    chunks: int = 3,
    delay: float = 0,
    nbytes: int = CHUNK_BYTES,
    header: int = 0,
    gap: float = 0,
    ready: float = 0,
) -> Speech:
    """An answer whose chunks all have `nbytes` bytes."""
    request = Request(number, "tts", 0)
    chunk = binary_message(bytes(nbytes))
    return Speech(request, ACK, chunks, lambda _: chunk, END, PCM_16000_16, header, delay, gap, ready)


class Queue:
    """A queue, and the answers that have ended."""

    def __init__(self, at_once: int = 1) -> None:
        self.ended: list[int] = []
        self.queue = AnswerQueue(lambda: at_once, lambda speech: self.ended.append(speech.request.number))

    def add(self, *speeches: Speech) -> None:
        for each in speeches:
            self.queue.add(each)

    def run(self, steps: int = 1000) -> list[tuple[float, str]]:
        """Order at each deadline; what is ordered, and when."""
        found: list[tuple[float, str]] = []
        while self.queue.deadline is not None and steps:
            now, steps = self.queue.deadline, steps - 1
            found += [(now, name) for name in named(self.queue.order(now))]
        return found


def named(actions: Iterable[Action]) -> list[str]:
    """What was ordered, each with the number of its request, chunks with their ordinals."""
    found: list[str] = []
    for action in actions:
        assert isinstance(action, Reply)
        for send in action.sends():
            number = action.request.number
            found.append(f"{number} chunk {send.ordinal}" if send.event == "chunk" else f"{number} {send.event}")
    return found


def whole(number: int, chunks: int = 3) -> list[str]:
    return [f"{number} ack", *(f"{number} chunk {ordinal}" for ordinal in range(1, chunks + 1)), f"{number} end"]


def test_empty_queue_is_idle_and_orders_nothing() -> None:
    queue = Queue().queue
    assert queue.idle
    assert len(queue) == 0
    assert queue.order(5) == []
    assert queue.deadline is None


def test_answer_without_delays_is_ordered_in_one_reply() -> None:
    queue = Queue()
    queue.add(speech())
    assert not queue.queue.idle
    (reply,) = queue.queue.order(5)
    assert named([reply]) == whole(1)
    assert queue.ended == [1]
    assert queue.queue.idle
    assert queue.queue.deadline is None


def test_ack_comes_at_once_and_the_audio_after_the_delay_chunk_by_chunk() -> None:
    queue = Queue()
    queue.add(speech(delay=0.5, gap=0.25))
    assert named(queue.queue.order(10)) == ["1 ack"]
    assert queue.queue.order(10.4) == []
    assert queue.run() == [
        (10.5, "1 chunk 1"),
        (10.75, "1 chunk 2"),
        (11, "1 chunk 3"),
        (11, "1 end"),
    ]


def test_overdue_chunks_leave_together() -> None:
    queue = Queue()
    queue.add(speech(gap=0.25))
    assert named(queue.queue.order(10)) == ["1 ack", "1 chunk 1"]
    assert named(queue.queue.order(10.6)) == ["1 chunk 2", "1 chunk 3", "1 end"]


def test_answers_wait_for_the_ones_before_them_and_their_delays_begin_with_their_turn() -> None:
    queue = Queue()
    queue.add(speech(1, 2, gap=1), speech(2, 2, delay=5, gap=1))
    assert len(queue.queue) == 2
    assert named(queue.queue.order(0)) == ["1 ack", "1 chunk 1"]
    assert len(queue.queue) == 1
    assert queue.run() == [
        (1, "1 chunk 2"),
        (1, "1 end"),
        (1, "2 ack"),
        (6, "2 chunk 1"),
        (7, "2 chunk 2"),
        (7, "2 end"),
    ]
    assert queue.ended == [1, 2]


def test_answers_wait_together_for_the_time_from_which_they_are_ready() -> None:
    queue = Queue()
    queue.add(*(speech(number, 2, delay=0.3, gap=1, ready=3) for number in (1, 2)))
    assert named(queue.queue.order(0)) == ["1 ack"]
    assert [at for at, name in queue.run() if name in ("1 chunk 1", "1 end", "2 chunk 1")] == pytest.approx(
        [3.3, 4.3, 4.6]
    )


def test_answer_that_waited_for_others_says_so() -> None:
    queue = Queue()
    first, second, third = speech(1, 2, gap=1), speech(2, 2), speech(3)
    queue.add(first, second, third)
    queue.queue.order(0)
    queue.run()
    assert first.request.notes == []
    words = "waited 1.000 s for the answers before it"
    assert [answer.request.notes for answer in (second, third)] == [[Why(words, "hamsa.tts.overlap")]] * 2


def test_answer_that_waited_for_the_client_or_for_nothing_does_not_say_that_it_waited_for_others() -> None:
    queue = Queue()
    alone, beside = speech(1), speech(2)
    queue.add(alone)
    queue.queue.order(5)
    assert alone.request.notes == []
    beside.request.arrived = 5
    queue.add(speech(3), beside)
    queue.queue.order(5)
    assert beside.request.notes == []


def test_while_none_may_begin_the_one_under_way_goes_on_and_the_next_is_known() -> None:
    may_begin = [1]
    queue = AnswerQueue(lambda: may_begin[0], lambda _: None)
    first, second = speech(1, 2, gap=1), speech(2)
    for answer in (first, second):
        queue.add(answer)
    assert named(queue.order(0)) == ["1 ack", "1 chunk 1"]
    assert queue.next is None
    may_begin[0] = 0
    assert named(queue.order(1)) == ["1 chunk 2", "1 end"]
    assert queue.next is second.request
    assert not queue.idle
    queue.clear()
    assert queue.next is None


def test_answers_at_once_take_turns() -> None:
    queue = Queue(at_once=2)
    queue.add(speech(1), speech(2), speech(3, 1))
    assert named(queue.queue.order(0)) == [
        "1 ack", "1 chunk 1", "2 ack", "2 chunk 1",
        "1 chunk 2", "2 chunk 2",
        "1 chunk 3", "1 end", "2 chunk 3", "2 end",
        "3 ack", "3 chunk 1", "3 end",
    ]  # fmt: skip


def test_answers_at_once_keep_times_of_their_own() -> None:
    queue = Queue(at_once=9)
    queue.add(speech(1, 2, delay=0.5, gap=1))
    assert named(queue.queue.order(0)) == ["1 ack"]
    queue.add(speech(2, 2, delay=0.25, gap=1))
    assert named(queue.queue.order(0.5)) == ["1 chunk 1", "2 ack"]
    assert queue.run() == [
        (0.75, "2 chunk 1"),
        (1.5, "1 chunk 2"),
        (1.5, "1 end"),
        (1.75, "2 chunk 2"),
        (1.75, "2 end"),
    ]


# Steps


@pytest.mark.parametrize("at_once", [1, 40])
@pytest.mark.parametrize(
    "add", [lambda: [speech(1, 100)], lambda: [speech(n, 3) for n in range(40)]], ids=["long", "many"]
)
def test_much_audio_is_ordered_in_bounded_steps(at_once: int, add: Callable[[], list[Speech]]) -> None:
    queue = Queue(at_once=at_once)
    queue.add(*add())
    steps: list[int] = []
    deadline: float | None = 7.0
    while deadline is not None:
        assert deadline == 7
        replies = queue.queue.order(7)
        steps.append(sum(chunk.nbytes for reply in replies if isinstance(reply, Reply) for chunk in reply.chunks))
        deadline = queue.queue.deadline
    assert all(STEP_BYTES <= step < STEP_BYTES + CHUNK_BYTES for step in steps[:-1])
    assert sum(steps) == CHUNK_BYTES * (100 if len(queue.ended) == 1 else 120)


def test_answers_at_once_all_get_their_turns_over_several_steps() -> None:
    queue = Queue(at_once=40)
    queue.add(*(speech(number, 3) for number in range(40)))
    found = named(queue.queue.order(0))
    while queue.queue.deadline is not None:
        found += named(queue.queue.order(0))
    chunks = [name for name in found if "chunk" in name]
    assert chunks == [f"{number} chunk {ordinal}" for ordinal in (1, 2, 3) for number in range(40)]


def test_step_that_ends_the_last_answer_leaves_no_deadline() -> None:
    queue = Queue()
    queue.add(speech(nbytes=STEP_BYTES, chunks=1))
    assert named(queue.queue.order(0)) == whole(1, 1)
    assert queue.queue.deadline is None


def test_next_answer_of_a_full_step_begins_in_the_next_one() -> None:
    queue = Queue()
    queue.add(speech(1, nbytes=STEP_BYTES, chunks=1), speech(2))
    assert named(queue.queue.order(3)) == whole(1, 1)
    assert queue.queue.deadline == 3
    assert named(queue.queue.order(3)) == whole(2)


def test_empty_chunk_is_a_chunk() -> None:
    queue = Queue()
    queue.add(speech(1, 1, nbytes=0), speech(2, 1, nbytes=0))
    assert named(queue.queue.order(0)) == whole(1, 1) + whole(2, 1)


# Pausing and clearing


def test_paused_queue_goes_on_when_it_is_asked_again() -> None:
    queue = Queue()
    queue.add(speech(1, gap=1))
    queue.queue.order(0)
    queue.queue.pause()
    assert queue.queue.deadline is None
    assert named(queue.queue.order(1.5)) == ["1 chunk 2"]
    assert queue.queue.deadline == 2


def test_cleared_queue_returns_what_had_begun() -> None:
    queue = Queue(at_once=2)
    answers = [speech(number, gap=1) for number in (1, 2, 3)]
    queue.add(*answers)
    queue.queue.order(0)
    assert queue.queue.clear() == answers[:2]
    assert queue.queue.idle
    assert queue.queue.deadline is None
    assert queue.queue.order(5) == []
    assert queue.ended == []


# What was sent


def test_seconds_sent_grow_with_the_chunks() -> None:
    queue = Queue()
    answer = speech(1, 3, gap=1)
    queue.add(answer)
    assert answer.seconds_sent == 0
    queue.queue.order(0)
    assert answer.seconds_sent == 1
    queue.run()
    assert answer.seconds_sent == 3


@pytest.mark.parametrize(("nbytes", "seconds"), [(0, 0), (20, 0), (44, 0), (32_044, 1)])
def test_header_is_no_audio(nbytes: int, seconds: float) -> None:
    queue = Queue()
    answer = speech(1, 1, nbytes=nbytes, header=44)
    queue.add(answer)
    queue.queue.order(0)
    assert answer.seconds_sent == seconds


def test_seconds_sent_follow_the_format() -> None:
    queue = Queue()
    answer = speech(1, 1, nbytes=4_000)
    answer.format = ULAW_8000_8
    queue.add(answer)
    queue.queue.order(0)
    assert answer.seconds_sent == 0.5


def test_transcript_waits_for_its_turn_and_then_for_its_delay() -> None:
    request = Request(2, "stt", 0)
    action = Send("transcript", text_message("مرحبا"), request)
    transcript = Transcript(request, action, seconds=1.5, delay=0.5)
    queue = Queue()
    queue.queue.add(speech(1, chunks=2, gap=1))
    queue.queue.add(transcript)
    queue.queue.order(0)
    assert transcript.seconds_sent == 0
    assert len(queue.queue) == 1, "the speech before it has not ended"
    queue.queue.order(1)
    assert queue.queue.deadline == 1.5
    assert queue.queue.order(1.4) == []
    assert queue.queue.order(1.5) == [action]
    assert queue.queue.idle
    assert queue.ended == [1, 2]
    assert transcript.seconds_sent == 1.5


def test_nothing_is_ordered_behind_a_close() -> None:
    request = Request(1, "stt", 0)
    close = Close(1000, "")
    queue = Queue()
    queue.queue.add(Transcript(request, close, seconds=0, delay=0))
    queue.queue.add(speech(2))
    assert queue.queue.order(0) == [close]
    assert len(queue.queue) == 1
