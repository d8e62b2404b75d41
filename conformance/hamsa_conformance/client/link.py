"""A WebSocket connection: what is sent over it, and what comes, taken in as it comes and kept until it is asked for."""

import json
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from websockets.frames import Frame

from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.client.socket_stream import SocketStream
from hamsa_conformance.client.spending import characters_of
from hamsa_conformance.judgement import unmet
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
from hamsa_kit.client_session import ClientSession, message_type

if TYPE_CHECKING:
    from hamsa_conformance.client.attempt import Attempt

FLOOD_BYTES = 64 * 2**20
FLOOD_FRAMES = 50_000
"""On one connection no case can have asked for so much. It is ended where more comes, before memory does."""

PIECE_BYTES = 16_384
"""So much is taken in before a flood is looked for: compressed bytes become a thousand times as many."""


class Link:
    """One connection. `pings` and `pongs` are those of the server, with their times.

    Waiting is by the clock that counts: the mock's, or real time; `within` is in seconds, the server's `timeout` unless
    given. Errors of whatever waits for something of the server: Unmet where something else comes, or nothing.
    """

    def __init__(self, server: "Attempt", session: ClientSession) -> None:
        self.session = session
        self.upgraded: Upgraded | None = None
        self.pings: list[PingFrame] = []
        self.pongs: list[PongFrame] = []
        self.closed: CloseFrame | None = None
        self.ended: Ended | None = None
        self.broken: Broken | None = None
        self.was_dropped = False
        """Whether the case has ended it, so that the server cannot close it."""
        self.last_taken: ClientEvent | None = None
        """The message, close or end that was asked for last."""
        self.taken = 0
        """How many were asked for."""
        self.owes_greeting = False
        """Whether the greeting has not come in its time; when it comes, it is passed over."""
        self.received_bytes = 0
        self._message_bytes = 0
        self._server = server
        self._events: deque[ClientEvent] = deque()
        self._stream = SocketStream(server.address.connect(server.timeout), self._take)
        self.asked_at = server.now()
        session.open(self.asked_at)
        self._flush()

    # What streams have

    def fileno(self) -> int:
        """Of the socket; -1 once it has ended."""
        return self._stream.fileno()

    def pump(self) -> bool:
        """Take in what has arrived, and answer pings; whether anything had."""
        arrived = self._stream.pump()
        self._flush()
        return arrived

    def release(self) -> None:
        """Give the socket back."""
        self._stream.close()

    # How it stands

    @property
    def was_reset(self) -> bool:
        """Whether the server ended the connection by a reset."""
        return self._stream.was_reset

    @property
    def is_open(self) -> bool:
        """Whether messages may be sent."""
        return self.session.is_open and not self._stream.ended

    @property
    def was_accepted(self) -> bool:
        """Whether the upgrade was; it may have been closed since."""
        return self.upgraded is not None and self.upgraded.status == 101 and self.broken is None

    @property
    def refusal(self) -> str:
        """Why it is not open, in words."""
        if self.upgraded is not None and self.upgraded.status != 101:
            return f"HTTP {self.upgraded.status} {self.upgraded.body[:200].decode(errors='replace')}".rstrip()
        return self.ending or f"no answer to the upgrade in {self._server.timeout:g} s"

    @property
    def ending(self) -> str | None:
        """How it has ended, in words; None: it has not."""
        if self.broken is not None:
            return shown_event(self.broken)
        if self.closed is not None:
            return shown_event(self.closed)
        if self.ended is None:
            return None
        return "a reset of the connection" if self.was_reset else "the end of the connection without a close frame"

    def require_open(self) -> None:
        """Errors: Unmet where messages may not be sent."""
        if not self.is_open:
            unmet("a connection that is open", self.ending or "a connection that is being closed")

    # Sending

    def send(self, message: object, *, characters: int = 0, seconds: float = 0.0) -> float:
        """Send a text as it is, bytes as a binary message, anything else as JSON. When that was, in seconds.
        `characters`: to be spoken, where the message does not show it; `seconds`: of audio to be heard."""
        self.require_open()
        written = message if isinstance(message, str | bytes) else json.dumps(message, ensure_ascii=False)
        self._server.meter.request(characters or characters_of(written), seconds)
        now = self._server.now()
        if isinstance(written, bytes):
            self.session.send_binary(written, now)
        else:
            self.session.send_text(written, now)
        self._flush()
        return now

    def send_frames(self, *frames: Frame) -> None:
        """Send frames as they are, masked, right or wrong."""
        self.session.send_frames(frames, self._server.now())
        self._flush()

    def send_bytes(self, data: bytes, *, characters: int = 0) -> None:
        """Send bytes past the protocol, such as a frame that no library makes. `characters`: to be spoken."""
        self._server.meter.request(characters)
        self.session.sent_past(data, self._server.now())
        self._server.disturbed()
        self._stream.write(data, self._server.timeout)

    def ping(self, payload: bytes = b"hamsa", within: float | None = None) -> PongFrame:
        """Send a ping and wait for its pong."""
        self.require_open()
        known = len(self.pongs)
        self.session.ping(payload, self._server.now())
        self._flush()
        end = self._end(within)
        while not any(pong.payload == payload for pong in self.pongs[known:]):
            if self.ended is not None or not self._wait(end):
                unmet(f"a pong with {payload!r}", self.ending or f"nothing in {self._seconds(within):g} s")
        return next(pong for pong in self.pongs[known:] if pong.payload == payload)

    def drop(self) -> None:
        """End the TCP connection without a close frame."""
        self.was_dropped = True
        self._stream.close()

    def close(self, code: int | None = 1000, reason: str = "") -> None:
        """Begin the closing handshake. None: without a code, as browsers do by default."""
        self.session.close(code, reason, self._server.now())
        self._flush()

    # Receiving

    def peek(self, within: float | None = None) -> ClientEvent | None:
        """The next message, close or end, which stays the next one; None: nothing came."""
        end = self._end(within)
        while not self._events:
            if self._stream.ended or not self._wait(end):
                break
        return self._events[0] if self._events else None

    def peek_type(self) -> str | None:
        """The type of the next message, which stays the next one; None: nothing comes that has one."""
        event = self.peek()
        return message_type(event.text) if isinstance(event, TextMessage) else None

    def next_event(self, within: float | None = None) -> ClientEvent | None:
        """The next message, close or end; None: nothing came."""
        event = self.peek(within)
        if event is not None:
            self._events.popleft()
            self.last_taken = event
            self.taken += 1
            self._server.heard_on = self
        return event

    def receive(self, within: float | None = None, what: str = "a message") -> TextMessage | BinaryMessage:
        """The next message. `what`: it is waited for, in words."""
        event = self.peek(within)
        if not isinstance(event, TextMessage | BinaryMessage):
            unmet(what, self.ending or f"nothing in {self._seconds(within):g} s")
        self.next_event()
        return event

    def wait_for_upgrade(self) -> None:
        """Until the upgrade is answered, or cannot be any more."""
        end = self._end(None)
        while self.upgraded is None and self.ended is None and self.broken is None:
            if not self._wait(end):
                break

    def wait_for_end(self, within: float | None = None) -> bool:
        """Whether the TCP connection ends in time."""
        end = self._end(within)
        while not self._is_over and self._wait(end):
            pass
        return self._is_over

    # Inside

    @property
    def _is_over(self) -> bool:
        return self.ended is not None or self._stream.ended

    def _seconds(self, within: float | None) -> float:
        return self._server.timeout if within is None else within

    def _end(self, within: float | None) -> float:
        return self._server.now() + self._seconds(within)

    def _wait(self, end: float) -> bool:
        """Let something happen; False once `end` has come, even where pings or pieces of messages go on to come."""
        return self._server.wait_until(end) and self._server.now() <= end

    def _take(self, data: bytes) -> None:
        if not data:
            self._keep(self.session.receive_end(self._server.now()))
        for begin in range(0, len(data), PIECE_BYTES):
            self._take_piece(data[begin : begin + PIECE_BYTES])
            if self._stream.ended:
                break

    def _take_piece(self, data: bytes) -> None:
        now = self._server.now()
        self.received_bytes += len(data)
        self._keep(self.session.receive(data, now))
        nbytes, frames = max(self.received_bytes, self._message_bytes), self.session.frames_received
        if self.broken is None and (nbytes > FLOOD_BYTES or frames > FLOOD_FRAMES):
            self._stream.close()
            self.broken = Broken(f"a flood of {frames:,} frames, {nbytes:,} bytes", now)
            self._events.append(self.broken)
            self._server.forget_flood()

    def _keep(self, events: Iterable[ClientEvent]) -> None:
        for event in events:
            match event:
                case PingFrame():
                    self.pings.append(event)
                    continue
                case PongFrame():
                    self.pongs.append(event)
                    continue
                case Upgraded():
                    self.upgraded = event
                    continue
                case TextMessage(text):
                    self._message_bytes += len(text)
                    if self.owes_greeting and message_type(text) == "info":
                        self.owes_greeting = False
                        continue
                case BinaryMessage(data):
                    self._message_bytes += len(data)
                case CloseFrame():
                    self.closed = event
                case Ended():
                    self.ended = event
                case Broken():
                    self.broken = event
            self._events.append(event)

    def _flush(self) -> None:
        for data in self.session.data_to_send():
            self._server.disturbed()
            if data is None:
                self._stream.end_sending()
            else:
                self._stream.write(data, self._server.timeout)
