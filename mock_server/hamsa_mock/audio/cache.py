"""A cache under a byte bound, for what is costly to make and may be asked for again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ENTRY_BYTES: Final = 256
"""What an entry is charged on top of its value: its key, its place in the table, the value's object header."""


class ByteCache(Generic[K, V]):
    """Keeps the values that were used last, as many as fit into `limit_bytes`.

    `size` gives the bytes of a value (for bytes it is `len`), which must not change while the value is kept. Each entry
    is charged `ENTRY_BYTES` more. A limit of 0 keeps nothing.
    """

    def __init__(self, limit_bytes: int, size: Callable[[V], int]) -> None:
        """Errors: ValueError for a limit below 0."""
        if limit_bytes < 0:
            raise ValueError(f"a cache cannot hold {limit_bytes} bytes")
        self.limit_bytes: Final = limit_bytes
        self._size: Final = size
        self._values: Final[OrderedDict[K, V]] = OrderedDict()
        self._used_bytes = 0

    @property
    def used_bytes(self) -> int:
        """Bytes charged for what is kept: never more than `limit_bytes`."""
        return self._used_bytes

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._values)

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """The value kept under `key`, else what `make` returns, which is kept if it fits.

        The key must name the value completely. What `make` raises passes through, and nothing is kept.
        """
        values = self._values
        if key in values:
            values.move_to_end(key)
            return values[key]
        value = make()
        charge = self._charge(value)
        if charge <= self.limit_bytes:
            values[key] = value
            self._used_bytes += charge
            while self._used_bytes > self.limit_bytes:
                _, oldest = values.popitem(last=False)
                self._used_bytes -= self._charge(oldest)
        return value

    def clear(self) -> None:
        """Forget all values."""
        self._values.clear()
        self._used_bytes = 0

    def _charge(self, value: V) -> int:
        return ENTRY_BYTES + self._size(value)
