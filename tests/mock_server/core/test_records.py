"""What the journal keeps, and how much of its bounds that takes."""

from sys import getsizeof

import pytest

from hamsa_kit.transcript import digest
from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Action, Ping, Raw, Reject, Reply, Request, Send
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.messages import binary_message, text_message
from hamsa_mock.core.records import (
    HEAVY,
    HttpAnswered,
    Note,
    Numbering,
    Outline,
    Recorded,
    Step,
    Subject,
    can_lighten,
    count_of,
    is_text,
    nbytes_of,
)

ACK, END, CHUNK = text_message("ack"), text_message("end"), binary_message(b"\1" * HEAVY)
ASKED = Request(1, "tts", 0)


def test_sequences_are_given_out_in_runs() -> None:
    numbering = Numbering()
    assert [numbering.take(count) for count in (1, 3, 1)] == [1, 2, 5]


@pytest.mark.parametrize(
    ("event", "actions", "count"),
    [
        (None, [], 0),
        (events.Lost(), [], 1),
        (events.Text("a"), [Reply(ASKED, ACK, [CHUNK] * 3, END)], 6),
        (None, [Reply(ASKED, None, [CHUNK], None), Ping()], 2),
    ],
)
def test_step_makes_as_many_entries_as_there_are_things_on_the_wire(
    event: Recorded | None, actions: list[Action], count: int
) -> None:
    step = Step(event, None, actions)
    assert count_of(step) == len(list(step.singles())) == count


@pytest.mark.parametrize(
    ("subject", "nbytes"),
    [
        (Step(events.Text("مرحبا"), 1, []), getsizeof("مرحبا")),
        (Step(events.Binary(b"abc"), 1, []), 3),
        (Step(events.Opening("/ws", {"a": "b"}), None, []), getsizeof("/ws") + getsizeof("a") + getsizeof("b")),
        (Step(events.Lost(), None, [Reply(ASKED, ACK, [CHUNK] * 2, END)]), 2 * HEAVY),
        (Step(None, None, [Send("info", ACK), Raw(b"abcd", "ack"), Reject(401, b"no"), Accept()]), 9),
        (Note("a", "words", {}), 2 * getsizeof("words")),
        (HttpRequest("POST", "/", body=b"abc"), getsizeof("/") + 3),
        (HttpRequest("POST", "/", body=None), getsizeof("/")),
        (HttpAnswered(200, {}, [b"abc", b"d"]), 4),
    ],
)
def test_size_is_that_of_the_payload(subject: Subject, nbytes: int) -> None:
    assert nbytes_of(subject) == nbytes


def test_step_lets_go_of_its_audio_and_of_nothing_else() -> None:
    error = Send("error", ACK)
    step = Step(events.Text("a"), 1, [error, Reply(ASKED, ACK, [CHUNK] * 2, END, first=3), Send("chunk", CHUNK)])
    step.lighten()
    _, first, ack, third, fourth, end, single = step.singles()
    assert first is error
    assert (ack, end) == (Send("ack", ACK, ASKED), Send("end", END, ASKED))
    assert third == Outline("chunk", ASKED, 3, HEAVY, digest(CHUNK.payload))
    assert isinstance(fourth, Outline)
    assert fourth.ordinal == 4
    assert isinstance(single, Outline)
    assert nbytes_of(step) == getsizeof("a") + 2 * ACK.nbytes + END.nbytes


def test_answer_lets_go_of_its_body_while_it_still_leaves() -> None:
    answered = HttpAnswered(200, {})
    assert answered.sent(b"abc") == 3
    answered.lighten()
    assert answered.sent(b"def") == 0
    assert answered.pieces == []
    assert answered.nbytes == 6
    assert answered.hashed is not None
    assert answered.hashed.hexdigest() == digest(b"abcdef")


@pytest.mark.parametrize(
    ("subject", "worth_while"),
    [
        (Step(None, None, [Send("chunk", CHUNK)]), True),
        (Step(None, None, [Send("chunk", binary_message(b"a"))]), False),
        (Step(events.Text("a" * 2 * HEAVY), 1, [Send("ack", ACK)]), False),
        (HttpAnswered(200, {"Content-Type": "audio/wav"}), True),
        (HttpAnswered(200, {"Content-Type": "application/json"}), False),
        (Note("a", "a" * HEAVY, {}), False),
        (HttpRequest("POST", "/", body=b"a" * HEAVY), False),
    ],
)
def test_only_what_holds_much_audio_is_made_lighter(subject: Subject, worth_while: bool) -> None:
    assert can_lighten(subject, nbytes_of(subject)) is worth_while


def test_body_is_text_where_its_headers_say_so() -> None:
    assert is_text({"content-TYPE": "application/json; charset=utf-8"})
    assert is_text({"Content-Type": "text/plain"})
    assert not is_text({"Content-Type": "audio/wav"})
    assert not is_text({"Content-Length": "3"})
