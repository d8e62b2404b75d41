"""What precedes the samples of an answer, as the behaviours name it."""

import struct

from hamsa_kit.audio_formats import UNKNOWN_SIZE, is_wav

SIZE_AT = 4
"""Where a RIFF chunk has its size, and behind how many bytes more its content begins."""


def header_form(audio: bytes) -> str | None:
    """An option of the behaviours on headers: `none`, `streaming` or `exact`. None: a WAV header with other sizes."""
    if not is_wav(audio):
        return "none"
    place = audio.find(b"data")
    if place < 0 or place + 2 * SIZE_AT > len(audio):
        return None
    (size,) = struct.unpack_from("<I", audio, place + SIZE_AT)
    if size == UNKNOWN_SIZE:
        return "streaming"
    there = len(audio) - place - 2 * SIZE_AT
    return "exact" if there in (size, size + size % 2) else None


def first_bytes(audio: bytes) -> str:
    """How audio begins, in words."""
    return f"{len(audio):,} bytes that begin with {audio[:48].hex(' ')}"
