"""What a run comes to."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from hamsa_conformance.case import Case, Cost, Kind, case
from hamsa_conformance.client.measuring import FIRST_IS_CUT, LATER_IS_CUT, STT_DELAY
from hamsa_conformance.client.server import Server
from hamsa_conformance.result import Result, Run, Target
from hamsa_conformance.running.outcome import exit_code, unseen
from hamsa_conformance.verdict import Verdict
from hamsa_kit.exit_codes import ExitCode
from hamsa_kit.transcript import Entry
from tests.conformance.runs import run_of

PASS, FAIL, NON_STRICT = Verdict.PASS, Verdict.FAIL, Verdict.NON_STRICT
INCONCLUSIVE, SKIPPED, INFO = Verdict.INCONCLUSIVE, Verdict.SKIPPED, Verdict.INFO


def made(number: int, kind: Kind) -> Case:
    @case(f"hamsa.tests.case[{number}]", title="", expects="", kind=kind)
    def run(server: Server) -> None:
        """Never tried."""

    return run


def ended(*verdicts: tuple[Kind, Verdict], strict: bool = False, is_complete: bool = True) -> ExitCode:
    """How a run ends in which cases of these kinds had these verdicts."""
    cases = [made(number, kind) for number, (kind, _) in enumerate(verdicts)]
    run = Run(
        provider="hamsa",
        target=Target(url="ws://127.0.0.1", is_mock=True),
        started="",
        seconds=0,
        seed=0,
        strict=strict,
        options=(),
        estimated=Cost(),
        results=tuple(
            Result(slug=case.slug, verdict=verdict) for case, (_, verdict) in zip(cases, verdicts, strict=True)
        ),
    )
    return exit_code(run, {case.slug: case for case in cases}, is_complete)


def test_run_without_findings_passes() -> None:
    assert ended(("required", PASS), ("required", INCONCLUSIVE), ("observe", INFO)) == ExitCode.PASS


def test_fail_is_a_finding() -> None:
    assert ended(("required", PASS), ("required", FAIL)) == ExitCode.FINDINGS


def test_non_strict_is_a_finding_only_if_so_asked() -> None:
    assert ended(("required", NON_STRICT)) == ExitCode.PASS
    assert ended(("required", NON_STRICT), strict=True) == ExitCode.FINDINGS


@pytest.mark.parametrize("verdict", [SKIPPED, INCONCLUSIVE])
def test_run_in_which_no_required_case_could_be_judged_could_not_run(verdict: Verdict) -> None:
    assert ended(("required", verdict), ("optimal", PASS)) == ExitCode.COULD_NOT_RUN


def test_run_of_other_cases_alone_is_one() -> None:
    assert ended(("optimal", PASS), ("observe", SKIPPED)) == ExitCode.PASS
    assert ended(("observe", SKIPPED)) == ExitCode.COULD_NOT_RUN


def test_incomplete_run_does_not_pass_but_keeps_its_findings() -> None:
    assert ended(("required", PASS), is_complete=False) == ExitCode.COULD_NOT_RUN
    assert ended(("required", FAIL), is_complete=False) == ExitCode.FINDINGS


def asking(
    type: str, verdict: Verdict = INCONCLUSIVE, samples: Mapping[str, tuple[float, ...]] = MappingProxyType({})
) -> Result:
    """What came of a case that asked for speech or for a transcript. `samples`: what was measured."""
    asked = Entry(kind="message", time=0, connection=1, sequence=1, provider="hamsa", direction="to_server", type=type)
    return Result(slug="", verdict=verdict, transcript=(asked,), measured=samples)


def unseen_in(*results: Result, kind: Kind = "required", is_mock: bool = False) -> list[str]:
    """What is said of a run with these results."""
    cases = [made(number, kind) for number in range(len(results))]
    run = run_of((replace(result, slug=case.slug) for case, result in zip(cases, results, strict=True)), is_mock)
    return list(unseen(run, {case.slug: case for case in cases}))


def test_run_in_which_no_answer_was_whole_says_so() -> None:
    [says] = unseen_in(asking("tts"), asking("tts", PASS))
    assert says.startswith("no answer was ever whole: none that was begun was ended")


def test_run_in_which_every_answer_was_cut_says_how_many() -> None:
    [says] = unseen_in(
        asking("tts", samples={FIRST_IS_CUT: (1.0, 1.0)}), asking("tts", INFO, samples={LATER_IS_CUT: (1.0,)})
    )
    assert says.startswith("no answer was ever whole: 3 were cut short")


def test_run_in_which_no_transcript_came_says_so() -> None:
    [says] = unseen_in(asking("stt"))
    assert says.startswith("no transcript ever came")


def test_one_whole_answer_or_transcript_is_enough() -> None:
    assert not unseen_in(
        asking("tts", samples={FIRST_IS_CUT: (1.0,)}), asking("tts", PASS, samples={LATER_IS_CUT: (0.0,)})
    )
    assert not unseen_in(asking("stt"), asking("stt", PASS, samples={STT_DELAY: (0.3,)}))


def test_run_that_asked_for_nothing_or_could_judge_what_came_has_nothing_to_say() -> None:
    assert not unseen_in(asking("ping"))
    assert not unseen_in(asking("tts", PASS), asking("stt", FAIL))
    assert not unseen_in(asking("tts"), kind="observe")


def test_steered_mock_at_which_a_required_case_could_not_be_judged_is_told() -> None:
    [says] = unseen_in(asking("ping"), is_mock=True)
    assert says.startswith("1 required case could not be judged")
    assert not unseen_in(asking("ping"), kind="optimal", is_mock=True)
