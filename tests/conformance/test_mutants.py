"""The suite can judge: it sees every mutant, and every required case sees one."""

import pytest

import hamsa_mock.mock
import hamsa_mock.providers.hamsa.service
from hamsa_conformance.running.finding_cases import fits, load_cases
from hamsa_mock.shell.quiet_protocol import QuietProtocol
from tests.conformance.mutants.catalogue import all_mutants
from tests.conformance.mutants.mutant import Mutant, facts, mutant, replaced
from tests.conformance.mutants.table import read_table
from tests.conformance.mutants.trying import cases_for, judging_cases, sees, verdicts
from tests.conformance.mutants.wire import dropped

ENOUGH = 100


@pytest.mark.slow
@pytest.mark.parametrize("mutant", all_mutants(), ids=lambda mutant: mutant.slug)
def test_suite_sees_mutant(mutant: Mutant) -> None:
    cases = cases_for(mutant, read_table().seen_by.get(mutant.slug, ()))
    asked = ", ".join(case.slug for case in cases) or "there is none"
    assert any(sees(mutant, verdict) for _, verdict in verdicts(mutant, cases)), (
        f"{mutant.says} No case sees it of those which have to: {asked}"
    )


def test_there_are_enough_mutants() -> None:
    assert len(all_mutants()) >= ENOUGH


def test_table_knows_all_mutants_and_cases() -> None:
    assert read_table().stale(all_mutants(), judging_cases()) == [], "make matrix renews the table"


def test_every_required_case_sees_a_mutant() -> None:
    assert read_table().unproved(judging_cases()) == []


def test_mutants_name_cases_that_exist() -> None:
    choices = {choice for mutant in all_mutants() for choice in mutant.cases}
    assert {choice for choice in choices if not any(fits(case.slug, choice) for case in load_cases())} == set()


def test_nothing_of_a_mutant_is_left_behind() -> None:
    before = (
        vars(hamsa_mock.mock)["Staged"],
        vars(hamsa_mock.providers.hamsa.service)["load_facts"],
        dict(vars(QuietProtocol)),
    )
    changed = mutant(
        "a.b",
        "It has a stage, a fact and an inherited method of its own.",
        "API-2",
        dropped("info"),
        facts({"text.info": "other"}),
        replaced(QuietProtocol, "accept", lambda original: original),
    )
    with changed.applied(), changed.mock():
        assert "accept" in vars(QuietProtocol)
    after = (
        vars(hamsa_mock.mock)["Staged"],
        vars(hamsa_mock.providers.hamsa.service)["load_facts"],
        dict(vars(QuietProtocol)),
    )
    assert after == before
