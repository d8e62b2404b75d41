"""Frames as bytes: right ones are read by the library websockets, wrong ones are wrong in one thing."""

import pytest
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import OPEN, SERVER, Protocol

from hamsa_conformance.client.frame_bytes import CLOSE, CONTINUATION, PING, RSV2, TEXT, close_payload, frame_bytes


def read(data: bytes) -> list[Frame]:
    """What a server reads."""
    server = Protocol(SERVER, state=OPEN, max_size=None)
    server.receive_data(data)
    return [event for event in server.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_server_reads_payload_of_any_size(size: int) -> None:
    payload = b"a" * size
    assert read(frame_bytes(TEXT, payload)) == [Frame(Opcode.TEXT, payload)]


def test_server_reads_fragments() -> None:
    frames = read(frame_bytes(TEXT, b"a", fin=False) + frame_bytes(CONTINUATION, b"b"))
    assert frames == [Frame(Opcode.TEXT, b"a", fin=False), Frame(Opcode.CONT, b"b")]


def test_server_reads_code_and_reason_of_a_close() -> None:
    (frame,) = read(frame_bytes(CLOSE, close_payload(4000, b"why")))
    assert Close.parse(bytes(frame.data)) == Close(4000, "why")


def test_reserved_bits_stand_in_the_first_byte() -> None:
    assert frame_bytes(PING, reserved=RSV2)[0] == 0x80 | 0x20 | PING


def test_frame_without_a_mask_holds_its_payload_as_it_is() -> None:
    assert frame_bytes(TEXT, b"ab", masked=False) == b"\x81\x02ab"


def test_frame_may_claim_another_length() -> None:
    assert frame_bytes(TEXT, b"a", masked=False, claimed=1 << 40) == b"\x81\x7f\0\0\x01\0\0\0\0\0a"
