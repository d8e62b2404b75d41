"""What can be said of a server in one case."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """In the order of how much it matters."""

    FAIL = "FAIL"
    """The server does something else than it must."""
    INCONCLUSIVE = "INCONCLUSIVE"
    """It could not be seen: an answer was cut short, limited or late while something else was judged."""
    NON_STRICT = "NON-STRICT"
    """Other words than the documents have, where a client can hardly mind."""
    PASS = "PASS"
    INFO = "INFO"
    """Seen and recorded; nothing says what would be right."""
    SKIPPED = "SKIPPED"
    """Not tried; the reason says why."""


_ORDER = list(Verdict)


def gravest(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The one that matters most; None: there is none."""
    return min(verdicts, key=_ORDER.index, default=None)
