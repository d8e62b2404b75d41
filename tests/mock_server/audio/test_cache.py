"""The cache keeps what was used last, within its bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsa_mock.audio.cache import ENTRY_BYTES, ByteCache

VALUE = b"x" * 1000
COST = 1000 + ENTRY_BYTES


def cache_for(values: int) -> ByteCache[str, bytes]:
    """A cache that holds so many values of 1000 bytes."""
    return ByteCache(values * COST, size=len)


def keep(cache: ByteCache[str, bytes], *keys: str) -> list[str]:
    """Ask for the keys, and return those whose value had to be made."""
    made: list[str] = []

    def value_of(key: str) -> bytes:
        made.append(key)
        return VALUE

    for key in keys:
        cache.get_or_make(key, lambda key=key: value_of(key))  # type: ignore[misc]
    return made


def test_cache_makes_a_value_once() -> None:
    cache = cache_for(2)
    first = cache.get_or_make("a", lambda: b"one")
    assert cache.get_or_make("a", lambda: b"another") is first


def test_cache_lets_go_of_what_was_used_longest_ago() -> None:
    cache = cache_for(2)
    assert keep(cache, "a", "b", "a", "c") == ["a", "b", "c"]
    assert keep(cache, "a", "c") == []
    assert keep(cache, "b") == ["b"]


def test_cache_lets_go_of_as_many_as_a_big_value_needs() -> None:
    cache = cache_for(3)
    keep(cache, "a", "b", "c")
    cache.get_or_make("big", lambda: b"x" * (2 * COST - ENTRY_BYTES))
    assert len(cache) == 2
    assert keep(cache, "c") == []


def test_cache_does_not_keep_a_value_beyond_its_limit() -> None:
    cache = cache_for(1)
    keep(cache, "a")
    too_big = VALUE + b"x"
    assert cache.get_or_make("b", lambda: too_big) is too_big
    assert keep(cache, "a", "b") == ["b"]


def test_cache_without_room_keeps_nothing() -> None:
    cache = cache_for(0)
    assert keep(cache, "a", "a") == ["a", "a"]
    assert (len(cache), cache.used_bytes) == (0, 0)


def test_cache_keeps_nothing_when_making_fails() -> None:
    cache = cache_for(1)
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("a", lambda: bytes(1 // 0))
    assert keep(cache, "a") == ["a"]


def test_cache_measures_values_by_the_function_it_was_given() -> None:
    cache: ByteCache[str, list[bytes]] = ByteCache(5000, size=lambda value: sum(map(len, value)))
    cache.get_or_make("a", lambda: [b"12", b"345"])
    assert cache.used_bytes == 5 + ENTRY_BYTES


def test_cleared_cache_is_empty() -> None:
    cache = cache_for(2)
    keep(cache, "a", "b")
    cache.clear()
    assert (len(cache), cache.used_bytes) == (0, 0)
    assert keep(cache, "a") == ["a"]


def test_cache_refuses_a_limit_below_zero() -> None:
    with pytest.raises(ValueError, match="-1 bytes"):
        ByteCache(-1, size=len)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3000))), st.integers(0, 8000))
@settings(deadline=None)
def test_cache_never_exceeds_its_limit(uses: list[tuple[int, int]], limit: int) -> None:
    cache: ByteCache[int, bytes] = ByteCache(limit, size=len)
    sizes: dict[int, int] = {}
    for key, size in uses:
        sizes.setdefault(key, size)
        assert len(cache.get_or_make(key, lambda size=sizes[key]: bytes(size))) == sizes[key]  # type: ignore[misc]
        assert cache.used_bytes <= limit
        assert cache.used_bytes >= len(cache) * ENTRY_BYTES
