"""A WebSocket message on its way out, with its frame encoded once.

Server frames are not masked (RFC 6455, 5.1), so the frame of a repeated message, or of cached audio, is the
same bytes on every connection.
"""

from websockets.frames import Frame, Opcode


class Message:
    """One unfragmented message.

    `frame`: header and payload as they go over the wire, in bytes. `nbytes`: size of the payload alone.
    """

    __slots__ = ("frame", "nbytes", "opcode")

    def __init__(self, opcode: Opcode, payload: bytes) -> None:
        self.opcode = opcode
        self.nbytes = len(payload)
        self.frame = Frame(opcode, payload).serialize(mask=False)

    @property
    def payload(self) -> bytes:
        """The payload, copied out of the frame."""
        return self.frame[len(self.frame) - self.nbytes :]

    def __repr__(self) -> str:
        return f"Message({self.opcode.name}, {self.nbytes} bytes)"


def text_message(text: str) -> Message:
    """A text message."""
    return Message(Opcode.TEXT, text.encode())


def binary_message(payload: bytes) -> Message:
    """A binary message."""
    return Message(Opcode.BINARY, payload)
