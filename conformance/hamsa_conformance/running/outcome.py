"""What a run comes to, as an exit code."""

from collections.abc import Iterator, Mapping

from hamsa_conformance.case import Case
from hamsa_conformance.client.measuring import FIRST_IS_CUT, LATER_IS_CUT, STT_DELAY
from hamsa_conformance.result import Result, Run
from hamsa_conformance.verdict import Verdict
from hamsa_kit.exit_codes import ExitCode

CUT_SHORT = "cut short"
"""So says a reason where chance may be at work at a mock, too."""

NOT_JUDGED = (Verdict.SKIPPED, Verdict.INCONCLUSIVE)


def nothing_judged(run: Run, cases: Mapping[str, Case]) -> bool:
    """Whether no required case could be judged, or, where none was chosen, no case at all. `cases`: by slug."""
    required = [result for result in run.results if cases[result.slug].kind == "required"]
    return all(result.verdict in NOT_JUDGED for result in required or run.results)


def unseen(run: Run, cases: Mapping[str, Case]) -> Iterator[str]:
    """Why a run in which nothing failed says too little of the server, in sentences. `cases`: by slug."""
    judging = [result for result in run.results if cases[result.slug].kind != "observe"]
    lost = [result for result in judging if result.verdict is Verdict.INCONCLUSIVE]
    if any(_asked_for(result, "tts") for result in lost) and not _heard_whole(run):
        cut = sum(sum(samples) for samples in _cuts(run))
        how = f"{cut:.0f} were cut short" if cut else "none that was begun was ended"
        yield f"no answer was ever whole: {how}, so nothing is known of what the server speaks"
    if any(_asked_for(result, "stt") for result in lost) and not any(
        STT_DELAY in each.measured for each in run.results
    ):
        yield "no transcript ever came, so nothing is known of what the server hears"
    required = sum(cases[result.slug].kind == "required" and CUT_SHORT not in (result.reason or "") for result in lost)
    if run.target.is_mock and required:
        cases_are = "1 required case" if required == 1 else f"{required} required cases"
        yield f"{cases_are} could not be judged, though a mock answers in time when its clock is moved"


def _asked_for(result: Result, type: str) -> bool:
    return any(entry.direction == "to_server" and entry.type == type for entry in result.transcript)


def _cuts(run: Run) -> Iterator[tuple[float, ...]]:
    for result in run.results:
        for name in (FIRST_IS_CUT, LATER_IS_CUT):
            yield result.measured.get(name, ())


def _heard_whole(run: Run) -> bool:
    return any(0 in samples for samples in _cuts(run))


def exit_code(run: Run, cases: Mapping[str, Case], is_complete: bool) -> ExitCode:
    """A finding goes before what could not be judged. `is_complete`: everything could be tried that was to be."""
    bad = {Verdict.FAIL, Verdict.NON_STRICT} if run.strict else {Verdict.FAIL}
    if any(result.verdict in bad for result in run.results):
        return ExitCode.FINDINGS
    return ExitCode.COULD_NOT_RUN if nothing_judged(run, cases) or not is_complete else ExitCode.PASS
