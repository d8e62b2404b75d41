"""Chance that follows from a seed: the same seed and the same draws give the same numbers, everywhere."""

from hashlib import blake2b


class Chance:
    """Draws numbers from 0 up to, not including, 1."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._drawn = 0

    def __call__(self) -> float:
        """The next number."""
        self._drawn += 1
        digest = blake2b(b"%d %d" % (self.seed, self._drawn), digest_size=8).digest()
        return (int.from_bytes(digest, "big") >> 11) / (1 << 53)

    def reseed(self, seed: int) -> None:
        """Begin anew, from a seed."""
        self.seed = seed
        self._drawn = 0
