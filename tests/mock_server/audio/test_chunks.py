"""Where the audio of an answer is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_mock.audio.chunks import MAX_CHUNK_BYTES, chunk_borders


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


@pytest.mark.statement("FAQ-10")
def test_sentence_has_five_to_seven_chunks_by_chance() -> None:
    assert [len(sizes(200_000, chance=chance)) for chance in range(3)] == [5, 6, 7]


def test_sentence_has_no_fewer_chunks_than_the_greatest_size_needs() -> None:
    assert {len(sizes(400_000, chance=chance)) for chance in range(9)} == {7}
    assert {len(sizes(330_000, chance=chance)) for chance in range(9)} == {6, 7}


@pytest.mark.parametrize(("nbytes", "count"), [(448_000, 7), (448_001, 8), (640_000, 10), (640_002, 11)])
def test_long_answer_has_as_few_chunks_as_possible(nbytes: int, count: int) -> None:
    assert len(sizes(nbytes)) == count


@given(st.integers(1, 6_000_000), st.sampled_from([320, 640]), st.integers(0, 2**64))
def test_growing_chunks_are_whole_blocks_and_all_of_the_audio(nbytes: int, block_bytes: int, chance: int) -> None:
    borders = chunk_borders(nbytes, block_bytes, chance, growing=True)
    assert (borders[0], borders[-1]) == (0, nbytes)
    assert all(border % block_bytes == 0 for border in borders[:-1])
    first, *others = (end - start for start, end in pairwise(borders))
    assert first == nbytes or 7_000 <= first <= 16_000
    assert others[:-1] == ([32_000] * 3 + [64_000] * 100)[: max(0, len(others) - 1)]
    assert not others or 0 < others[-1] <= 64_000


@pytest.mark.parametrize(
    ("nbytes", "measured"),
    [(110_958, 5), (115_184, 5), (133_222, 5), (145_498, 6), (181_120, 7), (217_116, 7), (273_718, 6)],
)
def test_growing_chunks_are_as_many_as_were_measured_or_one_more_or_less(nbytes: int, measured: int) -> None:
    """FAQ-10; a customer's measurements of 2026-02."""
    counts = {len(chunk_borders(nbytes, 640, chance, growing=True)) - 1 for chance in range(100)}
    assert counts <= {measured - 1, measured, measured + 1}


def test_first_of_growing_chunks_has_any_size_between_the_bounds() -> None:
    firsts = {chunk_borders(200_000, 640, chance, growing=True)[1] for chance in range(100)}
    assert min(firsts) == 7_040
    assert max(firsts) == 15_360
    assert len(firsts) == 14
