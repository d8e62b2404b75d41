"""What leaves a connection: frames, gathered and written with one call; and its end, in every form."""

import asyncio
import http
import sys

from websockets.datastructures import Headers
from websockets.frames import Frame
from websockets.http11 import Response
from websockets.protocol import SEND_EOF
from websockets.server import ServerProtocol

from hamsa_mock.core.actions import Abort, Close, Fin, Reject, Reset
from hamsa_mock.core.messages import Message
from hamsa_mock.shell.resetting import reset, reset_when_drained

CLOSE_TIMEOUT = 10.0
"""Seconds of real time that a client has to finish the closing handshake."""

WRITELINES_NEVER_PAUSES = (3, 12) <= sys.version_info < (3, 12, 9) or (3, 13) <= sys.version_info < (3, 13, 2)
"""CVE-2024-12254: there, asyncio's `writelines` buffers without bound for a client that does not read."""


class Outlet:
    """Writes to one transport. `gathered` is what `flush` will write; `ended`: nothing more is written."""

    __slots__ = ("_close_timer", "_loop", "_protocol", "_transport", "ended", "gathered")

    def __init__(self, transport: asyncio.Transport, protocol: ServerProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self.gathered: list[bytes] = []
        self.ended = False
        self._transport = transport
        self._protocol = protocol
        self._loop = loop
        self._close_timer: asyncio.TimerHandle | None = None

    def frame(self, message: Message) -> bytes:
        """The frame that was encoded once for all connections, but where this one is compressed."""
        extensions = self._protocol.extensions
        if not extensions:
            return message.frame
        return Frame(message.opcode, message.payload).serialize(mask=False, extensions=extensions)

    def flush(self) -> None:
        """Write what is gathered, and what websockets has to say. It marks the end of the stream by an empty string."""
        out = self.gathered + self._protocol.data_to_send()
        self.gathered.clear()
        if not out or self.ended or self._transport.is_closing():
            return
        stream_ended = out[-1] == SEND_EOF
        if stream_ended:
            out.pop()
        if out and WRITELINES_NEVER_PAUSES:
            self._transport.write(b"".join(out))
        elif out:
            self._transport.writelines(out)
        if stream_ended:
            self._half_close()
        if self._protocol.close_expected():
            self._drop_later()

    def end(self, action: Reject | Close | Fin | Reset | Abort) -> None:
        """End the connection without a closing handshake, behind what is gathered."""
        self.flush()
        self.ended = True
        match action:
            case Reject():
                self._refuse(action)
            case Fin():
                self._half_close()
                self._drop_later()
            case Reset(drained):
                if drained:
                    reset_when_drained(self._transport, self._loop)
                else:
                    reset(self._transport)
            case _:  # Abort, or a Close before the 101: no close frame can be sent then
                self._transport.abort()

    def lost(self) -> None:
        """The transport is gone."""
        if self._close_timer is not None:
            self._close_timer.cancel()

    def _drop_later(self) -> None:
        """The client has so long to end its side."""
        if self._close_timer is None:
            self._close_timer = self._loop.call_later(CLOSE_TIMEOUT, self._transport.abort)

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
