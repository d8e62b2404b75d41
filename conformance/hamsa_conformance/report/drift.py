"""What has changed between two reports, and how grave it is.

Compared is what both runs could see. What was skipped or is inconclusive in one of them says nothing of the server, so
an answer that was cut short, limited or late by chance is no drift. Only where most of a section is lost, that is told.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from hamsa_conformance.case import Kind
from hamsa_conformance.client.measuring import CUT_IS_SILENT, FIRST_IS_CUT, LATER_IS_CUT
from hamsa_conformance.report.content import Judged, Report
from hamsa_conformance.report.spread import least_chance, moved
from hamsa_conformance.result import Axis, Finding
from hamsa_conformance.verdict import Verdict
from hamsa_schemas import BehaviourValue

RISK = 0.001
"""How likely it may be at most that a comparison of a server with itself tells of any number that has changed. It is
shared among all numbers that are compared (after Bonferroni)."""

TOLERANCE = 0.1
"""A number that stands alone and is no count has no spread to be judged by. It has changed when it differs by more than
this share."""

MEASURED_AS: Mapping[str, tuple[str, ...]] = {
    "hamsa.tts.truncation": (FIRST_IS_CUT, LATER_IS_CUT),
    "hamsa.tts.truncation_probability": (FIRST_IS_CUT, LATER_IS_CUT),
    "hamsa.tts.truncated_audio": (CUT_IS_SILENT,),
}
"""The samples that tell of a behaviour, where they do not have its own name."""

MANY_LOST = 3
LOST_SHARE = 0.5
"""A section is not seen any more when so many of its required cases that passed cannot be judged, and more than this
share. Chance alone takes single ones, as each is tried four times."""

_RANKS = {Verdict.FAIL: 0, Verdict.NON_STRICT: 1, Verdict.PASS: 2}


class Grade(StrEnum):
    """How grave the change of a verdict is."""

    BREAKING = "breaking"
    """Something required was met, and is not any more."""
    WORSE = "worse"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """What a server says in a case, or how connections end in it, is judged otherwise. `finding`: what the new run
    found there, if it found anything."""

    slug: str
    axis: Axis
    grade: Grade
    old: Verdict
    new: Verdict
    finding: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedChange:
    """A behaviour of which something else was seen, in the case `slug`."""

    behaviour: str
    slug: str
    old: BehaviourValue
    new: BehaviourValue


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredChange:
    """Samples that lie elsewhere than before."""

    name: str
    old: tuple[float, ...]
    new: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostSection:
    """A section of which hardly anything can be seen any more. `lost`: so many of the required cases that `passed` can
    not be judged. `reason`: the commonest one."""

    section: str
    grade: Grade
    passed: int
    lost: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What has changed. `lost`: sections of which hardly anything can be seen any more. `compared`: how many cases both
    runs could see. `appeared`, `vanished`: cases that only the new or only the old report has. `unseen`: cases that one
    of the runs could not see, or did not try. `too_few`: what was measured too rarely to be judged."""

    lost: tuple[LostSection, ...]
    compared: int
    verdicts: tuple[VerdictChange, ...]
    observed: tuple[ObservedChange, ...]
    measured: tuple[MeasuredChange, ...]
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    unseen: tuple[str, ...]
    too_few: tuple[str, ...]

    @property
    def is_breaking(self) -> bool:
        """Whether something required was met and is not any more."""
        return any(change.grade is Grade.BREAKING for change in self.verdicts)


def drift(old: Report, new: Report) -> Drift:
    """Compare two reports. Raises ValueError for reports about different services."""
    if old.run.provider != new.run.provider:
        raise ValueError(f"one report is about {old.run.provider}, the other about {new.run.provider}")
    before, after = ({case.slug: case for case in report.cases} for report in (old, new))
    both = [(before[slug], case) for slug, case in after.items() if slug in before]
    seen = [pair for pair in both if all(map(_is_seen, pair))]
    samples = {name: pair for name, pair in _samples(seen).items() if all(pair)}
    risk = RISK / max(len(samples), 1)
    too_few = {name for name, pair in samples.items() if least_chance(*map(len, pair)) > risk}
    return Drift(
        lost=tuple(_lost_sections(both)),
        compared=len(seen),
        verdicts=tuple(chain.from_iterable(_verdicts(*pair) for pair in seen)),
        observed=tuple(chain.from_iterable(_observed(*pair, samples) for pair in seen)),
        measured=tuple(
            MeasuredChange(name=name, old=pair[0], new=pair[1])
            for name, pair in samples.items()
            if name not in too_few and moved(*pair, risk)
        ),
        appeared=tuple(slug for slug in after if slug not in before),
        vanished=tuple(slug for slug in before if slug not in after),
        unseen=tuple(new.slug for old, new in both if _is_seen(old) is not _is_seen(new)),
        too_few=tuple(sorted(too_few)),
    )


def _is_seen(case: Judged) -> bool:
    return case.result.verdict not in (Verdict.INCONCLUSIVE, Verdict.SKIPPED)


def _lost_sections(both: Sequence[tuple[Judged, Judged]]) -> Iterator[LostSection]:
    """What was required and met, and is not seen any more: a server that falls silent must not look unchanged."""
    passed = [(old, new) for old, new in both if new.kind == "required" and old.result.verdict is Verdict.PASS]
    for section, count in Counter(new.section for _, new in passed).items():
        lost = [
            new.result for _, new in passed if new.section == section and new.result.verdict is Verdict.INCONCLUSIVE
        ]
        if len(lost) >= MANY_LOST and len(lost) > LOST_SHARE * count:
            (reason, _), *_ = Counter(result.reason or "" for result in lost).most_common(1)
            yield LostSection(section=section, grade=Grade.WORSE, passed=count, lost=len(lost), reason=reason)


def _verdicts(old: Judged, new: Judged) -> Iterator[VerdictChange]:
    """What is judged otherwise, by axis."""
    before, after = old.result, new.result
    axes: dict[Axis, tuple[Verdict | None, Verdict | None]] = {
        "messages": (before.messages, after.messages),
        "close": (before.close, after.close),
    }
    for axis, (was, now) in axes.items():
        if was is None or now is None or was is now or not {was, now} <= _RANKS.keys():
            continue  # the same, or one of them was not judged
        finding = next((each for each in after.findings if each.axis == axis and each.verdict is now), None)
        yield VerdictChange(
            slug=new.slug, axis=axis, grade=_grade(new.kind, was, now), old=was, new=now, finding=finding
        )


def _grade(kind: Kind, old: Verdict, new: Verdict) -> Grade:
    if _RANKS[new] > _RANKS[old]:
        return Grade.BETTER
    return Grade.BREAKING if kind == "required" and new is Verdict.FAIL else Grade.WORSE


def _samples(seen: Iterable[tuple[Judged, Judged]]) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """The samples of both runs by name, from all cases that both could see."""
    found: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {}
    for old, new in seen:
        for name in {**old.result.measured, **new.result.measured}:
            before, after = found.get(name, ((), ()))
            found[name] = (
                (*before, *old.result.measured.get(name, ())),
                (*after, *new.result.measured.get(name, ())),
            )
    return found


def _observed(old: Judged, new: Judged, sampled: Container[str]) -> Iterator[ObservedChange]:
    """What was seen otherwise. Where there are samples of a behaviour, they tell whether it has changed: what was seen
    is a summary of them, which chance alone can change."""
    for behaviour, now in new.result.observations.items():
        was = old.result.observations.get(behaviour)
        by_samples = any(name in sampled for name in MEASURED_AS.get(behaviour, (behaviour,)))
        if was is not None and not by_samples and _differ(was, now):
            yield ObservedChange(behaviour=behaviour, slug=new.slug, old=was, new=now)


def _differ(old: BehaviourValue, new: BehaviourValue) -> bool:
    """Options and counts differ when they are not equal."""
    if isinstance(old, str) or isinstance(new, str) or (isinstance(old, int) and isinstance(new, int)):
        return old != new
    return abs(old - new) > TOLERANCE * max(abs(old), abs(new))
