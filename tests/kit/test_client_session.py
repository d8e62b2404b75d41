"""A WebSocket client without I/O, joined to the server of the library websockets by hand."""

import json
import struct
from collections.abc import Callable
from typing import Any

import pytest
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from hamsa_kit.client_events import (
    BinaryMessage,
    Broken,
    ClientEvent,
    CloseFrame,
    Ended,
    PingFrame,
    PongFrame,
    TextMessage,
    Upgraded,
)
from hamsa_kit.client_session import MAX_MESSAGE_BYTES, NO_CODE, ClientSession, message_type
from hamsa_kit.transcript import Entry
from hamsa_kit.transcript_text import shown

URL = "ws://mock/v1/realtime/ws?api_key=secret&x="


class Pair:
    """A client session and a server, with a wire between them that is carried by hand."""

    def __init__(self, answer: Callable[[ServerProtocol, Request], Any] | None = None, **options: Any) -> None:
        self.entries: list[Entry] = []
        deflate = [ServerPerMessageDeflateFactory()] if options.get("extensions") else []
        self.server = ServerProtocol(extensions=deflate, max_size=None)
        self.client = ClientSession(URL, record=self.entries.append, **options)
        self.events: list[ClientEvent] = []
        self.heard: list[Any] = []
        self.client.open(1.0)
        self.to_server()
        request = self.heard.pop(0)
        self.request: Request = request
        self.server.send_response(self.server.accept(request) if answer is None else answer(self.server, request))
        self.to_client()

    def to_server(self) -> None:
        for data in self.client.data_to_send():
            if data is None:
                self.server.receive_eof()
            else:
                self.server.receive_data(data)
        self.heard += self.server.events_received()

    def to_client(self, now: float = 2.0) -> None:
        for data in self.server.data_to_send():
            self.events += self.client.receive(data, now) if data else self.client.receive_end(now)
        self.to_server()

    def write(self, data: bytes) -> None:
        """Bytes of a server that breaks the rules."""
        self.events += self.client.receive(data, 2.0)

    def texts(self) -> list[str]:
        return [shown(entry) for entry in self.entries]


def opened(**options: Any) -> Pair:
    pair = Pair(**options)
    pair.events.clear()
    return pair


def test_client_asks_for_the_upgrade_with_its_headers_and_is_open_after_101() -> None:
    pair = Pair(headers={"X-Api-Key": "secret"})
    assert pair.request.path == "/v1/realtime/ws?api_key=secret&x="
    assert pair.request.headers["X-Api-Key"] == "secret"
    (upgraded,) = pair.events
    assert isinstance(upgraded, Upgraded)
    assert (upgraded.status, upgraded.headers["upgrade"], upgraded.at) == (101, "websocket", 2.0)
    assert pair.client.is_open
    request, answer = pair.entries
    assert (request.path, request.query) == ("/v1/realtime/ws", {"api_key": "secret", "x": ""})
    assert (request.headers["x-api-key"], answer.status) == ("secret", 101)


def test_refused_client_sees_status_and_body() -> None:
    pair = Pair(lambda server, request: server.reject(401, '{"code": 401}'))
    pair.to_client()
    first, *rest = pair.events
    assert isinstance(first, Upgraded)
    assert (first.status, first.body) == (401, b'{"code": 401}')
    assert rest == [Ended(2.0)], "that it was refused is no breach of the protocol"
    assert not pair.client.is_open


def test_client_tells_of_an_upgrade_that_is_no_right_one() -> None:
    def wrong(server: ServerProtocol, request: Request) -> Any:
        response = server.accept(request)
        del response.headers["Sec-WebSocket-Accept"]
        response.headers["Sec-WebSocket-Accept"] = "wrong"
        return response

    pair = Pair(wrong)
    assert isinstance(pair.events[0], Upgraded)
    assert isinstance(pair.events[1], Broken)
    assert "Sec-WebSocket-Accept" in pair.events[1].why
    assert not pair.client.is_open


def test_client_tells_once_of_an_answer_that_is_no_http() -> None:
    pair = Pair.__new__(Pair)
    pair.entries, pair.events = [], []
    pair.client = ClientSession(URL, record=pair.entries.append)
    pair.client.open(1.0)
    pair.write(b"220 mail ready\r\n")
    pair.write(b"more")
    (broken,) = pair.events
    assert isinstance(broken, Broken)
    assert "220" in broken.why
    assert "broken" in shown(pair.entries[-1])


def test_server_may_choose_a_subprotocol_that_was_offered_and_no_other() -> None:
    def choosing(name: str) -> Callable[[ServerProtocol, Request], Any]:
        def answer(server: ServerProtocol, request: Request) -> Any:
            response = server.accept(request)
            response.headers["Sec-WebSocket-Protocol"] = name
            return response

        return answer

    pair = Pair(choosing("b"), subprotocols=["a", "b"])
    assert pair.request.headers["Sec-WebSocket-Protocol"] == "a, b"
    assert pair.client.is_open
    other = Pair(choosing("c"), subprotocols=["a", "b"])
    assert isinstance(other.events[1], Broken)
    assert not other.client.is_open


def test_messages_go_both_ways_and_stand_in_the_transcript_by_request() -> None:
    pair = opened()
    pair.client.send_text('{"type": "tts"}', 3.0)
    pair.client.send_binary(b"audio", 3.5)
    pair.to_server()
    assert [(frame.opcode, bytes(frame.data)) for frame in pair.heard] == [
        (Opcode.TEXT, b'{"type": "tts"}'),
        (Opcode.BINARY, b"audio"),
    ]
    pair.server.send_text(b'{"type": "ack"}')
    pair.server.send_binary(b"chunk")
    pair.to_client(4.0)
    assert pair.events == [TextMessage('{"type": "ack"}', 1, 4.0), BinaryMessage(b"chunk", 1, 4.0)]
    sent, binary, ack, chunk = pair.entries[2:]
    assert (sent.type, sent.request, sent.direction) == ("tts", 1, "to_server")
    assert (binary.size, binary.request) == (5, 2)
    assert (ack.type, ack.request, ack.direction, ack.time) == ("ack", 2, "to_client", 4.0)
    assert (chunk.event, chunk.size) == ("chunk", 5)
    assert [entry.sequence for entry in pair.entries] == [1, 2, 3, 4, 5, 6]


def test_fragments_are_joined_and_counted() -> None:
    pair = opened()
    pair.server.send_text("مر".encode(), fin=False)
    pair.server.send_ping(b"between")
    pair.server.send_continuation("حبا".encode(), fin=True)
    pair.to_client()
    assert pair.events == [PingFrame(b"between", 2.0), TextMessage("مرحبا", 2, 2.0)]


def test_ping_is_answered_unless_the_session_is_told_not_to() -> None:
    for answers, heard in ((True, [Opcode.PONG]), (False, [])):
        pair = opened(answers_pings=answers)
        pair.server.send_ping(b"a")
        pair.to_client()
        assert pair.events == [PingFrame(b"a", 2.0)]
        assert [frame.opcode for frame in pair.heard] == heard


def test_ping_of_the_client_gets_a_pong() -> None:
    pair = opened()
    pair.client.ping(b"q", 3.0)
    pair.to_server()
    pair.to_client()
    assert pair.events == [PongFrame(b"q", 2.0)]


def test_server_closes_and_ends_the_connection() -> None:
    pair = opened()
    pair.server.send_close(4001, "no key")
    pair.to_client()
    pair.to_client()
    assert pair.events == [CloseFrame(4001, "no key", 2.0), Ended(2.0)]
    assert pair.client.receive_end(3.0) == [], "it ends once"
    assert pair.client.ended
    pair.client.close(1000, "", 3.0)
    assert [entry.kind for entry in pair.entries if entry.direction == "to_server"] == ["handshake_request"]


def test_client_closes() -> None:
    pair = opened()
    pair.client.close(1000, "bye", 3.0)
    pair.to_server()
    pair.to_client()
    assert isinstance(pair.events[0], CloseFrame)
    assert (pair.events[0].code, pair.events[0].reason) == (1000, "bye")


def test_client_may_close_without_a_code_as_browsers_do() -> None:
    pair = opened()
    pair.client.close(None, "", 3.0)
    pair.to_server()
    (frame,) = pair.heard
    assert (frame.opcode, bytes(frame.data)) == (Opcode.CLOSE, b"")
    assert pair.entries[-1].code == NO_CODE


def test_close_frame_without_code_has_the_code_that_stands_for_it() -> None:
    pair = opened()
    pair.write(b"\x88\x00")
    assert pair.events == [CloseFrame(NO_CODE, "", 2.0)]


def test_connection_that_ends_in_the_middle_of_a_frame_has_just_ended() -> None:
    pair = opened()
    pair.write(b"\x82\x7e")
    assert pair.client.receive_end(3.0) == [Ended(3.0)]


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (b"\x81\x02\xff\xff", "not UTF-8"),
        (b"\xf1\x00", "reserved bits"),
        (b"\x81\x80\0\0\0\0", "mask"),
        (b"\x80\x00", "continuation"),
    ],
)
def test_client_tells_once_how_a_server_breaks_the_protocol(wire: bytes, why: str) -> None:
    pair = opened()
    pair.write(wire)
    pair.write(wire)
    broken = [event for event in pair.events if isinstance(event, Broken)]
    assert len(broken) == 1
    assert why in broken[0].why
    assert not pair.client.is_open


def test_client_may_send_frames_that_break_the_rules() -> None:
    pair = opened()
    pair.client.send_frames([Frame(Opcode.CONT, b"from nowhere")], 3.0)
    (data,) = pair.client.data_to_send()
    assert data is not None
    assert struct.unpack("!BB", data[:2]) == (0x80, 0x80 | 12)
    assert pair.entries[-1].kind == "raw"


def test_bytes_that_are_sent_past_the_session_stand_in_the_transcript() -> None:
    pair = Pair()
    pair.client.sent_past(b"\xffpast it", 3.0)
    assert (pair.entries[-1].kind, pair.entries[-1].size) == ("raw", 8)


def test_compression_is_used_where_it_is_offered_and_taken() -> None:
    assert opened().client.extensions == ""
    pair = opened(extensions=[ClientPerMessageDeflateFactory()])
    assert pair.client.extensions == "permessage-deflate"
    pair.server.send_text(b"a" * 1000)
    (data,) = pair.server.data_to_send()
    assert len(data) < 100
    pair.write(data)
    assert pair.events == [TextMessage("a" * 1000, 1, 2.0)]


def test_message_that_is_too_long_once_it_is_decompressed_breaks_the_connection() -> None:
    pair = opened(extensions=[ClientPerMessageDeflateFactory()])
    pair.server.send_binary(bytes(MAX_MESSAGE_BYTES + 1))
    (data,) = pair.server.data_to_send()
    assert len(data) < MAX_MESSAGE_BYTES / 500
    pair.write(data)
    (broken,) = pair.events
    assert isinstance(broken, Broken)
    assert not pair.client.is_open


def test_frames_are_counted_also_those_that_are_no_events() -> None:
    pair = opened()
    pair.write(b"\x01\x00" + 2 * b"\x00\x00" + b"\x89\x00" + b"\x80\x00")
    assert [type(event) for event in pair.events] == [PingFrame, TextMessage]
    assert pair.client.frames_received == 5


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ('{"type": "ack"}', "ack"),
        ('{"type": 1}', None),
        ("{}", None),
        ("مرحبا", None),
        ("123", None),
        ("{not json", None),
        ('{"a":' * 100_000, None),
        (json.dumps(["type"]), None),
    ],
)
def test_type_of_a_message_is_what_its_json_says(text: str, type: str | None) -> None:
    assert message_type(text) == type
