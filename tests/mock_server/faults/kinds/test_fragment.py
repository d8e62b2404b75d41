"""Fragments as a fault."""

from hamsa_mock.core.actions import Raw
from hamsa_mock.core.messages import Message
from tests.mock_server.faults.virtual import CHUNKS, VirtualConnection, answer, messages, played


def fragments(fault: str) -> Raw:
    (raw,) = [single for single in played(fault).singles if isinstance(single, Raw)]
    return raw


def test_message_comes_in_frames_that_make_it_up() -> None:
    raw = fragments("fragment(4) instead of chunk 2")
    frames = [raw.data[start : start + 4 + 1600] for start in range(0, len(raw.data), 4 + 1600)]
    assert [frame[0] for frame in frames] == [0x02, 0x00, 0x00, 0x80]
    assert b"".join(frame[4:] for frame in frames) == CHUNKS[1].payload
    assert (raw.event, raw.ordinal, raw.nbytes) == ("chunk", 2, 6400)


def test_pings_stand_between_the_fragments() -> None:
    raw = fragments("fragment(2, pings=true) instead of ack")
    first = raw.data[: 2 + 21]
    assert first[0] == 0x01
    assert raw.data[len(first) : len(first) + 3] == b"\x89\x00\x80"


def test_what_an_earlier_fault_has_made_bytes_of_stays_as_it_is() -> None:
    connection = VirtualConnection(
        "reserved_bits(1) instead of ack", "fragment instead of ack", "truncate instead of ack"
    )
    connection.step(answer())
    ack = connection.singles[0]
    assert isinstance(ack, Raw)
    assert ack.data[0] == 0x91
    assert all(isinstance(message, Message) for message in messages(connection))
