"""A WebSocket connection: websockets' Sans-I/O protocol on one side, a session on the other."""

import asyncio
from collections import deque

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from hamsa_mock.core import events
from hamsa_mock.core.actions import Abort, Accept, Action, Close, Ping, Pong, Raw, Reply, Send
from hamsa_mock.core.scheduler import Entry
from hamsa_mock.core.session import Staged
from hamsa_mock.shell.assembly import Assembly
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.outlet import Outlet

WRITE_BUFFER_BYTES = 256 * 1024
"""Above so much unsent data the session makes nothing more."""

EARLY_BYTES = 64 * 1024
"""When so much has come in front of the answer to the upgrade, the client is not read until then."""


class Connection(asyncio.Protocol):
    """Feeds events to a session and carries out what it orders.

    While the peer does not read, or the session is not hungry, messages are held back and reading stops: a
    client costs a bounded amount of memory whatever it does.
    """

    __slots__ = (
        "__weakref__",
        "_assembly",
        "_early",
        "_held",
        "_hub",
        "_opened",
        "_outlet",
        "_owes_pong",
        "_path",
        "_peer",
        "_protocol",
        "_response",
        "_session",
        "_transport",
        "_write_paused",
        "alarm",
        "number",
    )

    def __init__(
        self, hub: Hub, number: int, transport: asyncio.Transport, protocol: ServerProtocol, session: Staged
    ) -> None:
        self.number = number
        self.alarm: Entry | None = None
        self._hub = hub
        self._transport = transport
        self._protocol = protocol
        self._session = session
        self._outlet = Outlet(transport, protocol, hub.loop)
        self._held: deque[events.Text | events.Binary] = deque()
        self._assembly = Assembly()
        self._write_paused = False
        self._owes_pong = False
        self._response: Response | None = None
        self._early = b""

    def open(self, opening: events.Opening, response: Response, early: bytes) -> None:
        """Take over the transport and let the session answer the upgrade, now or later.

        `response`: the 101 to send if it accepts. `early`: what came right behind the upgrade request.
        """
        self._transport.set_protocol(self)
        self._transport.set_write_buffer_limits(WRITE_BUFFER_BYTES)
        self._hub.add(self)
        self._path, self._peer, self._opened = opening.path, opening.peer, self._hub.now()
        self._response = response
        self._early += early
        self._feed(opening)

    # Called by the scheduler and the hub.

    @property
    def deadline(self) -> float | None:
        """When the session wants to be woken, in seconds of the World's clock."""
        return self._session.deadline

    def describe(self) -> dict[str, str | int | float]:
        """Where it comes from and goes to, and since when, in seconds of the World's clock."""
        return {"number": self.number, "path": self._path, "peer": self._peer, "opened": self._opened}

    def order(self, action: Action) -> bool:
        """Carry out what the session did not order. False: the connection is not open."""
        if self._response is not None or self._outlet.ended or self._protocol.state is not State.OPEN:
            return False
        self._carry_out(self._session.insert(action, self._hub.now()))
        return True

    @property
    def settled(self) -> bool:
        """Whether all that was ordered has left, and the client owes no pong."""
        if self._transport.is_closing():
            return True
        if self._write_paused or self._transport.get_write_buffer_size():
            return False
        return not self._owes_pong or self._protocol.state is not State.OPEN

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
        if self._response is not None:
            self._early += data
            if len(self._early) > EARLY_BYTES:
                self._transport.pause_reading()
            return
        was_open = self._protocol.state is State.OPEN
        self._protocol.receive_data(data)
        for frame in self._protocol.events_received():
            assert isinstance(frame, Frame)  # the upgrade request has not come through websockets
            self._take(frame)
        if was_open and self._protocol.parser_exc is not None:
            self._protocol.parser_exc.__traceback__ = None  # its frames hold what was decompressed
            self._tell_failure()
        self._outlet.flush()
        self._release()

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._outlet.flush()

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
        self._outlet.lost()
        self._held.clear()
        self._session.receive(events.Lost(), self._hub.now())
        self._hub.remove(self)

    # Frames in. websockets has checked them and echoed a close by then.

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            received = self._protocol.close_rcvd
            assert received is not None
            self._held.clear()
            self._feed(events.PeerClosed(received.code, received.reason))
        elif frame.opcode is Opcode.PING:
            self._feed(events.Pinged(bytes(frame.data)))
        elif frame.opcode is Opcode.PONG:
            self._owes_pong = False
            self._feed(events.Ponged(bytes(frame.data)))
        elif self._protocol.state is State.OPEN:
            try:
                message = self._assembly.add(frame)
            except UnicodeDecodeError as error:
                # RFC 6455, 8.1: an endpoint must fail the connection when a text message is not UTF-8.
                self._protocol.fail(CloseCode.INVALID_DATA, f"{error.reason} at position {error.start}")
                self._tell_failure()
                return
            if message is not None:
                self._held.append(message)
                self._release()

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
        outlet = self._outlet
        out, frame = outlet.gathered, outlet.frame
        opened = False
        for action in actions:
            if outlet.ended:
                break
            if self._protocol.state is not State.OPEN and not isinstance(action, Abort):
                continue  # what is ordered behind a close frame goes nowhere
            match action:
                case Reply(_, ack, chunks, end):
                    if ack is not None:
                        out.append(frame(ack))
                    out.extend([frame(chunk) for chunk in chunks])
                    if end is not None:
                        out.append(frame(end))
                case Send():
                    out.append(frame(action.message))
                case Raw(data):
                    out.append(data)
                case Ping(payload):
                    self._owes_pong = True
                    out.append(Frame(Opcode.PING, payload).serialize(mask=False))
                case Pong(payload):
                    out.append(Frame(Opcode.PONG, payload).serialize(mask=False))
                case Close(code, reason) if self._response is None:
                    self._protocol.send_close(code, reason)
                case Accept():
                    assert self._response is not None
                    out.append(self._response.serialize())
                    self._response = None
                    opened = True
                case _:
                    outlet.end(action)
        outlet.flush()
        self._hub.alarm.watch(self)
        if opened:
            self._begin()

    def _begin(self) -> None:
        """The upgrade has been accepted: take what came in front of the answer."""
        self._feed(events.Opened())
        early, self._early = self._early, b""
        self.data_received(early)
