"""A WebSocket message on its way out, with its frame encoded once.

Server frames are not masked (RFC 6455, 5.1), so the frame of a repeated message, or of cached audio, is the
same bytes on every connection.
"""

from websockets.frames import Frame, Opcode

from hamsa_kit.transcript import digest


class Message:
    """One unfragmented message.

    `frame`: header and payload as they go over the wire, in bytes. `nbytes`: size of the payload alone.
    """

    __slots__ = ("_digest", "frame", "nbytes", "opcode")

    def __init__(self, opcode: Opcode, payload: bytes) -> None:
        self.opcode = opcode
        self.nbytes = len(payload)
        self.frame = Frame(opcode, payload).serialize(mask=False)
        self._digest: str | None = None

    @property
    def payload(self) -> bytes:
        """The payload, copied out of the frame."""
        return self.frame[len(self.frame) - self.nbytes :]

    @property
    def digest(self) -> str:
        """The hash of the payload, made when it is first asked for: the same message may be sent many times."""
        if self._digest is None:
            self._digest = digest(self.payload)
        return self._digest

    def __repr__(self) -> str:
        return f"Message({self.opcode.name}, {self.nbytes} bytes)"


def text_message(text: str) -> Message:
    """A text message."""
    return Message(Opcode.TEXT, text.encode())


def binary_message(payload: bytes) -> Message:
    """A binary message."""
    return Message(Opcode.BINARY, payload)
