"""Runs Hypothesis inside of a case: many values are tried, and of those that fail the plainest is shown."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.strategies import SearchStrategy

from hamsa_conformance.judgement import Unmet

Value = TypeVar("Value")

SHOWN_CHARACTERS = 400


class Search:
    """A search for a value at which a check fails. The same seed tries the same values, with the same version of
    Hypothesis.

    `tries`: so many values are tried where none fails. `may_go_on`: asked before each further one, also while a plainer
    one is looked for; what is not tried any more counts as right.
    """

    def __init__(self, seed: int, tries: int, may_go_on: Callable[[], bool]) -> None:
        self._seed = seed
        self._tries = tries
        self._may_go_on = may_go_on

    def run(self, values: SearchStrategy[Value], check: Callable[[Value], None], shown: Callable[[Value], str]) -> None:
        """Check values. `shown`: a value in words; values with the same words are checked once.

        Errors: Unmet of the plainest value that fails, with its words and the seed; where none failed, whatever else
        `check` raised, at which the search ends.
        """
        outcomes: dict[str, Unmet | None] = {}
        ended_by: list[Exception] = []

        @seed(self._seed)
        @settings(
            max_examples=self._tries,
            phases=[Phase.generate, Phase.shrink],
            database=None,
            deadline=None,
            verbosity=Verbosity.quiet,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=_HEALTH_CHECKS,
        )
        @given(values)
        def examine(value: Value) -> None:
            words = shown(value)
            if words not in outcomes:
                if ended_by or (outcomes and not self._may_go_on()):
                    return
                try:
                    outcomes[words] = _outcome(check, value)
                except Exception as error:  # it would be shrunk; it is raised below
                    ended_by.append(error)
                    return
            failure = outcomes[words]
            if failure is not None:
                raise _Found(failure, words)

        try:
            examine()
        except _Found as found:
            raise self._explained(found) from None
        if ended_by:
            raise ended_by[0]

    def _explained(self, found: "_Found") -> Unmet:
        unmet = found.unmet
        return Unmet(unmet.expected, f"{unmet.actual}; sent was {cut(found.words)} (seed {self._seed})", unmet.axis)


class _Found(Exception):
    """What Hypothesis makes smaller."""

    def __init__(self, unmet: Unmet, words: str) -> None:
        super().__init__(words)
        self.unmet = unmet
        self.words = words


def _outcome(check: Callable[[Value], None], value: Value) -> Unmet | None:
    try:
        check(value)
    except Unmet as error:
        return error
    return None


def as_json(value: Any) -> str:
    """A message in words: its JSON."""
    return json.dumps(value, ensure_ascii=False)


def cut(words: str) -> str:
    """Words of a bearable length."""
    return words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}…"


# A case is slow because the server is, and nothing of that is a mistake of the strategies.
_HEALTH_CHECKS = [
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.too_slow,
    HealthCheck.large_base_example,
]
