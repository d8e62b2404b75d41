"""Messages out of frames."""

from websockets.frames import Frame, Opcode

from hamsa_mock.core.events import Binary, Text


class Assembly:
    """Puts the fragments of a message together (RFC 6455, 5.4). websockets has checked their order."""

    __slots__ = ("_fragments", "_text")

    def __init__(self) -> None:
        self._fragments: bytearray | None = None
        self._text = False

    def add(self, frame: Frame) -> Text | Binary | None:
        """The message that a data frame completes. Raises UnicodeDecodeError."""
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
        return Text(str(data, "utf-8")) if self._text else Binary(bytes(data))
