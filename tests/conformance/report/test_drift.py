"""Two reports compared: what has changed, and how grave that is."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hamsa_conformance.case import Kind, case
from hamsa_conformance.report.content import Report, report_of
from hamsa_conformance.report.drift import Drift, Grade, drift
from hamsa_conformance.result import Result
from hamsa_conformance.verdict import Verdict
from hamsa_schemas import BehaviourValue
from tests.conformance.report.sample import fail, sample_run

FAIL, NON_STRICT, PASS = Verdict.FAIL, Verdict.NON_STRICT, Verdict.PASS
INFO, SKIPPED, INCONCLUSIVE = Verdict.INFO, Verdict.SKIPPED, Verdict.INCONCLUSIVE
SLUG = "hamsa.tts.one"
DELAY = "hamsa.tts.first_audio_delay"


def report(*results: Result, kind: Kind = "required") -> Report:
    cases = {
        result.slug: case(result.slug, title="One", expects="Something.", kind=kind)(lambda server: None)
        for result in results
    }
    return report_of(sample_run(results=results), cases, [])


def one(verdict: Verdict = PASS, slug: str = SLUG, **fields: Any) -> Result:
    return Result(**{"slug": slug, "verdict": verdict, "messages": verdict, **fields})


def between(old: Result, new: Result, kind: Kind = "required") -> Drift:
    return drift(report(old, kind=kind), report(new, kind=kind))


def sampled(samples: Mapping[str, tuple[float, ...]], **fields: Any) -> Result:
    return one(INFO, measured=samples, **fields)


def bell(seed: int, middle: float, count: int = 20) -> tuple[float, ...]:
    chance = random.Random(seed)
    return tuple(chance.gauss(middle, 0.02) for _ in range(count))


@pytest.mark.parametrize(
    ("kind", "old", "new", "grade"),
    [
        ("required", PASS, FAIL, Grade.BREAKING),
        ("required", NON_STRICT, FAIL, Grade.BREAKING),
        ("required", PASS, NON_STRICT, Grade.WORSE),
        ("required", FAIL, PASS, Grade.BETTER),
        ("required", FAIL, NON_STRICT, Grade.BETTER),
        ("required", NON_STRICT, PASS, Grade.BETTER),
        ("optimal", PASS, FAIL, Grade.WORSE),
        ("optimal", PASS, NON_STRICT, Grade.WORSE),
        ("observe", PASS, FAIL, Grade.WORSE),
    ],
)
def test_change_of_a_verdict_has_a_grade(kind: Kind, old: Verdict, new: Verdict, grade: Grade) -> None:
    found = between(one(old), one(new), kind)
    (change,) = found.verdicts
    assert (change.slug, change.axis, change.old, change.new, change.grade) == (SLUG, "messages", old, new, grade)
    assert found.is_breaking is (grade is Grade.BREAKING)
    assert found.compared == 1


@pytest.mark.parametrize("verdict", Verdict)
def test_same_verdict_is_no_change(verdict: Verdict) -> None:
    found = between(one(verdict), one(verdict))
    assert found.verdicts == ()
    assert not found.is_breaking


@pytest.mark.parametrize("other", [INCONCLUSIVE, SKIPPED])
@pytest.mark.parametrize("verdict", [FAIL, PASS, INFO])
def test_what_one_run_could_not_see_is_not_compared(verdict: Verdict, other: Verdict) -> None:
    seen, unseen = one(verdict, observations={"a": "b"}), one(other, messages=None, observations={"a": "c"})
    for old, new in ((seen, unseen), (unseen, seen)):
        found = between(old, new)
        assert (found.compared, found.verdicts, found.observed) == (0, (), ())
        assert found.unseen == (SLUG,)
    assert between(unseen, unseen).unseen == ()


def test_close_is_compared_by_itself() -> None:
    """A case that fails anyway can get worse."""
    found = between(one(FAIL, close=PASS), one(FAIL, close=FAIL))
    (change,) = found.verdicts
    assert (change.axis, change.grade) == ("close", Grade.BREAKING)


@pytest.mark.parametrize("close", [None, INFO])
def test_axis_that_was_not_judged_is_not_compared(close: Verdict | None) -> None:
    assert between(one(close=PASS), one(close=close)).verdicts == ()
    assert between(one(close=close), one(close=FAIL)).verdicts == ()


def test_change_tells_what_the_new_run_found_there() -> None:
    findings = (
        fail("close code 4001", "1000", axis="close"),
        fail("other words", "words", verdict=NON_STRICT),
        fail("an ack", "an end"),
    )
    found = between(one(close=PASS), one(FAIL, close=FAIL, findings=findings))
    assert [(each.axis, each.finding and each.finding.actual) for each in found.verdicts] == [
        ("messages", "an end"),
        ("close", "1000"),
    ]
    (change,) = between(one(), one(FAIL)).verdicts
    assert change.finding is None


def test_cases_of_one_report_only_are_named_and_break_nothing() -> None:
    found = drift(report(one(), one(slug="hamsa.tts.old")), report(one(FAIL, slug="hamsa.tts.new"), one()))
    assert (found.appeared, found.vanished, found.compared) == (("hamsa.tts.new",), ("hamsa.tts.old",), 1)
    assert not found.is_breaking


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("queue", "interleave", True),
        ("queue", "queue", False),
        (2000, 1999, True),
        (60.0, 64.0, False),
        (60.0, 70.0, True),
        (60, 64.5, False),
        (0.0, 0.0, False),
        ("queue", 1, True),
    ],
)
def test_observation_that_stands_alone_is_compared(old: BehaviourValue, new: BehaviourValue, changed: bool) -> None:
    found = between(one(INFO, observations={"a": old}), one(INFO, observations={"a": new, "b": "new"}))
    assert [(each.behaviour, each.slug, each.old, each.new) for each in found.observed] == (
        [("a", SLUG, old, new)] if changed else []
    )
    assert not found.is_breaking


@pytest.mark.parametrize(
    ("behaviour", "samples"),
    [
        ("hamsa.tts.chunk_gap", "hamsa.tts.chunk_gap"),
        ("hamsa.tts.truncation", "hamsa.tts.first_answer_is_cut"),
        ("hamsa.tts.truncation", "hamsa.tts.later_answer_is_cut"),
        ("hamsa.tts.truncation_probability", "hamsa.tts.later_answer_is_cut"),
        ("hamsa.tts.truncated_audio", "hamsa.tts.cut_answer_is_silent"),
    ],
)
def test_samples_tell_whether_a_behaviour_has_changed_that_has_some(behaviour: str, samples: str) -> None:
    """What was seen of it is then a summary of chance."""

    def seen(value: BehaviourValue, *numbers: float) -> Result:
        return one(INFO, observations={behaviour: value}, measured={samples: numbers})

    never, once, always = seen(0.0, *[0] * 20), seen("random", *[0] * 19, 1), seen(0.9, *[1] * 20)
    found = between(never, once)
    assert (found.observed, found.measured) == ((), ())
    found = between(never, always)
    assert found.observed == ()
    assert [(each.name, each.old, each.new) for each in found.measured] == [(samples, (0,) * 20, (1,) * 20)]
    alone = one(INFO, observations={behaviour: 0.9})
    assert [each.behaviour for each in between(never, alone).observed] == [behaviour]


def test_samples_of_all_cases_that_both_runs_saw_are_judged_together() -> None:
    slugs = [f"hamsa.tts.case[{index}]" for index in range(5)]
    old = [sampled({DELAY: bell(index, 0.2, 4)}, slug=slug) for index, slug in enumerate(slugs)]
    new = [sampled({DELAY: bell(index, 0.5, 4)}, slug=slug) for index, slug in enumerate(slugs, 50)]
    (change,) = drift(report(*old), report(*new)).measured
    assert (len(change.old), len(change.new)) == (20, 20)
    hidden = [replace(result, verdict=INCONCLUSIVE) for result in new[1:]]
    assert drift(report(*old), report(new[0], *hidden)).measured == ()


def test_samples_of_the_same_server_are_no_change() -> None:
    found = between(sampled({DELAY: bell(1, 0.2)}), sampled({DELAY: bell(2, 0.2)}))
    assert (found.measured, found.too_few) == ((), ())


def test_what_was_measured_too_rarely_is_named_and_what_only_one_run_measured_is_not() -> None:
    old = sampled({DELAY: (0.1,) * 3, "b": (), "a": (1.0,)})
    new = sampled({DELAY: (9.0,) * 3, "b": (1.0,) * 50})
    found = between(old, new)
    assert (found.measured, found.too_few) == ((), (DELAY,))


def test_the_more_numbers_are_compared_the_more_each_has_to_differ() -> None:
    old, new = {DELAY: bell(1, 0.2, 9)}, {DELAY: bell(2, 0.5, 9)}
    assert between(sampled(old), sampled(new)).measured
    more = {f"n{index}": bell(index, 0.2, 9) for index in range(200)}
    assert not between(sampled({**old, **more}), sampled({**new, **more})).measured


def test_reports_about_different_services_are_refused() -> None:
    other = report(one())
    with pytest.raises(ValueError, match="one report is about hamsa, the other about acme"):
        drift(report(one()), replace(other, run=replace(other.run, provider="acme")))


def silenced(count: int, verdict: Verdict = INCONCLUSIVE, kind: Kind = "required", of: int = 5) -> Drift:
    """Of a section of so many cases that passed, so many have another verdict now."""
    old = [one(slug=f"hamsa.tts.case[{number}]") for number in range(of)]
    new = [replace(each, verdict=verdict, reason="an answer did not go on for 10 s") for each in old[:count]]
    return drift(report(*old, kind=kind), report(*new, *old[count:], kind=kind))


def test_section_of_which_most_cannot_be_judged_any_more_is_worse() -> None:
    [lost] = silenced(3).lost
    assert (lost.section, lost.grade, lost.lost, lost.passed) == ("hamsa.tts", Grade.WORSE, 3, 5)
    assert lost.reason == "an answer did not go on for 10 s"


def test_single_cases_that_cannot_be_judged_are_chance() -> None:
    assert not silenced(2, of=2).lost
    assert not silenced(3, of=6).lost


def test_what_is_not_tried_or_not_required_is_not_lost() -> None:
    assert not silenced(5, SKIPPED).lost
    assert not silenced(5, kind="observe").lost


def test_random_truncation_is_no_drift() -> None:
    """A third of all answers is cut; a case with three answers that is tried four times."""
    chance = random.Random(1)
    before = [one(slug=f"hamsa.tts.case[{number}]") for number in range(30)]

    def tried(case: Result) -> Result:
        attempts = [any(chance.random() < 1 / 3 for _ in range(3)) for _ in range(4)]
        return replace(case, verdict=INCONCLUSIVE, reason="an answer was cut short") if all(attempts) else case

    for _ in range(20):
        assert not drift(report(*before), report(*map(tried, before))).lost
