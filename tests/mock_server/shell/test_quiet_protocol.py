"""websockets' protocol without pongs of its own, and with any close code."""

import struct

import pytest
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State

from hamsa_mock.shell.quiet_protocol import QuietProtocol, leaves_pings_alone
from tests.mock_server.raw import frame


@pytest.fixture
def protocol() -> QuietProtocol:
    return QuietProtocol(state=State.OPEN)


def received(protocol: QuietProtocol, data: bytes) -> list[tuple[Opcode, bytes]]:
    protocol.receive_data(data)
    return [(seen.opcode, bytes(seen.data)) for seen in protocol.events_received() if isinstance(seen, Frame)]


def test_installed_websockets_leaves_pings_alone() -> None:
    assert leaves_pings_alone()


def test_ping_is_reported_and_not_answered(protocol: QuietProtocol) -> None:
    assert received(protocol, frame(Opcode.PING, b"x")) == [(Opcode.PING, b"x")]
    assert protocol.data_to_send() == []


def test_ping_between_fragments_breaks_nothing(protocol: QuietProtocol) -> None:
    data = frame(1, b"a", fin=False) + frame(Opcode.PING) + frame(0, b"b")
    assert received(protocol, data) == [(Opcode.TEXT, b"a"), (Opcode.PING, b""), (Opcode.CONT, b"b")]
    assert protocol.state is State.OPEN


def test_close_is_still_echoed(protocol: QuietProtocol) -> None:
    assert received(protocol, frame(Opcode.CLOSE, b"\x03\xe8")) == [(Opcode.CLOSE, b"\x03\xe8")]
    assert protocol.data_to_send()[0] == b"\x88\x02\x03\xe8"


@pytest.mark.parametrize("code", [0, 999, 1000, 1005, 1006, 4003, 65535])
def test_close_frame_has_any_code(protocol: QuietProtocol, code: int) -> None:
    protocol.send_close(code, "why")
    payload = struct.pack("!H", code) + b"why" if code else b""
    assert protocol.data_to_send() == [bytes([0x88, len(payload)]) + payload]
    assert protocol.state is State.CLOSING
    assert protocol.close_expected()
    assert protocol.close_sent == (Close(code, "why") if code else Close(1005, ""))


def test_close_that_is_answered_ends_the_stream(protocol: QuietProtocol) -> None:
    protocol.send_close(4003)
    protocol.data_to_send()
    received(protocol, frame(Opcode.CLOSE, b"\x0f\xa3"))
    assert protocol.data_to_send() == [b""]
