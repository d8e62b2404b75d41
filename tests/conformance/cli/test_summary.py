"""What is printed when a run has ended."""

from dataclasses import replace

import pytest

from hamsa_conformance.case import Cost
from hamsa_conformance.cli.summary import summary
from hamsa_conformance.result import Result
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import Entry
from tests.conformance.runs import run_of

HINT = "nothing answers over REST; for a server with the WebSocket alone: --exclude hamsa.rest --exclude hamsa.preload"


def skipped(*reasons: str) -> list[Result]:
    return [
        Result(slug=f"hamsa.tts.case[{number}]", verdict=Verdict.SKIPPED, reason=reason)
        for number, reason in enumerate(reasons)
    ]


def rest(number: int, verdict: Verdict, *statuses: int, section: str = "rest") -> Result:
    """A result of a case with answers over HTTP."""
    answers = tuple(
        Entry(kind="http_answer", time=0.0, sequence=1, direction="to_client", status=status) for status in statuses
    )
    return Result(slug=f"hamsa.{section}.case[{number}]", verdict=verdict, transcript=answers)


def lines_of(*results: Result) -> list[str]:
    return list(summary(run_of(results), []))


@pytest.mark.parametrize("is_mock", [True, False])
def test_what_was_skipped_is_grouped_and_what_was_spent_is_told(is_mock: bool) -> None:
    spoken = Result(slug="hamsa.tts.one", verdict=Verdict.PASS, spent=Cost(characters=37, seconds=3))
    run = replace(run_of([spoken, *skipped("no custom voice", "no custom voice")], is_mock), seconds=1.25)
    lines = ["skipped 2: no custom voice", "incomplete: the server has ended", "1 PASS, 2 SKIPPED in 1.2 s"]
    lines += [] if is_mock else ["spent 37 characters and 3 s of audio"]
    assert list(summary(run, ["the server has ended"])) == lines


def test_reasons_that_differ_in_numbers_only_are_one() -> None:
    told = "{} characters more would exceed --budget-chars 50"
    reasons = [told.format(number) for number in ("74", "111", "8,000", "74")]
    assert lines_of(*skipped("needs --slow", *reasons))[:2] == [
        "skipped 4: 74 to 8,000 characters more would exceed --budget-chars 50",
        "skipped 1: needs --slow",
    ]


def test_reasons_that_differ_in_words_stay_apart() -> None:
    assert lines_of(*skipped("2 voices", "2 keys", "2"))[:3] == [
        "skipped 1: 2 voices",
        "skipped 1: 2 keys",
        "skipped 1: 2",
    ]


def test_server_without_rest_gets_a_hint_once() -> None:
    ended, unknown = rest(1, Verdict.FAIL), rest(2, Verdict.FAIL, 404, 426, section="preload")
    not_asked = Result(slug="hamsa.rest.other", verdict=Verdict.SKIPPED, reason="needs --slow")
    passed = rest(3, Verdict.PASS, 405)
    assert lines_of(ended, unknown, not_asked, passed).count(HINT) == 1
    assert HINT in lines_of(ended)


def test_server_with_some_rest_gets_none() -> None:
    failed = rest(1, Verdict.FAIL)
    assert HINT not in lines_of(failed, rest(2, Verdict.PASS, 200))
    assert HINT not in lines_of(failed, rest(2, Verdict.FAIL, 404, 401))
    assert HINT not in lines_of(rest(1, Verdict.PASS, 400)), "what fits one that is asked for nothing else"
    assert HINT not in lines_of(rest(1, Verdict.FAIL, section="tts"))
