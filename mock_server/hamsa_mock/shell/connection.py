"""A WebSocket connection: websockets' Sans-I/O protocol on one side, a session on the other."""

import asyncio
import http
import sys
from collections import deque

from websockets.datastructures import Headers
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import SEND_EOF, State
from websockets.server import ServerProtocol

from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Action, Close, Ping, Reject, Reply, Send
from hamsa_mock.core.messages import Message
from hamsa_mock.core.session import Session
from hamsa_mock.shell.hub import Hub

CLOSE_TIMEOUT = 10.0
"""Seconds of real time that a client has to finish the closing handshake."""

WRITE_BUFFER_BYTES = 256 * 1024
"""Above so much unsent data the session makes nothing more."""

WRITELINES_NEVER_PAUSES = (3, 12) <= sys.version_info < (3, 12, 9) or (3, 13) <= sys.version_info < (3, 13, 2)
"""CVE-2024-12254: there, asyncio's `writelines` buffers without bound for a client that does not read."""


class Connection(asyncio.Protocol):
    """Feeds events to a session and carries out what it orders.

    While the peer does not read, or the session is not hungry, messages are held back and reading stops: a
    client costs a bounded amount of memory whatever it does.
    """

    __slots__ = (
        "_close_timer",
        "_fragments",
        "_held",
        "_hub",
        "_out",
        "_protocol",
        "_session",
        "_text",
        "_transport",
        "_write_paused",
        "alarm",
    )

    def __init__(self, hub: Hub, transport: asyncio.Transport, protocol: ServerProtocol, session: Session) -> None:
        self.alarm: float | None = None
        self._hub = hub
        self._transport = transport
        self._protocol = protocol
        self._session = session
        self._out: list[bytes] = []
        self._held: deque[events.Text | events.Binary] = deque()
        self._fragments: bytearray | None = None
        self._text = False
        self._write_paused = False
        self._close_timer: asyncio.TimerHandle | None = None

    def open(self, opening: events.Opening, response: Response, early: bytes) -> None:
        """Take over the transport and let the session answer the upgrade.

        `response`: the 101 to send if it accepts. `early`: what came right behind the upgrade request.
        """
        self._transport.set_protocol(self)
        self._transport.set_write_buffer_limits(WRITE_BUFFER_BYTES)
        self._hub.add(self)
        for action in self._session.receive(opening, self._hub.now()):
            match action:
                case Accept():
                    self._out.append(response.serialize())
                    self._feed(events.Opened())
                case Reject():
                    self._refuse(action)
                case _:
                    raise TypeError(f"not an answer to an upgrade: {action}")
        if early:
            self.data_received(early)

    # Called by the scheduler and the hub.

    @property
    def deadline(self) -> float | None:
        """When the session wants to be woken, in seconds of the World's clock."""
        return self._session.deadline

    def wake(self) -> None:
        """The session's deadline has come. A connection that fails here is dropped, as asyncio does elsewhere."""
        try:
            self._carry_out(self._session.tick(self._hub.now()))
            self._release()
        except Exception:
            self.abort()
            raise

    def shut_down(self) -> None:
        """The mock stops: what is held back is not answered any more."""
        self._held.clear()
        self._feed(events.Shutdown())
        self._release()

    def abort(self) -> None:
        """Drop the connection without another byte."""
        self._transport.abort()

    # Called by the transport.

    def data_received(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        was_open = self._protocol.state is State.OPEN
        self._protocol.receive_data(data)
        for frame in self._protocol.events_received():
            assert isinstance(frame, Frame)  # the upgrade request has not come through websockets
            self._take(frame)
        if was_open and self._protocol.parser_exc is not None:
            self._tell_failure()
        self._flush()
        self._release()

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._flush()

    def pause_writing(self) -> None:
        self._write_paused = True
        self._feed(events.Blocked())
        self._release()

    def resume_writing(self) -> None:
        # Not at once: uvloop calls this in the middle of a write, and can lose what is written meanwhile.
        self._write_paused = False
        self._hub.loop.call_soon(self._resume)

    def _resume(self) -> None:
        if not self._write_paused and not self._transport.is_closing():
            self._feed(events.Writable())
            self._release()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._held.clear()
        self._session.receive(events.Lost(), self._hub.now())
        self._hub.remove(self)

    # Frames in. websockets has checked them, answered pings and echoed a close by then.

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            received = self._protocol.close_rcvd
            assert received is not None
            self._held.clear()
            self._feed(events.PeerClosed(received.code, received.reason))
        elif frame.opcode in (Opcode.PING, Opcode.PONG):
            self._feed(events.Pinged())
        elif self._protocol.state is State.OPEN:
            try:
                message = self._assemble(frame)
            except UnicodeDecodeError as error:
                # RFC 6455, 8.1: an endpoint must fail the connection when a text message is not UTF-8.
                self._protocol.fail(CloseCode.INVALID_DATA, f"{error.reason} at position {error.start}")
                self._tell_failure()
                return
            if message is not None:
                self._held.append(message)
                self._release()

    def _assemble(self, frame: Frame) -> events.Text | events.Binary | None:
        """The message that this frame completes. Raises UnicodeDecodeError."""
        if frame.opcode is not Opcode.CONT:
            self._text = frame.opcode is Opcode.TEXT
            data = frame.data
        else:
            assert self._fragments is not None
            self._fragments += frame.data
            data = self._fragments
        if not frame.fin:
            self._fragments = bytearray(data) if self._fragments is None else self._fragments
            return None
        self._fragments = None
        return events.Text(str(data, "utf-8")) if self._text else events.Binary(bytes(data))

    def _tell_failure(self) -> None:
        sent = self._protocol.close_sent
        if sent is not None:
            self._held.clear()
            self._feed(events.Failed(sent.code, sent.reason))

    # Events to the session, actions from it.

    def _release(self) -> None:
        """Give the session what may be given, and read on only if nothing is left and the peer reads too."""
        held = self._held
        while held and self._session.hungry and not self._write_paused:
            self._feed(held.popleft())
        if self._transport.is_closing():
            return
        if self._write_paused or held or not self._session.hungry:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _feed(self, event: events.Event) -> None:
        self._carry_out(self._session.receive(event, self._hub.now()))

    def _carry_out(self, actions: list[Action]) -> None:
        out = self._out
        for action in actions:
            if self._protocol.state is not State.OPEN:
                break  # what is ordered behind a close frame goes nowhere
            match action:
                case Reply(_, ack, chunks, end):
                    if ack is not None:
                        out.append(self._frame(ack))
                    out.extend([self._frame(chunk) for chunk in chunks])
                    if end is not None:
                        out.append(self._frame(end))
                case Send():
                    out.append(self._frame(action.message))
                case Ping(payload):
                    out.append(Frame(Opcode.PING, payload).serialize(mask=False))
                case Close(code, reason):
                    self._protocol.send_close(code, reason)
                case _:
                    raise TypeError(f"not an order for an open connection: {action}")
        self._flush()
        self._hub.alarm.watch(self)

    def _frame(self, message: Message) -> bytes:
        """The frame that was encoded once for all connections, but where this one is compressed."""
        extensions = self._protocol.extensions
        if not extensions:
            return message.frame
        return Frame(message.opcode, message.payload).serialize(mask=False, extensions=extensions)

    def _flush(self) -> None:
        """Write all that is ready with one call. websockets marks the end of the stream by an empty string."""
        out = self._out + self._protocol.data_to_send()
        self._out.clear()
        if not out or self._transport.is_closing():
            return
        ended = out[-1] == SEND_EOF
        if ended:
            out.pop()
        if out and WRITELINES_NEVER_PAUSES:
            self._transport.write(b"".join(out))
        elif out:
            self._transport.writelines(out)
        if ended:
            self._half_close()
        if self._close_timer is None and self._protocol.close_expected():
            self._close_timer = self._hub.loop.call_later(CLOSE_TIMEOUT, self._transport.abort)

    def _half_close(self) -> None:
        """End our side only: closing outright while the client still sends would reset the connection, and the
        close frame could be lost on its way."""
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def _refuse(self, reject: Reject) -> None:
        headers = Headers(reject.headers)
        headers["Content-Length"] = str(len(reject.body))
        headers["Connection"] = "close"
        phrase = http.HTTPStatus(reject.status).phrase
        response = Response(reject.status, phrase, headers, reject.body)
        self._transport.write(response.serialize())
        self._transport.close()
