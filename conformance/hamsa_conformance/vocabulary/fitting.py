"""Numbers of behaviours from what was seen: rounded as far as they can be trusted, and no further."""

from collections.abc import Callable, Iterable
from math import floor, log10
from statistics import median

STEP_SECONDS = 0.01
"""In real time, what takes less than half of this is the way there and back."""

DIGITS = 3
"""So many digits of a real time mean something."""

PRECISION = 0.01
"""How narrow a search makes the range in which a border lies, as a share of it."""

LEAST = 0.001
"""The least number that is searched for."""


def fitted_seconds(seen: Iterable[float], exact: bool) -> float:
    """The median, which single late messages do not move. `exact`: on a clock that is steered, milliseconds are; real
    times are rounded to three digits and to hundredths of a second.
    """
    seconds = max(median(seen), 0.0)
    if exact or seconds == 0:
        return round(seconds, 3)
    return round(round(seconds / STEP_SECONDS) * STEP_SECONDS, DIGITS - 1 - floor(log10(seconds)) if seconds > 1 else 2)


def roundest(low: float, high: float) -> float:
    """The number with the fewest digits that is greater than `low` and at most `high`, the greatest of these: people
    choose limits that are round."""
    for digits in range(1, 16):
        step = 10.0 ** (floor(log10(high)) - digits + 1)
        number = round(floor(high / step + 1e-9) * step, 9)
        if number > low:
            return number
    return high


def border(holds: Callable[[float], bool], first: float, most: float, factor: float = 2.0) -> float | None:
    """The roundest number that may be the one from which on something no longer holds. 0: it never does; None: it still
    does at `most`.

    `first`: the first that is tried. Each try that holds is followed by one `factor` times as great.
    """
    low, high = 0.0, first
    while holds(high):
        low, high = high, high * factor
        if low >= most:
            return None
    while high - low > PRECISION * high:
        if high < LEAST:
            return 0.0
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return roundest(low, high)


def greatest(accepts: Callable[[int], bool], low: int, high: int) -> int:
    """The greatest whole number that is accepted. `low` is, or is 0; `high` is not."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if accepts(middle) else (low, middle)
    return low
