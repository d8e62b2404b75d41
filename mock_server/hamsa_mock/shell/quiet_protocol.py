"""websockets' server protocol, but for pongs, which are ordered by the session, and for wrong close codes."""

import struct

from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol


class QuietProtocol(ServerProtocol):
    """Reports pings without answering them, so that a pong can be late or never come."""

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PING:
            self.events.append(frame)
        else:
            super().recv_frame(frame)

    def send_close(self, code: int | None = None, reason: str = "") -> None:
        """Also with a code that must not be sent (RFC 6455, 7.4); without one there is no reason either."""
        if not code:
            super().send_close()
            return
        self.send_frame(Frame(Opcode.CLOSE, struct.pack("!H", code) + reason.encode()))
        self.close_sent = Close(code, reason)
        self.state = State.CLOSING


def leaves_pings_alone() -> bool:
    """Whether the installed websockets lets `QuietProtocol` take pings from it, which is no documented contract."""
    protocol = QuietProtocol(state=State.OPEN)
    protocol.receive_data(b"\x89\x82\0\0\0\0hi")  # a masked ping; the mask is zero
    frames = [frame for frame in protocol.events_received() if isinstance(frame, Frame)]
    return [bytes(frame.data) for frame in frames] == [b"hi"] and not protocol.data_to_send()
