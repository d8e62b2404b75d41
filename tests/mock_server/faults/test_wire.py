"""Every fault reaches the wire of a real client, on both event loops."""

import http.client
import json
import struct
import threading
from contextlib import closing
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

import pytest

from hamsa_mock.faults.registry import kinds
from tests.mock_server.conftest import LoggingMock
from tests.mock_server.faults.wire import (
    CLOSE,
    GOODBYE,
    GOODBYE_SEEN,
    PING,
    SCENARIOS,
    SENTENCE,
    WHOLE,
    WireClient,
    conversation,
    on_the_wire,
)
from tests.mock_server.raw import RawSocket, frame, speech

ACK, FIRST, SECOND, THIRD, END = WHOLE
REST = {"text": SENTENCE, "speaker": "Majd", "dialect": "leb"}


@pytest.mark.parametrize("name", kinds())
def test_fault_reaches_the_wire_of_a_client(mock_on_each_loop: LoggingMock, name: str) -> None:
    assert name in SCENARIOS, f"no scenario shows the fault {name} on a wire"
    SCENARIOS[name](mock_on_each_loop)
    assert [line.data["kind"] for line in mock_on_each_loop.told() if line.event == "fault"][:1] == [name]


def test_every_scenario_is_of_a_fault() -> None:
    assert set(SCENARIOS) == set(kinds())


def test_without_a_fault_the_answer_is_whole(mock_on_each_loop: LoggingMock) -> None:
    assert conversation(mock_on_each_loop) == [*WHOLE, "pong", *GOODBYE_SEEN]


# What comes is another


@on_the_wire("drop")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("drop instead of chunk 2")
    assert conversation(mock) == [ACK, FIRST, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("missing_ack")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("missing_ack")
    assert conversation(mock) == [*WHOLE[1:], "pong", *GOODBYE_SEEN]


@on_the_wire("ignore_pings")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("ignore_pings")
    assert conversation(mock, frame(PING) + frame(1, b"?"), "error") == [*WHOLE, "error", *GOODBYE_SEEN]


@on_the_wire("duplicate")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("duplicate(3) instead of chunk 2")
    assert conversation(mock) == [ACK, FIRST, SECOND, SECOND, SECOND, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("second_end")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("second_end")
    assert conversation(mock) == [*WHOLE, END, "pong", *GOODBYE_SEEN]


@on_the_wire("late_chunk")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("late_chunk(640)")
    assert conversation(mock) == [*WHOLE, "chunk 640", "pong", *GOODBYE_SEEN]


@on_the_wire("reorder")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("reorder instead of chunk 2")
    assert conversation(mock) == [ACK, FIRST, THIRD, SECOND, END, "pong", *GOODBYE_SEEN]


@on_the_wire("wrong_order")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("wrong_order instead of ack")
    assert conversation(mock) == [*WHOLE[1:], ACK, "pong", *GOODBYE_SEEN]


@on_the_wire("truncate")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("truncate(640) instead of chunk 1")
    assert conversation(mock) == [ACK, "chunk 640", SECOND, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("odd_split")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("odd_split(641) instead of chunk 1")
    assert conversation(mock) == [ACK, "chunk 641", "chunk 7679", SECOND, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("oversized")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("oversized(1048577) instead of chunk 1")
    assert conversation(mock) == [ACK, "chunk 1048577", SECOND, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("corrupt")
def _(mock: LoggingMock) -> None:
    def first_chunk() -> bytes:
        with WireClient(mock) as client:
            client.send(speech(SENTENCE))
            assert client.next().name == ACK
            return client.next().payload

    right = first_chunk()
    mock.faults.arm("corrupt(100) instead of chunk 1")
    wrong = first_chunk()
    assert len(wrong) == len(right)
    assert sum(a != b for a, b in zip(right, wrong, strict=True)) == 100


@on_the_wire("fragment")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("fragment(3, pings=true) instead of chunk 1")
    fragments = ["chunk 2773 ...", "ping", "continuation 2773 ...", "ping", "continuation 2774"]
    assert conversation(mock) == [ACK, *fragments, SECOND, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("pings")
def _(mock: LoggingMock) -> None:
    mock.faults.arm('pings(2, "are you there") before chunk 2')
    assert conversation(mock) == [ACK, FIRST, "ping", "ping", SECOND, THIRD, END, "pong", *GOODBYE_SEEN]


@on_the_wire("wrong_type")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("wrong_type(acknowledged) instead of ack")
    assert conversation(mock) == ["acknowledged", *WHOLE[1:], "pong", *GOODBYE_SEEN]


@on_the_wire("wrong_opcode")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("wrong_opcode instead of ack")
    assert conversation(mock) == ["chunk 84", *WHOLE[1:], "pong", *GOODBYE_SEEN]


@on_the_wire("invalid_json")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("invalid_json instead of ack")
    assert conversation(mock) == ["text 83", *WHOLE[1:], "pong", *GOODBYE_SEEN]


@on_the_wire("invalid_utf8")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("invalid_utf8 instead of ack")
    with WireClient(mock) as client:
        client.send(speech(SENTENCE))
        payload = client.next().payload
    with pytest.raises(UnicodeDecodeError):
        payload.decode()


@on_the_wire("reserved_bits")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("reserved_bits(5) instead of chunk 2")
    assert conversation(mock) == [ACK, FIRST, f"{SECOND} rsv 5", THIRD, END, "pong", *GOODBYE_SEEN]


# The connection ends


@on_the_wire("close")
def _(mock: LoggingMock) -> None:
    mock.faults.arm('close(4003, "no money") after chunk 2')
    with WireClient(mock) as client:
        client.send(speech(SENTENCE))
        assert [client.next().name for _ in range(3)] == [ACK, FIRST, SECOND]
        assert client.next().payload == struct.pack("!H", 4003) + b"no money"
        client.send(frame(CLOSE, b"\x0f\xa3"))
        assert client.to_the_end() == ["fin"]


@pytest.mark.parametrize(
    ("code", "seen"), [(0, "close"), (999, "close 999"), (1005, "close 1005"), (65535, "close 65535")]
)
def test_close_with_a_code_that_must_not_be_sent_is_sent(mock_on_each_loop: LoggingMock, code: int, seen: str) -> None:
    mock_on_each_loop.faults.arm(f"close({code}) instead of end")
    with WireClient(mock_on_each_loop) as client:
        client.send(speech(SENTENCE))
        assert client.until(seen) == [*WHOLE[:-1], seen]
        client.send(GOODBYE)
        assert client.to_the_end() == ["fin"]


@on_the_wire("fin")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("fin after chunk 2")
    assert conversation(mock) == [ACK, FIRST, SECOND, "fin"]


@on_the_wire("reset")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("reset(drained=true) after end")
    with WireClient(mock) as client:
        client.send(speech(SENTENCE * 60))  # more than one read takes
        seen = client.to_the_end()
        assert seen[-2:] == [END, "reset"], "everything arrived before the reset"


def test_reset_that_does_not_wait_is_a_reset(mock_on_each_loop: LoggingMock) -> None:
    mock_on_each_loop.faults.arm("reset instead of ack")
    with WireClient(mock_on_each_loop) as client:
        client.send(speech(SENTENCE))
        assert client.to_the_end() == ["reset"]


# Time


@on_the_wire("stall")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("stall after chunk 2")
    with WireClient(mock) as client:
        client.send(speech(SENTENCE))
        assert [client.next().name for _ in range(3)] == [ACK, FIRST, SECOND]
        client.send(frame(PING))
        with WireClient(mock):
            assert client.silent(), "another client was answered meanwhile"
        client.send(GOODBYE)
        assert client.to_the_end() == GOODBYE_SEEN


@on_the_wire("delay")
def _(mock: LoggingMock) -> None:
    mock.clock.freeze()
    mock.faults.arm("delay(3) before chunk 1")
    with WireClient(mock) as client:
        client.send(speech(SENTENCE) + frame(PING, b"x"))
        assert client.until("pong") == [ACK, "pong"]
        mock.clock.advance(3)
        assert client.until(END) == WHOLE[1:]


@on_the_wire("pace")
def _(mock: LoggingMock) -> None:
    mock.clock.freeze()
    mock.faults.arm("pace(0.5, burst=2) after chunk")
    with WireClient(mock) as client:
        client.send(speech(SENTENCE) + frame(PING, b"x"))
        assert client.until("pong") == [ACK, FIRST, SECOND, "pong"]
        mock.clock.advance(1)  # the chunks hold 0.53 seconds of audio
        client.send(frame(PING, b"x"))
        assert client.until("pong") == ["pong"]
        mock.clock.advance(0.1)
        assert client.until(END) == [THIRD, END]


@on_the_wire("slow_handshake")
def _(mock: LoggingMock) -> None:
    mock.clock.freeze()
    mock.faults.arm("slow_handshake(3) times 1")
    with WireClient(mock, wait=False) as slow:
        slow.send(speech(SENTENCE))
        with WireClient(mock):
            assert slow.silent(), "another client was answered meanwhile"
        mock.clock.advance(3)
        slow.opened()
        assert slow.until(END) == WHOLE


@on_the_wire("refuse")
def _(mock: LoggingMock) -> None:
    mock.faults.arm('refuse(429, retry_after=30, message="too many")')
    with RawSocket(mock.url) as raw:
        raw.upgrade()
        status, headers, body = raw.read_http()
    assert (status, headers["retry-after"]) == (429, "30")
    assert json.loads(body) == {"code": 429, "message": "too many"}


# REST


def ask(mock: LoggingMock, path: str = "/v1/realtime/tts-stream") -> tuple[int, Message, bytes]:
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection(urlsplit(mock.http_url).netloc, timeout=20)
    headers = {"Authorization": f"Token {mock.key}", "Content-Type": "application/json"}
    with closing(connection):
        connection.request("POST", path, json.dumps(REST), headers)
        with connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read()


def up_to_the_reset(raw: RawSocket) -> bytes:
    received = b""
    while True:
        try:
            received += raw.socket.recv(65536)
        except ConnectionResetError:
            return received


@on_the_wire("rest_status")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("rest_status(503, retry_after=30) instead of request times 1")
    status, headers, body = ask(mock)
    assert (status, headers["Retry-After"]) == (503, "30")
    assert json.loads(body) == {"code": 503, "message": "Service Unavailable"}
    assert ask(mock)[0] == 200


@on_the_wire("rest_reset")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("rest_reset instead of answer times 1")
    with pytest.raises(ConnectionResetError):
        ask(mock)
    mock.faults.arm("rest_reset(1000) instead of answer")
    with RawSocket(f"{mock.http_url}/v1/realtime/tts-stream") as raw:
        body = json.dumps(REST).encode()
        head = f"POST {raw.target} HTTP/1.1\r\nHost: mock\r\nAuthorization: Token {mock.key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        raw.send(head.encode() + body)
        received = up_to_the_reset(raw)
    assert len(received.partition(b"\r\n\r\n")[2]) == len(b"3e8\r\n") + 1000 + len(b"\r\n")


@on_the_wire("rest_broken_body")
def _(mock: LoggingMock) -> None:
    mock.faults.arm("rest_broken_body(1000) instead of answer")
    for path in ("/v1/realtime/tts-stream", "/v1/realtime/tts"):
        with pytest.raises(http.client.IncompleteRead) as cut:
            ask(mock, path)
        assert len(cut.value.partial) == 1000
    mock.faults.clear()
    mock.faults.arm("rest_broken_body(1000, garbage=true) instead of answer")
    with pytest.raises(http.client.HTTPException):
        ask(mock)


@on_the_wire("rest_delay")
def _(mock: LoggingMock) -> None:
    mock.clock.freeze()
    mock.faults.arm("rest_delay(3)")
    with RawSocket(f"{mock.http_url}/v1/projects/by-api-key") as raw:
        raw.send(f"GET {raw.target} HTTP/1.1\r\nHost: mock\r\nAuthorization: Token {mock.key}\r\n\r\n".encode())
        with WireClient(mock):
            assert raw.socket.gettimeout()
        mock.clock.advance(3)
        assert raw.read_http()[0] == 200


def test_request_that_a_fault_stands_for_costs_nothing(mock: LoggingMock) -> None:
    def charged() -> list[Any]:
        return [line.data.get("charged") for line in mock.lines if line.event == "http"]

    mock.faults.arm("rest_status(500) instead of request times 1")
    ask(mock)
    mock.faults.arm("rest_status(500) instead of answer times 1")
    ask(mock)
    ask(mock)
    mock.stop()
    assert charged() == [None, 0, 1]


def test_silenced_and_unanswered_clients_are_told_that_the_mock_stops(mock_on_each_loop: LoggingMock) -> None:
    mock = mock_on_each_loop
    mock.faults.arm("stall after ack times 1")
    with WireClient(mock) as silenced:
        silenced.send(speech(SENTENCE))
        assert silenced.until(ACK) == [ACK]
        mock.faults.arm("stall before accept")
        with WireClient(mock, wait=False) as unanswered:
            stopping = threading.Thread(target=mock.stop)
            stopping.start()
            assert silenced.until("close 1001") == ["close 1001"]
            silenced.send(frame(CLOSE, b"\x03\xe9"))
            assert silenced.to_the_end() == ["fin"]
            with pytest.raises((EOFError, ConnectionResetError)):
                unanswered.read_http()
            stopping.join()
