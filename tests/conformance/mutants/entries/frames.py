"""Frames of the server that RFC 6455 forbids."""

from collections.abc import Callable
from typing import Any

from websockets.frames import Frame, Opcode

from hamsa_mock.core.actions import Raw, Single
from hamsa_mock.core.messages import Message
from tests.conformance.mutants.mutant import Change, mutant, replaced
from tests.conformance.mutants.wire import as_bytes, closing, each, followed


def _masked_message(original: Any) -> Any:
    def init(self: Message, opcode: Opcode, payload: bytes) -> None:
        original(self, opcode, payload)
        self.frame = Frame(opcode, payload).serialize(mask=True)

    return init


def _header(change: Callable[[int], int]) -> Change:
    """The first byte of the frame of an ack is another one."""
    return as_bytes("ack", lambda message: bytes([change(message.frame[0])]) + message.frame[1:])


def _bad_utf8(message: Message) -> bytes:
    return Frame(Opcode.TEXT, message.payload[:-1] + b"\xff\xfe").serialize(mask=False)


def _long_ping(ping: Single) -> list[Single]:
    return [Raw(b"\x89\x7e\x00\xc8" + bytes(200), "ping")]


def _fragmented_ping(ping: Single) -> list[Single]:
    return [Raw(b"\x09\x00\x80\x00", "ping")]


MUTANTS = (
    mutant(
        "frames.masks",
        "The server masks its frames.",
        "RFC 6455, 5.1",
        replaced(Message, "__init__", _masked_message),
        cases=("hamsa.connecting.info_first",),
    ),
    mutant(
        "frames.sets_reserved_bits",
        "The server sets a reserved bit.",
        "RFC 6455, 5.2",
        _header(lambda first: first | 0x10),
        cases=("hamsa.connecting.request_before_info",),
    ),
    mutant(
        "frames.sends_unknown_opcode",
        "The server sends a frame of an unknown kind.",
        "RFC 6455, 5.2",
        _header(lambda first: first & 0xF0 | 0x03),
        cases=("hamsa.connecting.request_before_info",),
    ),
    mutant(
        "frames.sends_bad_utf8",
        "The server sends a text message that is not UTF-8.",
        "RFC 6455, 8.1",
        as_bytes("ack", _bad_utf8),
        cases=("hamsa.connecting.request_before_info",),
    ),
    mutant(
        "frames.long_ping",
        "The pings of the server have 200 bytes.",
        "RFC 6455, 5.5",
        each("ping", _long_ping),
        cases=("hamsa.keepalive",),
    ),
    mutant(
        "frames.fragmented_ping",
        "The pings of the server come in fragments.",
        "RFC 6455, 5.5",
        each("ping", _fragmented_ping),
        cases=("hamsa.keepalive",),
    ),
    mutant(
        "frames.closes_with_1005",
        "The close frame of the server has a code that must not be sent.",
        "RFC 6455, 7.4.1",
        each("close", lambda close: [closing(1005)]),
        cases=("hamsa.keepalive.closed_after_60_minutes",),
    ),
    mutant(
        "frames.garbage_behind_answer",
        "Bytes that are no frame follow an answer.",
        "RFC 6455, 5.2",
        followed("end", Raw(b"\xff\xff\xff", "end")),
        cases=("hamsa.connecting.websockets_library",),
    ),
)
