"""The closing handshake, and what becomes of clients that go without it."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from websockets.exceptions import ProtocolError
from websockets.frames import Close, Frame, Opcode

from hamsa_conformance.verdict import Verdict
from hamsa_mock.shell.connection import Connection
from hamsa_mock.shell.outlet import Outlet
from tests.conformance.mutants.client_frames import CLOSE, ClientFrame, FrameReader, Treat, reading, treating
from tests.conformance.mutants.mutant import mutant, replaced
from tests.conformance.mutants.spreading import ungreeted_behind

CLOSE_FRAME = b"\x88"
CLOSE_SECONDS = 0.05
"""Of real time."""


def _unechoed(protocol: Any, frame: Frame, usual: Callable[[], None]) -> None:
    usual()
    if frame.opcode is Opcode.CLOSE and protocol.close_rcvd_then_sent:
        protocol.writes = [data for data in protocol.writes if not data.startswith(CLOSE_FRAME)]


def _unechoed_behind(is_last: Callable[[bytes], bool]) -> Treat:
    """The close frame of a client is not answered behind some messages. `is_last`: gets the last one, empty: none."""
    last: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()

    def judge(protocol: Any, frame: Frame, usual: Callable[[], None]) -> None:
        if frame.opcode is Opcode.TEXT:
            last[protocol] = bytes(frame.data)
        (_unechoed if is_last(last.get(protocol, b"")) else _as_usual)(protocol, frame, usual)

    return judge


def _as_usual(protocol: Any, frame: Frame, usual: Callable[[], None]) -> None:
    usual()


def _echoed_with(code: int) -> Treat:
    def judge(protocol: Any, frame: Frame, usual: Callable[[], None]) -> None:
        usual()
        if frame.opcode is Opcode.CLOSE and protocol.close_rcvd_then_sent:
            echo = Frame(Opcode.CLOSE, Close(code, "").serialize()).serialize(mask=False)
            protocol.writes = [echo if data.startswith(CLOSE_FRAME) else data for data in protocol.writes]

    return judge


def _valid_closes(frames: list[ClientFrame]) -> list[ClientFrame]:
    return [frame for frame in frames if frame.opcode != CLOSE or _is_valid(frame.payload)]


def _is_valid(close: bytes) -> bool:
    try:
        Close.parse(close)
    except (ProtocolError, UnicodeDecodeError):
        return False
    return True


def _is_unfinished(connection: Connection) -> bool:
    return connection._protocol.close_rcvd is None


def _late_close(original: Any) -> Any:
    """What comes behind a close frame, within a moment, is read first."""
    held: WeakKeyDictionary[Connection, bytes] = WeakKeyDictionary()

    def release(connection: Connection) -> None:
        frames = sorted(FrameReader().feed(held.pop(connection)), key=lambda frame: frame.opcode == CLOSE)
        original(connection, b"".join(frame.bytes() for frame in frames))

    def data_received(self: Connection, data: bytes) -> None:
        if self in held:
            held[self] += data
        elif data[:1] == CLOSE_FRAME:
            held[self] = data
            self._hub.loop.call_later(CLOSE_SECONDS, release, self)
        else:
            original(self, data)

    return data_received


def _never(original: Any) -> Any:
    return lambda self: None


MUTANTS = (
    mutant(
        "closing.close_not_echoed",
        "The close frame of a client is not answered.",
        "RFC 6455, 5.5.1",
        treating(_unechoed),
        cases=("hamsa.closes.answered",),
    ),
    mutant(
        "closing.unused_not_echoed",
        "The close frame of a client that has asked for nothing is not answered.",
        "RFC 6455, 5.5.1",
        treating(_unechoed_behind(lambda last: last == b"")),
        cases=("hamsa.closes.before_greeting",),
    ),
    mutant(
        "closing.transcript_owed_not_echoed",
        "The close frame of a client that is owed a transcript is not answered.",
        "RFC 6455, 5.5.1",
        treating(_unechoed_behind(lambda last: b'"stt"' in last)),
        cases=("hamsa.closes.in_answer[a_transcript]",),
    ),
    mutant(
        "closing.close_echoed_with_1001",
        "The close frame of a client is answered with another code.",
        "RFC 6455, 5.5.1",
        treating(_echoed_with(1001)),
        cases=("hamsa.connecting.websockets_library",),
    ),
    mutant(
        "closing.stays_connected",
        "The TCP connection stays open behind the closing handshake.",
        "RFC 6455, 7.1.1",
        replaced(Outlet, "_half_close", _never),
        cases=("hamsa.closes.answered",),
    ),
    mutant(
        "closing.bad_close_ignored",
        "A close frame of a client that must not be sent is left out.",
        "RFC 6455, 7.4",
        reading(lambda: _valid_closes),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "closing.next_client",
        "A client that goes without a closing handshake costs the next one its greeting.",
        "API-33",
        *ungreeted_behind(Connection, "eof_received", _is_unfinished),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "closing.answers_behind_close",
        "A message that comes behind a close frame is answered.",
        "RFC 6455, 1.4",
        replaced(Connection, "data_received", _late_close),
        cases=("hamsa.robustness.nothing_behind_close",),
    ),
)
