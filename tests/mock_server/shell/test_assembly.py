"""Messages out of frames."""

import pytest
from websockets.frames import Frame, Opcode

from hamsa_mock.core.events import Binary, Text
from hamsa_mock.shell.assembly import Assembly


def test_message_in_one_frame() -> None:
    assembly = Assembly()
    assert assembly.add(Frame(Opcode.TEXT, "هل".encode())) == Text("هل")
    assert assembly.add(Frame(Opcode.BINARY, b"ab")) == Binary(b"ab")


@pytest.mark.parametrize(("opcode", "whole"), [(Opcode.TEXT, Text("هل")), (Opcode.BINARY, Binary("هل".encode()))])
def test_message_in_fragments_that_tear_characters(opcode: Opcode, whole: Text | Binary) -> None:
    assembly = Assembly()
    for _ in range(2):
        first, second, third = "هل".encode()[:1], "هل".encode()[1:3], "هل".encode()[3:]
        assert assembly.add(Frame(opcode, first, fin=False)) is None
        assert assembly.add(Frame(Opcode.CONT, second, fin=False)) is None
        assert assembly.add(Frame(Opcode.CONT, third)) == whole


def test_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        Assembly().add(Frame(Opcode.TEXT, b"\xff"))
