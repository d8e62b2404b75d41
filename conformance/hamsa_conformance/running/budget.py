"""What a run may cost: characters, for which the service is paid."""

from collections.abc import Iterable, Sequence

from hamsa_conformance.case import Case, Cost, Kind
from hamsa_conformance.judgement import NotTried

IMPORTANCE: tuple[Kind, ...] = ("required", "optimal", "observe")
"""Of cases, the most important kind first."""


def by_importance(cases: Iterable[Case]) -> list[Case]:
    """The cases in which money is best spent first; those of a kind stay as they are."""
    return sorted(cases, key=lambda case: IMPORTANCE.index(case.kind))


SECONDS_PER_CHARACTER = 0.12
"""Speech is hardly ever slower than this."""


def estimate(cases: Iterable[Case]) -> Cost:
    """What cases cost at most, if each is tried once; with the audio of what is spoken."""
    cost = sum((case.takes for case in cases), Cost())
    return Cost(characters=cost.characters, seconds=round(cost.seconds + cost.characters * SECONDS_PER_CHARACTER, 3))


def affordable(cases: Sequence[Case], cap: int) -> tuple[list[Case], list[Case]]:
    """Which cases fit in so many characters, the first ones first, and which do not. What costs nothing always fits."""
    fits: list[Case] = []
    too_much: list[Case] = []
    for case in cases:
        left = cap - estimate(fits).characters
        (fits if case.takes.characters <= left else too_much).append(case)
    return fits, too_much


class Budget:
    """So many characters may be spoken, and not one more. `cap` None: as many as there are."""

    def __init__(self, cap: int | None = None) -> None:
        self.cap = cap
        self.spent = 0
        self.kept = 0
        """So many of them are for cases that are still to come."""

    def allows(self, characters: int) -> bool:
        """Whether so many are left, beside what is kept."""
        return self.cap is None or not characters or self.spent + characters <= self.cap - self.kept

    def spend(self, characters: int) -> None:
        """Errors: NotTried where so many are not left."""
        if not self.allows(characters):
            raise NotTried(over_budget(characters, self.cap))
        self.spent += characters


def over_budget(characters: int, cap: int | None) -> str:
    """Why something is not tried."""
    return f"{characters:,} characters more would exceed --budget-chars {cap}"


def shown_cost(cost: Cost) -> str:
    """A cost for people."""
    return f"{cost.characters:,} characters and {cost.seconds:,.0f} s of audio"
