"""Frames as bytes, right or wrong (RFC 6455, 5.2): libraries refuse to make the wrong ones."""

import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

FIN = 0x80
RSV1, RSV2, RSV3 = 0x40, 0x20, 0x10

_MASKED = 0x80
_MASK = b"\x37\xfa\x21\x3d"
_IN_TWO_BYTES, _IN_EIGHT_BYTES = 126, 127


def frame_bytes(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    reserved: int = 0,
    masked: bool = True,
    claimed: int | None = None,
) -> bytes:
    """A frame as a client sends it. `reserved`: reserved bits that are set. `claimed`: the length in its header, where
    that is not the one of its payload."""
    length = len(payload) if claimed is None else claimed
    mask_bit = _MASKED if masked else 0
    head = bytes([(FIN if fin else 0) | reserved | opcode])
    if length < _IN_TWO_BYTES:
        head += bytes([mask_bit | length])
    elif length < 1 << 16:
        head += struct.pack("!BH", mask_bit | _IN_TWO_BYTES, length)
    else:
        head += struct.pack("!BQ", mask_bit | _IN_EIGHT_BYTES, length)
    if not masked:
        return head + payload
    return head + _MASK + bytes(byte ^ _MASK[index % 4] for index, byte in enumerate(payload))


def close_payload(code: int, reason: bytes = b"") -> bytes:
    """The body of a close frame (RFC 6455, 5.5.1)."""
    return struct.pack("!H", code) + reason
