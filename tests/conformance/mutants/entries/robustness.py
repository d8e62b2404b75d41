"""Frames of a client: right ones that are refused, wrong ones that are not, and how others suffer."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.actions import Action, Ping, Single
from hamsa_mock.core.events import Event, Text
from hamsa_mock.shell.assembly import Assembly
from hamsa_mock.shell.connection import Connection
from tests.conformance.mutants.client_frames import ClientFrame, Mend, mending, reading, treating
from tests.conformance.mutants.mutant import Change, mutant, replaced
from tests.conformance.mutants.wire import closing, steps

TEXT = 1
CONTINUATION = 0
CONTROL_BYTES = 125


def _whole_only(protocol: Any, frame: Frame, usual: Callable[[], None]) -> None:
    if not frame.fin:
        raise ProtocolError("fragments are not taken")
    usual()


def _nothing_between(protocol: Any, frame: Frame, usual: Callable[[], None]) -> None:
    if frame.opcode in (Opcode.PING, Opcode.PONG) and protocol.current_size is not None:
        raise ProtocolError("a control frame between fragments")
    usual()


def _first_fragment(original: Any) -> Any:
    """Only the last fragment of a message is read."""
    return lambda self, frame: original(self, frame) if frame.opcode is not Opcode.CONT else _alone(self, frame)


def _alone(assembly: Any, frame: Frame) -> Any:
    assembly._fragments = bytearray()
    return Assembly().add(replace(frame, opcode=Opcode.TEXT)) if frame.fin else None


def _utf8(frame: ClientFrame) -> ClientFrame:
    if frame.opcode not in (TEXT, CONTINUATION):
        return frame
    return replace(frame, payload=frame.payload.decode(errors="replace").encode())


def _short_control(frame: ClientFrame) -> ClientFrame:
    return replace(frame, payload=frame.payload[:CONTROL_BYTES]) if frame.is_control else frame


def _whole_control(frame: ClientFrame) -> ClientFrame:
    return replace(frame, final=True) if frame.is_control else frame


def _known_opcodes(frames: list[ClientFrame]) -> list[ClientFrame]:
    return [frame for frame in frames if frame.opcode in (0, 1, 2, 8, 9, 10)]


def _in_order() -> Mend:
    """A message that begins in the middle of another one ends it; a continuation of nothing is dropped."""
    open_message = False

    def mend(frames: list[ClientFrame]) -> list[ClientFrame]:
        nonlocal open_message
        mended: list[ClientFrame] = []
        for frame in frames:
            if frame.is_control:
                mended.append(frame)
            elif open_message or frame.opcode != CONTINUATION:
                mended.append(replace(frame, opcode=CONTINUATION) if open_message else frame)
                open_message = not frame.final
        return mended

    return mend


def _unsolicited_pong_closes() -> Any:
    pinged = 0

    def step(event: Any, actions: list[Single]) -> list[Single]:
        nonlocal pinged
        pinged += sum(isinstance(action, Ping) for action in actions)
        if type(event).__name__ == "Ponged":
            pinged -= 1
            return actions if pinged >= 0 else [closing(1002)]
        return actions

    return step


def _binary_closes() -> Any:
    def step(event: Any, actions: list[Single]) -> list[Single]:
        return [closing(1003)] if type(event).__name__ == "Binary" else actions

    return step


def _closes_on(is_odd: Callable[[str], bool]) -> Change:
    """Some texts close the connection, as where a parser's failure is not caught."""

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        return [closing(1011)] if isinstance(event, Text) and is_odd(event.data) else actions

    return steps(lambda: step)


def _spreading(original: Any) -> Any:
    """Who breaks the protocol takes all other connections with it."""

    def tell_failure(self: Connection) -> None:
        original(self)
        for member in self._hub.members:
            if member is not self:
                member.abort()

    return tell_failure


MUTANTS = (
    mutant(
        "robustness.fragments_refused",
        "A message in fragments fails the connection.",
        "RFC 6455, 5.4",
        treating(_whole_only),
        cases=("hamsa.robustness.fragmented",),
    ),
    mutant(
        "robustness.last_fragment",
        "Of a message in fragments the last one is read.",
        "RFC 6455, 5.4",
        replaced(Assembly, "add", _first_fragment),
        cases=("hamsa.robustness.fragmented",),
    ),
    mutant(
        "robustness.ping_between_fragments",
        "A ping between fragments fails the connection.",
        "RFC 6455, 5.4",
        treating(_nothing_between),
        cases=("hamsa.robustness.ping_between_fragments",),
    ),
    mutant(
        "robustness.message_in_message",
        "A message may begin in the middle of another one.",
        "RFC 6455, 5.4",
        reading(_in_order),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.failure_spreads",
        "A client that breaks the protocol takes all others with it.",
        "API-1",
        replaced(Connection, "_tell_failure", _spreading),
    ),
    mutant(
        "robustness.unmasked",
        "Frames of a client need no mask.",
        "RFC 6455, 5.1",
        mending(lambda frame: replace(frame, masked=True)),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.reserved_bits",
        "Reserved bits mean nothing.",
        "RFC 6455, 5.2",
        mending(lambda frame: replace(frame, reserved=0)),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.unknown_opcode",
        "Frames of an unknown kind are left out.",
        "RFC 6455, 5.2",
        reading(lambda: _known_opcodes),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.long_control_frame",
        "Control frames may be of any length.",
        "RFC 6455, 5.5",
        mending(_short_control),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.fragmented_control_frame",
        "Control frames may be fragmented.",
        "RFC 6455, 5.5",
        mending(_whole_control),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.bad_utf8",
        "A text message need not be UTF-8.",
        "RFC 6455, 8.1",
        mending(_utf8),
        cases=("hamsa.robustness.breach",),
    ),
    mutant(
        "robustness.unsolicited_pong",
        "A pong that answers nothing closes the connection.",
        "RFC 6455, 5.5.3",
        steps(_unsolicited_pong_closes),
        cases=("hamsa.robustness.many_pongs",),
    ),
    mutant(
        "robustness.binary_closes",
        "A binary message closes the connection.",
        "WST-8",
        steps(_binary_closes),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "robustness.deep_json_closes",
        "JSON that is nested deeply closes the connection.",
        "WST-8",
        _closes_on(lambda text: "[" * 1000 in text),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.robustness.odd_json",),
    ),
    mutant(
        "robustness.surrogate_closes",
        "Half of a surrogate pair in JSON closes the connection.",
        "WST-8",
        _closes_on(lambda text: "\\ud800" in text),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.robustness.odd_json",),
    ),
)
