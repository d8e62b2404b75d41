"""Messages on their way out."""

import pytest
from websockets.frames import Opcode

from hamsa_kit.transcript import digest
from hamsa_mock.core.messages import binary_message, text_message


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x82\x00"),
        (125, b"\x82\x7d"),
        (126, b"\x82\x7e\x00\x7e"),
        (65_535, b"\x82\x7e\xff\xff"),
        (65_536, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_binary_message_has_the_unmasked_frame_of_rfc_6455(size: int, head: bytes) -> None:
    payload = bytes(index % 251 for index in range(size))
    message = binary_message(payload)
    assert message.frame == head + payload
    assert message.payload == payload
    assert message.nbytes == size
    assert message.opcode is Opcode.BINARY


def test_text_message_is_sent_as_utf8() -> None:
    message = text_message("مرحبا")
    assert message.frame == b"\x81\x0a" + "مرحبا".encode()
    assert message.opcode is Opcode.TEXT


def test_message_is_shown_by_kind_and_size_not_by_content() -> None:
    assert repr(binary_message(b"secret")) == "Message(BINARY, 6 bytes)"


def test_hash_of_a_payload_is_made_once() -> None:
    message = binary_message(b"abc")
    assert message.digest == digest(b"abc")
    assert message.digest is message.digest
