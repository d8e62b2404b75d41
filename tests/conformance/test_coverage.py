"""The cases cover what the documents state, and say so in one voice."""

from collections import Counter

import pytest

from hamsa_conformance.case import Case
from hamsa_conformance.running.finding_cases import load_cases
from hamsa_schemas import load_statements

CASES = load_cases()
RULES = [id for id, statement in load_statements().items() if statement.kind == "rule"]
LEAST_CASES = 150


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= LEAST_CASES


@pytest.mark.parametrize("id", RULES)
def test_every_rule_of_the_documents_is_judged_by_a_case(id: str) -> None:
    assert [case.slug for case in CASES if id in case.statements and case.kind != "observe"]


def test_documented_required_case_rests_on_a_statement_or_on_a_standard() -> None:
    unfounded = [
        case.slug for case in CASES if case.kind == "required" and not case.statements and "RFC" not in case.expects
    ]
    assert not unfounded


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)
def test_case_says_what_it_is_about_and_what_it_expects(case: Case) -> None:
    assert case.title[0].isupper()
    assert not case.title.endswith(".")
    assert case.expects.endswith(".")
    assert case.takes.characters >= 0


def test_no_two_cases_have_the_same_title() -> None:
    twice = [title for title, count in Counter(case.title for case in CASES).items() if count > 1]
    assert not twice
