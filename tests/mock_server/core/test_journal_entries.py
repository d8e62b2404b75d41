"""Every event and every action as an entry."""

from typing import Any

import pytest
from websockets.frames import Opcode

from hamsa_kit.redaction import Redactor
from hamsa_kit.transcript import digest
from hamsa_mock.core import events
from hamsa_mock.core.actions import (
    Abort,
    Accept,
    Close,
    Fin,
    Ping,
    Pong,
    Raw,
    Reject,
    Reply,
    Request,
    Reset,
    Send,
)
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.journal_entries import TYPE_CHARACTERS, entries_of, payload_of
from hamsa_mock.core.messages import Message, binary_message, text_message
from hamsa_mock.core.records import HttpAnswered, Note, Numbering, Outline, Party, Record, Step, Subject

ASKED = Request(2, "tts", 0)
JSON = {"Content-Type": "application/json"}
CHUNK = binary_message(b"abc")
BINARY = {"size": 3, "hash": digest(b"abc")}
IN, OUT = {"direction": "to_server"}, {"direction": "to_client"}


def record(subject: Subject, connection: int | None = 3, exchange: int | None = None) -> Record:
    return Record(Party(connection, "hamsa", Numbering(), exchange), 10, 5, 1, 0, 1.5, 1e9, subject)


def event(thing: Any, request: int | None = None) -> Subject:
    return Step(thing, request, [])


def action(thing: Any) -> Subject:
    return Step(None, None, [thing])


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            event(events.Opening("/ws", {"a": "b"}, {"c": "d"}, "127.0.0.1:5")),
            {"kind": "handshake_request", **IN, "path": "/ws", "query": {"a": "b"}, "headers": {"c": "d"}}
            | {"peer": "127.0.0.1:5"},
        ),
        (action(Accept()), {"kind": "handshake_answer", **OUT, "status": 101}),
        (
            action(Reject(401, b'{"a":1}', JSON)),
            {"kind": "handshake_answer", **OUT, "status": 401, "headers": {"content-type": "application/json"}}
            | {"text": '{"a":1}'},
        ),
        (
            event(events.Text('{"type": "tts"}'), 1),
            {"kind": "message", **IN, "text": '{"type": "tts"}', "type": "tts", "event": "tts", "request": 1},
        ),
        (event(events.Text("{"), 1), {"kind": "message", **IN, "text": "{", "request": 1}),
        (event(events.Text('["type"]'), 1), {"kind": "message", **IN, "text": '["type"]', "request": 1}),
        (event(events.Text('{"type": 1}'), 1), {"kind": "message", **IN, "text": '{"type": 1}', "request": 1}),
        (event(events.Binary(b"abc"), 1), {"kind": "message", **IN, **BINARY, "request": 1}),
        (
            action(Send("ack", text_message('{"type":"kca"}'), ASKED)),
            {
                "kind": "message",
                **OUT,
                "text": '{"type":"kca"}',
                "type": "kca",
                "event": "ack",
                "request": 2,
                "ordinal": 1,
            },
        ),
        (action(Send("info", text_message("hi"))), {"kind": "message", **OUT, "text": "hi", "event": "info"}),
        (
            action(Send("chunk", CHUNK, ASKED, 4)),
            {"kind": "message", **OUT, **BINARY, "event": "chunk", "request": 2, "ordinal": 4},
        ),
        (
            action(Send("ack", Message(Opcode.TEXT, b"\xff"))),
            {"kind": "message", **OUT, "size": 1, "hash": digest(b"\xff"), "event": "ack"},
        ),
        (
            action(Outline("chunk", ASKED, 4, 3, digest(b"abc"))),
            {"kind": "message", **OUT, **BINARY, "event": "chunk", "request": 2, "ordinal": 4},
        ),
        (
            action(Raw(b"abc", "end", ASKED)),
            {"kind": "raw", **OUT, **BINARY, "event": "end", "request": 2, "ordinal": 1},
        ),
        (event(events.Pinged(b"abc")), {"kind": "ping", **IN, **BINARY}),
        (event(events.Ponged(b"abc")), {"kind": "pong", **IN, **BINARY}),
        (action(Ping(b"abc")), {"kind": "ping", **OUT, **BINARY}),
        (action(Pong(b"abc")), {"kind": "pong", **OUT, **BINARY}),
        (event(events.PeerClosed(1005, "")), {"kind": "close", **IN, "code": 1005, "reason": ""}),
        (event(events.Failed(1002, "no")), {"kind": "close", **OUT, "code": 1002, "reason": "no"}),
        (action(Close(4001, "key")), {"kind": "close", **OUT, "code": 4001, "reason": "key"}),
        (event(events.Lost()), {"kind": "lost"}),
        (action(Fin()), {"kind": "disconnect", **OUT, "event": "fin"}),
        (action(Reset()), {"kind": "disconnect", **OUT, "event": "reset"}),
        (action(Abort()), {"kind": "disconnect", **OUT, "event": "abort"}),
        (
            Note("cut", "#3.2 words", {"request": 2, "why": "so"}),
            {"kind": "note", "event": "cut", "text": "#3.2 words", "data": {"why": "so"}, "request": 2},
        ),
    ],
)
def test_entry_of_a_connection_says_what_went_where(subject: Subject, expected: dict[str, Any]) -> None:
    [entry] = entries_of(record(subject), Redactor())
    numbers = {"position": 10, "sequence": 5, "time": 1.5, "real": 1e9, "connection": 3, "provider": "hamsa"}
    assert entry.json() == numbers | expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            HttpRequest("POST", "/x", {"a": "b"}, {"content-type": "text/plain"}, b"hi"),
            {"kind": "http_request", **IN, "method": "POST", "path": "/x", "query": {"a": "b"}, "text": "hi"}
            | {"headers": {"content-type": "text/plain"}, "request": 7},
        ),
        (
            HttpRequest("POST", "/x", body=b"\xff"),
            {"kind": "http_request", **IN, "method": "POST", "path": "/x", "request": 7}
            | {"size": 1, "hash": digest(b"\xff")},
        ),
        (
            HttpRequest("POST", "/x", body=None),
            {"kind": "http_request", **IN, "method": "POST", "path": "/x", "request": 7},
        ),
        (
            HttpAnswered(200, {"Content-Type": "audio/wav"}, [b"a", b"bc"], whole=True),
            {
                "kind": "http_answer",
                **OUT,
                "status": 200,
                "headers": {"content-type": "audio/wav"},
                **BINARY,
                "request": 7,
            },
        ),
        (
            HttpAnswered(200, JSON, [b"\xff"]),
            {"kind": "http_answer", **OUT, "status": 200, "headers": {"content-type": "application/json"}}
            | {"size": 1, "hash": digest(b"\xff"), "request": 7, "event": "unfinished"},
        ),
        (
            Note("http", "words", {"request": 2}),
            {"kind": "note", "event": "http", "text": "words", "request": 2},
        ),
    ],
)
def test_entry_of_plain_http_says_what_went_where(subject: Subject, expected: dict[str, Any]) -> None:
    [entry] = entries_of(record(subject, None, 7), Redactor())
    numbers = {"position": 10, "sequence": 5, "time": 1.5, "real": 1e9, "connection": None, "provider": "hamsa"}
    assert entry.json() == numbers | expected


def test_answer_that_holds_its_body_no_longer_is_told_by_size_and_hash() -> None:
    answered = HttpAnswered(200, {}, whole=True)
    answered.sent(b"abc")
    answered.lighten()
    [entry] = entries_of(record(answered, None, 7), Redactor())
    assert (entry.size, entry.hash) == (3, digest(b"abc"))


def test_run_of_messages_is_an_entry_for_each() -> None:
    reply = Reply(ASKED, text_message("a"), [CHUNK, CHUNK], text_message("e"), first=3)
    found = list(entries_of(record(Step(events.Text("t"), 2, [reply])), Redactor()))
    assert [entry.event for entry in found] == [None, "ack", "chunk", "chunk", "end"]
    assert [entry.ordinal for entry in found] == [None, 1, 3, 4, 1]
    assert [entry.sequence for entry in found] == [5, 6, 7, 8, 9]
    assert [entry.position for entry in found] == [10, 11, 12, 13, 14]


def test_type_that_is_too_long_to_be_one_is_not_told() -> None:
    for length, told in ((TYPE_CHARACTERS, True), (TYPE_CHARACTERS + 1, False)):
        [entry] = entries_of(record(event(events.Text('{"type": "%s"}' % ("a" * length)))), Redactor())
        assert (entry.type is not None) is told


def test_keys_are_hidden_and_the_fields_named() -> None:
    [entry] = entries_of(record(event(events.Text('{"type": "open-sesame"}'))), Redactor(["open-sesame"]))
    assert entry.text == '{"type": "***"}'
    assert entry.event == entry.type == "***"
    assert sorted(entry.redacted) == ["event", "text", "type"]


def test_bytes_of_an_entry_are_those_of_its_hash_and_of_a_text_those_that_may_be_shown() -> None:
    step = record(Step(events.Text("my open-sesame"), 1, [Send("chunk", CHUNK), Accept()]))
    redactor = Redactor(["open-sesame"])
    assert [payload_of(step, index, redactor) for index in range(3)] == [b"my ***", b"abc", None]
