"""Makes entries of a transcript out of what the journal keeps: redacted, with sizes and hashes."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from websockets.frames import Opcode

from hamsa_kit.redaction import Redactor
from hamsa_kit.transcript import Entry, digest
from hamsa_kit.transcript_redaction import redacted
from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Close, Ping, Pong, Raw, Reject, Request, Send, Single
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.messages import Message
from hamsa_mock.core.records import HttpAnswered, Note, Outline, Record, Recorded, Step, is_text
from hamsa_schemas import MalformedJson, parse

TYPE_CHARACTERS = 100
"""A longer `type` of a message is not told."""

_IN, _OUT = {"direction": "to_server"}, {"direction": "to_client"}
_Thing: TypeAlias = Recorded | Single | Outline | Note | HttpRequest | HttpAnswered
_Fields: TypeAlias = dict[str, Any]


def entries_of(record: Record, redactor: Redactor) -> Iterator[Entry]:
    """The entries of a record, in order."""
    for index, thing in enumerate(_things(record)):
        raw = Entry(
            **_fields(thing, record),
            position=record.position + index,
            time=record.time,
            real=record.real,
            connection=record.party.connection,
            sequence=record.sequence + index,
            provider=record.party.provider,
        )
        yield redacted(raw, redactor)


def payload_of(record: Record, index: int, redactor: Redactor) -> bytes | None:
    """The bytes of one of its entries (counted from 0), of a text without what is redacted; None: it has none."""
    body = _body(list(_things(record))[index])
    return redactor.text(body).encode() if isinstance(body, str) else body


def _things(record: Record) -> Iterator[_Thing]:
    if isinstance(record.subject, Step):
        yield from record.subject.singles()
    else:
        yield record.subject


def _fields(thing: _Thing, record: Record) -> _Fields:
    """All of an entry but its numbers and times."""
    match thing:
        case Note(event, words, data):
            return _note(event, words, data)
        case HttpRequest() | HttpAnswered():
            return {**_http(thing), **_payload(thing), "request": record.party.exchange}
        case events.Text() | events.Binary():
            assert isinstance(record.subject, Step)
            payload = _payload(thing)
            return {
                "kind": "message",
                **_IN,
                **payload,
                "event": payload.get("type"),
                "request": record.subject.request,
            }
        case Send(event, _, request, ordinal):
            return {"kind": "message", **_OUT, **_payload(thing), "event": event, **_place(request, ordinal)}
        case Outline(event, request, ordinal, nbytes, hash):
            about = {"kind": "message", **_OUT, "event": event, **_place(request, ordinal)}
            return {**about, "size": nbytes, "hash": hash}
        case Raw(_, event, request, ordinal):
            return {"kind": "raw", **_OUT, **_payload(thing), "event": event, **_place(request, ordinal)}
        case events.Opening(path, query, headers, peer):
            return {"kind": "handshake_request", **_IN, "path": path, "query": query, "headers": headers, "peer": peer}
        case Accept():
            return {"kind": "handshake_answer", **_OUT, "status": 101}
        case Reject(status, _, headers):
            return {"kind": "handshake_answer", **_OUT, **_payload(thing), "status": status, "headers": _lower(headers)}
        case _:
            return _frame(thing)


def _http(thing: HttpRequest | HttpAnswered) -> _Fields:
    if isinstance(thing, HttpAnswered):
        event = None if thing.whole else "unfinished"
        return {"kind": "http_answer", **_OUT, "status": thing.status, "headers": _lower(thing.headers), "event": event}
    about = {"method": thing.method, "path": thing.path}
    return {"kind": "http_request", **_IN, **about, "query": thing.query, "headers": thing.headers}


def _frame(thing: _Thing) -> _Fields:
    """Control frames, and how a connection ends."""
    match thing:
        case events.Pinged():
            return {"kind": "ping", **_IN, **_payload(thing)}
        case events.Ponged():
            return {"kind": "pong", **_IN, **_payload(thing)}
        case Ping():
            return {"kind": "ping", **_OUT, **_payload(thing)}
        case Pong():
            return {"kind": "pong", **_OUT, **_payload(thing)}
        case events.PeerClosed(code, reason):
            return {"kind": "close", **_IN, "code": code, "reason": reason}
        case events.Failed(code, reason) | Close(code, reason):
            return {"kind": "close", **_OUT, "code": code, "reason": reason}
        case events.Lost():
            return {"kind": "lost"}
        case _:  # Fin, Reset, Abort
            return {"kind": "disconnect", **_OUT, "event": type(thing).__name__.lower()}


def _note(event: str, words: str, data: Mapping[str, Any]) -> _Fields:
    about = dict(data)
    request = about.pop("request", None)
    return {"kind": "note", "event": event, "text": words, "data": about, "request": request}


def _place(request: Request | None, ordinal: int) -> _Fields:
    return {} if request is None else {"request": request.number, "ordinal": ordinal}


def _payload(thing: _Thing) -> _Fields:
    if isinstance(thing, HttpAnswered) and thing.hashed is not None:
        return {"size": thing.nbytes, "hash": thing.hashed.hexdigest()}
    if isinstance(thing, Send) and thing.message.opcode is Opcode.BINARY:
        return {"size": thing.message.nbytes, "hash": thing.message.digest}
    body = _body(thing)
    if body is None:
        return {}
    if isinstance(body, str):
        return {"text": body, "type": _type(body)}
    return {"size": len(body), "hash": digest(body)}


def _body(thing: _Thing) -> str | bytes | None:
    """What was sent: text where it is one."""
    match thing:
        case events.Text(data):
            return data
        case events.Binary(data) | Raw(data):
            return data
        case events.Pinged(payload) | events.Ponged(payload) | Ping(payload) | Pong(payload):
            return payload
        case Send():
            return _message_body(thing.message)
        case Reject():
            return _http_body(thing.body, thing.headers)
        case HttpRequest():
            return _http_body(thing.body or b"", thing.headers)
        case HttpAnswered():
            return _http_body(b"".join(thing.pieces), thing.headers)
        case _:
            return None


def _message_body(message: Message) -> str | bytes:
    return _text(message.payload) if message.opcode is Opcode.TEXT else message.payload


def _http_body(body: bytes, headers: Mapping[str, str]) -> str | bytes | None:
    if not body:
        return None
    return _text(body) if is_text(headers) else body


def _text(payload: bytes) -> str | bytes:
    """As text, unless it is not UTF-8."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return payload


def _type(text: str) -> str | None:
    """The `type` of a JSON message."""
    try:
        message = parse(text)
    except MalformedJson:
        return None
    name = message.get("type") if isinstance(message, dict) else None
    return name if isinstance(name, str) and len(name) <= TYPE_CHARACTERS else None


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
