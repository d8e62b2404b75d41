"""Frames: what RFC 6455 allows is understood, what it forbids fails the connection and nothing else."""

import json
from dataclasses import dataclass

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.frame_bytes import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    RSV1,
    RSV2,
    RSV3,
    TEXT,
    close_payload,
    frame_bytes,
)
from hamsa_conformance.client.requests import SENTENCE, tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import require, unmet
from hamsa_conformance.vocabulary.going_on import goes_on
from hamsa_kit.client_events import BinaryMessage, CloseFrame, Ended, TextMessage

REQUEST = json.dumps(tts(), ensure_ascii=False).encode()
UNKNOWN = json.dumps({"type": "conformance", "payload": {}}).encode()
"""A message that costs nothing and is answered with an error (API-27)."""

PONGS = 1000
CLAIMED_BYTES = 1 << 40
PROTOCOL_ERROR, NOT_UTF8, TOO_BIG = 1002, 1007, 1009


@dataclass(frozen=True, slots=True)
class Breach:
    """Bytes that break RFC 6455. `what` they are, `section`: which forbids them, `codes`: of the close."""

    what: str
    section: str
    data: bytes
    codes: tuple[int, ...] = (PROTOCOL_ERROR,)


BREACHES = {
    "reserved_bit_1": Breach("a frame with RSV1 set", "5.2", frame_bytes(TEXT, UNKNOWN, reserved=RSV1)),
    "reserved_bit_2": Breach("a frame with RSV2 set", "5.2", frame_bytes(TEXT, UNKNOWN, reserved=RSV2)),
    "reserved_bit_3": Breach("a frame with RSV3 set", "5.2", frame_bytes(TEXT, UNKNOWN, reserved=RSV3)),
    "reserved_opcode": Breach("a frame with opcode 3", "5.2", frame_bytes(3, UNKNOWN)),
    "reserved_control_opcode": Breach("a frame with opcode 11", "5.2", frame_bytes(11)),
    "unmasked": Breach("a frame without a mask", "5.1", frame_bytes(TEXT, UNKNOWN, masked=False)),
    "long_ping": Breach("a ping of 126 bytes", "5.5", frame_bytes(PING, bytes(126))),
    "fragmented_ping": Breach("a ping without FIN", "5.5", frame_bytes(PING, fin=False)),
    "continuation_of_nothing": Breach("a continuation of no message", "5.4", frame_bytes(CONTINUATION, UNKNOWN)),
    "message_in_message": Breach(
        "a second message before the first one has ended",
        "5.4",
        frame_bytes(TEXT, UNKNOWN[:9], fin=False) + frame_bytes(TEXT, UNKNOWN),
    ),
    "close_of_one_byte": Breach("a close frame with one byte", "5.5.1", frame_bytes(CLOSE, b"\x03")),
    "close_1005": Breach("a close frame with code 1005", "7.4.1", frame_bytes(CLOSE, close_payload(1005))),
    "close_1006": Breach("a close frame with code 1006", "7.4.1", frame_bytes(CLOSE, close_payload(1006))),
    "close_999": Breach("a close frame with code 999", "7.4.2", frame_bytes(CLOSE, close_payload(999))),
    "close_reason": Breach(
        "a close frame whose reason is not UTF-8",
        "5.5.1",
        frame_bytes(CLOSE, close_payload(1000, b"\xff\xfe")),
        (NOT_UTF8, PROTOCOL_ERROR),
    ),
    "not_utf8": Breach("a text that is not UTF-8", "8.1", frame_bytes(TEXT, UNKNOWN + b"\xff"), (NOT_UTF8,)),
    "surrogate": Breach("a text with half of a pair", "8.1", frame_bytes(TEXT, b'"\xed\xa0\x80"'), (NOT_UTF8,)),
    "half_character": Breach("a text that ends inside a character", "8.1", frame_bytes(TEXT, b'"\xd9'), (NOT_UTF8,)),
    "not_utf8_in_fragments": Breach(
        "a text in two frames that is not UTF-8 where they meet",
        "8.1",
        frame_bytes(TEXT, b'"\xd9', fin=False) + frame_bytes(CONTINUATION, b"\xd9" + UNKNOWN),
        (NOT_UTF8,),
    ),
}


def _breach(name: str, breach: Breach) -> Case:
    @case(
        f"hamsa.robustness.breach[{name}]",
        title=f"The client sends {breach.what}",
        expects=f"The server fails the connection, with the code {' or '.join(map(str, breach.codes))} "
        f"(RFC 6455, {breach.section}; the code is not strict).",
        basis="documented",
        needs=("intrusive",),
        does=f"Sends {breach.what}, which breaks RFC 6455.",
    )
    def breaks(server: Server) -> None:
        client = server.connect()
        client.send_bytes(breach.data)
        _is_failed(server, client, breach.codes)

    return breaks


breaches = family(BREACHES, _breach)


def _frames(*pieces: bytes) -> bytes:
    """One text message in so many frames."""
    first, last = 0, len(pieces) - 1
    return b"".join(
        frame_bytes(TEXT if index == first else CONTINUATION, piece, fin=index == last)
        for index, piece in enumerate(pieces)
    )


def _fragmented(name: str, frames: bytes) -> Case:
    @case(
        f"hamsa.robustness.fragmented[{name}]",
        title=f"A request in fragments: {name.replace('_', ' ')}",
        expects="The server joins the frames and answers the request (RFC 6455, 5.4).",
        statements=("WST-4",),
        characters=len(SENTENCE),
    )
    def fragments(server: Server) -> None:
        client = server.connect()
        asked = Answer(SENTENCE, server.now())
        client.send_bytes(frames, characters=len(SENTENCE))
        _is_spoken(client.answer(asked))

    return fragments


fragmented = family(
    {
        "two_frames": _frames(REQUEST[:70], REQUEST[70:]),
        "single_bytes": _frames(*[REQUEST[index : index + 1] for index in range(len(REQUEST))]),
        "empty_frames": _frames(b"", REQUEST[:1], b"", REQUEST[1:], b""),
    },
    _fragmented,
)


@case(
    "hamsa.robustness.ping_between_fragments",
    title="A ping between the fragments of a message",
    expects="The server answers the ping, and then the message (RFC 6455, 5.4 and 5.5.2).",
    statements=("API-27",),
    basis="documented",
)
def ping_between_fragments(server: Server) -> None:
    client = server.connect()
    client.send_bytes(frame_bytes(TEXT, UNKNOWN[:9], fin=False))
    client.ping(b"between")
    client.send_bytes(frame_bytes(CONTINUATION, UNKNOWN[9:]))
    client.expect_error(server.facts.text("text.unsupported_type", type="conformance"))


@case(
    "hamsa.robustness.nothing_behind_close",
    title="The client sends a request behind its close frame",
    expects="The server discards it, and answers the close frame (RFC 6455, 1.4 and 5.5.1).",
    basis="documented",
    needs=("intrusive",),
    characters=len(SENTENCE),
    does="Sends a message behind a close frame, which breaks RFC 6455.",
)
def nothing_behind_close(server: Server) -> None:
    client = server.connect()
    client.close(1000)
    client.send_bytes(frame_bytes(TEXT, REQUEST), characters=len(SENTENCE))
    _is_failed(server, client, (1000,), quiet=True)


@case(
    "hamsa.robustness.claims_too_much",
    title="A frame that claims to have a tebibyte",
    expects="The server fails the connection with 1009 at once, and does not wait for the rest (RFC 6455, 7.4.1).",
    basis="documented",
    kind="optimal",
    needs=("intrusive",),
    does="Sends the header of a frame of 1 TiB, and a few bytes of it.",
)
def claims_too_much(server: Server) -> None:
    client = server.connect()
    client.send_bytes(frame_bytes(TEXT, b"{", claimed=CLAIMED_BYTES))
    _is_failed(server, client, (TOO_BIG,))


@case(
    "hamsa.robustness.many_pongs",
    title="A thousand pongs that answer nothing",
    expects="The server ignores them, and goes on (RFC 6455, 5.5.3).",
    basis="documented",
    needs=("intrusive",),
    does=f"Sends {PONGS:,} empty frames in one go.",
)
def many_pongs(server: Server) -> None:
    client = server.connect()
    client.send_bytes(frame_bytes(PONG) * PONGS)
    client.ping(b"behind them")


@case(
    "hamsa.robustness.neighbour_served",
    title="One connection breaks the protocol while another one is answered",
    expects="The server fails the first and answers the other as if nothing had happened.",
    statements=("API-1",),
    needs=("intrusive",),
    characters=len(SENTENCE),
    does="Sends bytes that are no frame over one of two connections.",
)
def neighbour_served(server: Server) -> None:
    neighbour, client = server.connect(), server.connect()
    asked = neighbour.ask()
    client.send_bytes(b"\xff" * 64)
    _is_spoken(neighbour.answer(asked))
    _is_failed(server, client, (PROTOCOL_ERROR,))


@case(
    "hamsa.robustness.served_after_half_a_frame",
    title="A client goes away in the middle of a frame",
    expects="The server greets the next client.",
    statements=("API-2",),
    needs=("intrusive",),
    does="Ends a connection in the middle of a frame.",
)
def served_after_half_a_frame(server: Server) -> None:
    client = server.connect()
    client.send_bytes(frame_bytes(TEXT, UNKNOWN)[:-5])
    client.drop()
    server.connect(greeting=False).expect("info")


_ODD = {
    "deep": '{"type":"stt","payload":{"audioList":' + "[" * 20_000 + "]" * 20_000 + "}}",
    "huge_number": '{"type":"stt","payload":{"audioList":[1e999]}}',
    "long_number": '{"type":"stt","payload":{"audioList":[' + "9" * 5000 + "]}}",
    "nan": '{"type":"stt","payload":{"audioList":[NaN]}}',
    "lone_surrogate": '{"type":"\\ud800","payload":{}}',
    "duplicate_type": '{"type":"conformance","type":"conformance","payload":{}}',
    "long_type": '{"type":"' + "x" * 20_000 + '","payload":{}}',
    "null_character": '{"type":"conform\\u0000ance","payload":{}}',
}


def _odd_json(name: str, text: str) -> Case:
    @case(
        f"hamsa.robustness.odd_json[{name}]",
        title=f"JSON on which parsers trip: {name.replace('_', ' ')}",
        expects="The server answers with an error message, and keeps the connection.",
        statements=("WST-8", "API-16"),
        kind="optimal",
        needs=("intrusive",),
        seconds=0.1,
        does="Sends a message that many parsers of JSON cannot take.",
    )
    def odd_json(server: Server) -> None:
        client = server.connect()
        client.send(text)
        client.expect("error")
        goes_on(server, client)

    return odd_json


odd_json = family(_ODD, _odd_json)


def _is_spoken(answer: Answer) -> None:
    """Errors: Unmet."""
    require(answer.error is None and len(answer.audio) > 0, "audio and end", ", ".join(answer.types))
    require(answer.is_whole is not False, "the whole of the text", "audio that lacks something, or of another text")


def _is_failed(server: Server, client: Connection, codes: tuple[int, ...], quiet: bool = False) -> None:
    """The server must end the connection (RFC 6455, 7.1.7), and say nothing before where it has to be `quiet`. The code
    is not strict, nor is that there is a close frame. Errors: Unmet."""
    client.close_judged = True
    wanted = f"a close with {' or '.join(map(str, codes))}"
    end = server.now() + server.timeout
    event = client.next_event()
    while isinstance(event, TextMessage | BinaryMessage) and not quiet and server.now() < end:
        event = client.next_event()
    match event:
        case CloseFrame(code):
            if code not in codes:
                server.not_strict(wanted, shown_event(event), "close")
        case Ended():
            pass
        case None:
            unmet(wanted, "a connection that goes on", "close")
        case _:
            unmet(wanted, shown_event(event))
