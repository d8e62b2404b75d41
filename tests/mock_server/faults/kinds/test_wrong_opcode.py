"""The wrong kind of message as a fault."""

from websockets.frames import Opcode

from tests.mock_server.faults.virtual import ACK, CHUNKS, messages, played


def test_text_comes_as_binary() -> None:
    ack = messages(played("wrong_opcode instead of ack"))[0]
    assert (ack.opcode, ack.payload) == (Opcode.BINARY, ACK.payload)


def test_audio_comes_as_text() -> None:
    chunk = messages(played("wrong_opcode instead of chunk 1"))[1]
    assert (chunk.opcode, chunk.payload) == (Opcode.TEXT, CHUNKS[0].payload)
