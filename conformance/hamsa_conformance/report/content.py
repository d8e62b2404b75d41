"""What a report says: the content that JSON, JUnit and the HTML page show, each in its way.

`report_of` is the only way from a run to a report, and hides the keys: what writes a report needs not think of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import groupby
from typing import Any

from hamsa_conformance.case import Case, Kind
from hamsa_conformance.report.sent_keys import sent_keys
from hamsa_conformance.result import Finding, Result, Run, Target
from hamsa_conformance.verdict import Verdict
from hamsa_kit.redaction import Redactor
from hamsa_kit.transcript import TEXT_CHARACTERS, Entry, entry_of
from hamsa_kit.transcript_redaction import redacted
from hamsa_schemas import Basis, BehaviourValue, load_statements

DECIMALS = 6
"""Of what was measured, such as seconds. No clock is finer, and the rest of a float only seems to differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A statement that a case rests on, in words of the project's own."""

    id: str
    says: str
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A case, and what came of it. Its fields are those of `Case`; it outlives the case's code."""

    slug: str
    section: str
    title: str
    expects: str
    kind: Kind
    basis: Basis
    needs: tuple[str, ...]
    does: str | None
    statements: tuple[Quotation, ...]
    result: Result

    @property
    def gravest_finding(self) -> Finding | None:
        """The first of those that matter most; None: nothing was found."""
        return min(self.result.findings, key=lambda finding: list(Verdict).index(finding.verdict), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run and its cases. `tool_version`: of the suite that judged. `cases`: in the order of the run's results."""

    tool_version: str
    run: Run
    cases: tuple[Judged, ...]

    @property
    def sections(self) -> Mapping[str, tuple[Judged, ...]]:
        """The cases by section, both in the order of the report."""
        order = list(dict.fromkeys(case.section for case in self.cases))
        by_section = sorted(self.cases, key=lambda case: order.index(case.section))
        return {name: tuple(cases) for name, cases in groupby(by_section, key=lambda case: case.section)}


def report_of(run: Run, cases: Mapping[str, Case], secrets: Iterable[str]) -> Report:
    """The report of a run. `cases`: those of its results, by slug. `secrets`: the keys that were used, which are hidden
    wherever they stand."""
    hiding = _Hiding(secrets)
    shown = replace(
        run,
        target=Target(
            url=hiding.text(run.target.url),
            is_mock=run.target.is_mock,
            facts={hiding.text(name): hiding.text(fact) for name, fact in run.target.facts.items()},
        ),
        options=tuple(hiding.text(option) for option in run.options),
        results=tuple(hiding.result(result) for result in run.results),
    )
    judged = tuple(_judged(cases[result.slug], result) for result in shown.results)
    return Report(tool_version=version("hamsa-harness"), run=shown, cases=judged)


def counts(cases: Iterable[Judged]) -> dict[Verdict, int]:
    """How many have each verdict."""
    verdicts = [case.result.verdict for case in cases]
    return {verdict: verdicts.count(verdict) for verdict in Verdict}


def _judged(case: Case, result: Result) -> Judged:
    return Judged(
        slug=case.slug,
        section=case.section,
        title=case.title,
        expects=case.expects,
        kind=case.kind,
        basis=case.basis,
        needs=case.needs,
        does=case.does,
        statements=tuple(_quotations(case)),
        result=result,
    )


def _quotations(case: Case) -> Iterator[Quotation]:
    statements = load_statements(case.provider)
    for id in case.statements:
        statement = statements[id]
        yield Quotation(id=id, says=statement.says, basis=statement.basis, source=statement.source)


class _Hiding:
    """Makes texts fit to be shown: no key in them, nothing that a file in UTF-8 cannot hold, and not without end."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secrets)
        self._redactor = Redactor(self._secrets)

    def text(self, text: str) -> str:
        hidden = self._redactor.text(_encodable(text))
        return hidden if len(hidden) <= TEXT_CHARACTERS else f"{hidden[:TEXT_CHARACTERS]}… ({len(hidden):,} characters)"

    def result(self, result: Result) -> Result:
        """The result without what it sent as a key, either."""
        sent = sent_keys(result) - self._secrets
        return _Hiding(self._secrets | sent).shown(result) if sent else self.shown(result)

    def shown(self, result: Result) -> Result:
        """The result without the secrets that are known."""
        return replace(
            result,
            reason=None if result.reason is None else self.text(result.reason),
            findings=tuple(self._finding(finding) for finding in result.findings),
            observations={slug: self._value(value) for slug, value in result.observations.items()},
            measured={
                name: tuple(round(number, DECIMALS) for number in numbers) for name, numbers in result.measured.items()
            },
            transcript=tuple(self._entry(entry, number) for number, entry in enumerate(result.transcript, 1)),
        )

    def _finding(self, finding: Finding) -> Finding:
        return replace(finding, expected=self.text(finding.expected), actual=self.text(finding.actual))

    def _value(self, value: BehaviourValue) -> BehaviourValue:
        return self.text(value) if isinstance(value, str) else value

    def _entry(self, entry: Entry, position: int) -> Entry:
        encodable: dict[str, Any] = _encodable(entry.json())
        shown = replace(entry_of(encodable), position=position, time=round(entry.time, DECIMALS))
        return redacted(shown, self._redactor)


def _encodable(value: Any) -> Any:
    """The same without lone surrogates, which headers have where a server sends bytes that are not ASCII."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_encodable(name): _encodable(each) for name, each in value.items()}
        case tuple():
            return tuple(_encodable(each) for each in value)
        case _:
            return value
