"""Where the audio of an answer is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.audio.chunks import MAX_CHUNK_BYTES, SENTENCE_CHUNKS, chunk_borders


def sizes(nbytes: int, block_bytes: int = 640, chance: int = 0) -> list[int]:
    return [end - start for start, end in pairwise(chunk_borders(nbytes, block_bytes, chance))]


@given(st.integers(1, 6_000_000), st.sampled_from([320, 640]), st.integers(0, 2**64))
def test_chunks_are_whole_blocks_and_all_of_the_audio(nbytes: int, block_bytes: int, chance: int) -> None:
    chunks = sizes(nbytes, block_bytes, chance)
    assert sum(chunks) == nbytes
    assert all(0 < size <= MAX_CHUNK_BYTES for size in chunks)
    assert all(size % block_bytes == 0 for size in chunks[:-1])
    rounded = [*chunks[:-1], -(-chunks[-1] // block_bytes) * block_bytes]
    assert max(rounded) - min(rounded) <= block_bytes


@pytest.mark.parametrize(("nbytes", "count"), [(1, 1), (640, 1), (10_000, 1), (10_001, 2), (50_000, 5)])
def test_short_answer_has_a_chunk_for_each_10000_bytes_begun(nbytes: int, count: int) -> None:
    assert len(sizes(nbytes)) == count


def test_sentence_has_five_to_seven_chunks_by_chance() -> None:
    """FAQ-10."""
    assert [len(sizes(200_000, chance=chance)) for chance in range(3)] == list(SENTENCE_CHUNKS)


def test_sentence_has_no_fewer_chunks_than_the_greatest_size_needs() -> None:
    assert {len(sizes(400_000, chance=chance)) for chance in range(9)} == {7}
    assert {len(sizes(330_000, chance=chance)) for chance in range(9)} == {6, 7}


@pytest.mark.parametrize(("nbytes", "count"), [(448_000, 7), (448_001, 8), (640_000, 10), (640_002, 11)])
def test_long_answer_has_as_few_chunks_as_possible(nbytes: int, count: int) -> None:
    assert len(sizes(nbytes)) == count
