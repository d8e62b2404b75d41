"""The contract of a fault."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from hamsa_mock.core.actions import Abort, Accept, Close, Fin, Ping, Pong, Raw, Reject, Request, Reset, Send, Single
from hamsa_mock.core.messages import Message, text_message
from hamsa_mock.faults.fault import Chances, Element, FrameChange, Insertion, MessageChange, Place, event_of, request_of

REQUEST = Request(1, "tts", 0.0)
ACK = Send("ack", text_message("ack"))
RAW = Raw(b"x", "ack")


class Inserting(Insertion):
    def inserted(self) -> Sequence[Element]:
        return [Ping(b"x")]


class Doubling(MessageChange):
    def changed(self, message: Message, chance: Chances) -> Iterable[Message]:
        return [message, text_message("more")]


class Bytes(FrameChange):
    def frames(self, message: Message) -> bytes:
        return b"bytes"

    def readable(self, message: Message) -> int:
        return 2


def draw() -> float:
    return 0.5


@pytest.mark.parametrize(
    ("place", "script"),
    [("before", [Ping(b"x"), ACK]), ("after", [ACK, Ping(b"x")]), ("instead of", [Ping(b"x")])],
)
def test_insertion_stands_where_it_is_asked_for(place: Place, script: list[Element]) -> None:
    assert list(Inserting().script(ACK, place, draw)) == script


def test_changed_messages_are_the_same_event() -> None:
    first, second = Doubling().script(ACK, "instead of", draw)
    assert isinstance(first, Send)
    assert isinstance(second, Send)
    assert (first.event, second.event) == ("ack", "ack")
    assert second.message.payload == b"more"


def test_bytes_stand_for_the_event_that_they_replace() -> None:
    assert Bytes().script(ACK, "instead of", draw) == [Raw(b"bytes", "ack", nbytes=2)]


@pytest.mark.parametrize("change", [Doubling(), Bytes()])
def test_bytes_of_an_earlier_fault_are_not_changed_again(change: Any) -> None:
    assert change.script(RAW, "instead of", draw) == [RAW]


@pytest.mark.parametrize(
    ("action", "event"),
    [
        (ACK, "ack"),
        (RAW, "ack"),
        (Accept(), "accept"),
        (Ping(), "ping"),
        (Pong(b""), "pong"),
        (Close(1000, ""), "close"),
        (Reject(404, b""), None),
        (Fin(), None),
        (Reset(), None),
        (Abort(), None),
    ],
)
def test_action_is_addressed_by_the_name_of_its_event(action: Single, event: str | None) -> None:
    assert event_of(action) == event


@pytest.mark.parametrize(
    ("action", "answers"),
    [
        (Send("ack", text_message("ack"), REQUEST), True),
        (Raw(b"x", "ack", REQUEST), True),
        (ACK, False),
        (RAW, False),
        (Ping(b""), False),
    ],
)
def test_action_names_the_request_that_it_answers(action: Single, answers: bool) -> None:
    assert (request_of(action) is REQUEST) is answers
