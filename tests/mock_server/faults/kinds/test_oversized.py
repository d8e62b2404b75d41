"""Size as a fault."""

import json

from tests.mock_server.faults.virtual import ACK, CHUNKS, messages, played


def test_audio_is_filled_up_with_zeros() -> None:
    chunk = messages(played("oversized(100000) instead of chunk 1"))[1]
    assert chunk.nbytes == 100_000
    assert chunk.payload.rstrip(b"\0") == CHUNKS[0].payload


def test_text_stays_valid_json() -> None:
    ack = messages(played("oversized instead of ack"))[0]
    assert ack.nbytes == 4_194_305
    assert json.loads(ack.payload) == json.loads(ACK.payload)
