"""Wrong bytes as a fault."""

import pytest

from tests.mock_server.faults.virtual import CHUNKS, messages, played


@pytest.mark.parametrize(("asked", "wrong"), [(1, 1), (100, 100), (6399, 6399), (6400, 6400), (7000, 6400)])
def test_so_many_bytes_are_inverted(asked: int, wrong: int) -> None:
    changed = messages(played(f"corrupt({asked}) instead of chunk 2"))[2].payload
    right = CHUNKS[1].payload
    assert len(changed) == len(right)
    pairs = [(a, b) for a, b in zip(changed, right, strict=True) if a != b]
    assert len(pairs) == wrong
    assert all(a ^ b == 0xFF for a, b in pairs)
