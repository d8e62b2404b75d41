"""Which cases are tried at a server, and why the others are not."""

from collections.abc import Mapping

import pytest

from hamsa_conformance.case import Case, Cost, Kind, Need, case
from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.client.server import Server
from hamsa_conformance.running.finding_cases import load_cases
from hamsa_conformance.running.planning import Conditions, missing, plan

NOBODY = Credentials({("key", "valid"): "k"})
ELSEWHERE = Conditions(is_mock=False, credentials=NOBODY)


def made(name: str, *needs: Need, kind: Kind = "required", characters: int = 0) -> Case:
    does = "Sends nonsense" if "intrusive" in needs else None

    @case(f"hamsa.tests.{name}", title=name, expects="", kind=kind, needs=needs, characters=characters, does=does)
    def run(server: Server) -> None:
        """Never tried."""

    return run


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ("mock", "needs a server that can be steered"),
        ("slow", "waits long in real time; --slow tries it"),
        ("intrusive", "Sends nonsense; --intrusive tries it"),
        ("key:no-funds", "no no-funds key; give one in HAMSA_KEY_NO_FUNDS"),
        ("voice:custom", "no custom voice; give one in HAMSA_VOICE_CUSTOM"),
    ],
)
def test_case_without_what_it_needs_is_skipped_with_the_reason(need: Need, words: str) -> None:
    planned = plan([made("plain"), made("needy", need)], ELSEWHERE)
    assert [case.title for case in planned.tried] == ["plain"]
    assert words in planned.skipped["hamsa.tests.needy"]


@pytest.mark.parametrize("need", ["mock", "slow", "intrusive", "key:no-funds", "voice:custom"])
def test_mock_has_all(need: Need) -> None:
    assert missing(made("needy", need), Conditions(is_mock=True, credentials=Credentials({}))) is None


@pytest.mark.parametrize(
    ("need", "given"),
    [
        ("slow", {"slow": True}),
        ("intrusive", {"intrusive": True}),
        ("key:no-funds", {"credentials": Credentials({("key", "no-funds"): "k"})}),
    ],
)
def test_case_is_tried_where_its_need_is_met(need: Need, given: Mapping[str, object]) -> None:
    conditions = Conditions(**{"is_mock": False, "credentials": NOBODY, **given})  # type: ignore[arg-type]
    assert missing(made("needy", need), conditions) is None


def test_all_needs_of_a_case_must_be_met() -> None:
    conditions = Conditions(is_mock=False, credentials=NOBODY, slow=True)
    assert "--intrusive" in (missing(made("needy", "slow", "intrusive"), conditions) or "")


def test_required_cases_come_first_where_money_is_spent() -> None:
    cases = [made("a", kind="observe"), made("b")]
    assert [case.title for case in plan(cases, ELSEWHERE).tried] == ["b", "a"]
    at_mock = Conditions(is_mock=True, credentials=NOBODY)
    assert [case.title for case in plan(cases, at_mock).tried] == ["a", "b"]


def test_budget_is_spent_on_required_cases_first() -> None:
    conditions = Conditions(is_mock=False, credentials=NOBODY, budget=100)
    cases = [made("a", kind="optimal", characters=60), made("b", characters=50), made("c", kind="observe")]
    planned = plan(cases, conditions)
    assert [case.title for case in planned.tried] == ["b", "c"]
    assert planned.skipped == {"hamsa.tests.a": "60 characters more would exceed --budget-chars 100"}
    assert planned.cost == Cost(characters=50, seconds=6)


def test_intrusive_cases_of_the_suite_are_tried_nowhere_without_being_asked_for() -> None:
    tried = plan(load_cases(), ELSEWHERE).tried
    assert tried
    assert not {"mock", "slow", "intrusive"} & {need for case in tried for need in case.needs}
