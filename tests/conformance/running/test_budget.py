"""What a run may cost."""

import pytest

from hamsa_conformance.case import Case, Cost, Kind, case
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.running.budget import Budget, affordable, by_importance, estimate, over_budget, shown_cost


def made(name: str, kind: Kind = "required", characters: int = 0) -> Case:
    @case(f"hamsa.tests.{name}", title=name, expects="", kind=kind, characters=characters)
    def run(server: Server) -> None:
        """Never tried."""

    return run


def test_required_cases_come_first_and_stay_in_order() -> None:
    cases = [made("a", "observe"), made("b", "optimal"), made("c"), made("d", "observe"), made("e")]
    assert [case.title for case in by_importance(cases)] == ["c", "e", "b", "a", "d"]


def test_estimate_is_what_all_cost() -> None:
    assert estimate([made("a", characters=30), made("b", characters=70)]) == Cost(characters=100, seconds=12)


def test_first_cases_are_affordable_and_what_costs_nothing_always_is() -> None:
    cases = [made("a", characters=60), made("b", characters=50), made("c", characters=40), made("d")]
    fits, too_much = affordable(cases, 100)
    assert [case.title for case in fits] == ["a", "c", "d"]
    assert [case.title for case in too_much] == ["b"]


def test_budget_is_spent_to_the_last_character_and_not_beyond() -> None:
    budget = Budget(10)
    budget.spend(6)
    budget.spend(4)
    with pytest.raises(NotTried, match="1 characters more would exceed --budget-chars 10"):
        budget.spend(1)
    assert budget.spent == 10


def test_what_costs_nothing_is_never_refused() -> None:
    budget = Budget(0)
    budget.spend(0)
    assert budget.spent == 0


def test_what_is_kept_for_others_is_not_spent() -> None:
    budget = Budget(10)
    budget.kept = 4
    assert budget.allows(6)
    assert not budget.allows(7)
    budget.kept = 0
    assert budget.allows(10)


def test_without_a_cap_everything_is_allowed() -> None:
    budget = Budget()
    budget.kept = 4
    budget.spend(1_000_000)
    assert budget.allows(1_000_000)


def test_costs_are_shown_to_people() -> None:
    assert shown_cost(Cost(characters=12_345, seconds=61.4)) == "12,345 characters and 61 s of audio"
    assert over_budget(1234, 500) == "1,234 characters more would exceed --budget-chars 500"
