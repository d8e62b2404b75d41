"""A report as JUnit XML, for the test views of CI services: a suite for each section, a test for each case."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hamsa_conformance.report.content import Judged, Report
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript_text import shown

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (section 2.2)."""

_MESSAGE_CHARACTERS = 500
_ENTRIES = 60
"""So much of the end of a transcript is told of a case that has not passed."""


def junit_xml(report: Report) -> str:
    """The text of a file. FAIL is a failure, and with `strict` so is NON-STRICT; INCONCLUSIVE is an error."""
    top = Element("testsuites", {"name": "hamsa-conformance", **_totals(report.cases, report.run.strict)})
    top.set("time", f"{report.run.seconds:.3f}")
    for section, cases in report.sections.items():
        suite = SubElement(top, "testsuite", {"name": section, **_totals(cases, report.run.strict)})
        suite.set("time", f"{sum(case.result.seconds for case in cases):.3f}")
        suite.set("timestamp", report.run.started)
        _properties(suite, {"target": report.run.target.url, "seed": str(report.run.seed)})
        for case in cases:
            _add(suite, case, report.run.strict)
    indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(top, encoding="unicode")}\n'


def _totals(cases: Iterable[Judged], strict: bool) -> dict[str, str]:
    kinds = [_outcome(case, strict) for case in cases]
    totals = {"failures": kinds.count("failure"), "errors": kinds.count("error"), "skipped": kinds.count("skipped")}
    return {"tests": str(len(kinds)), **{name: str(total) for name, total in totals.items()}}


def _outcome(case: Judged, strict: bool) -> str | None:
    """The element that says how a test ended; None: it passed."""
    match case.result.verdict:
        case Verdict.FAIL:
            return "failure"
        case Verdict.NON_STRICT if strict:
            return "failure"
        case Verdict.INCONCLUSIVE:
            return "error"
        case Verdict.SKIPPED:
            return "skipped"
        case _:
            return None


def _add(suite: Element, case: Judged, strict: bool) -> None:
    result = case.result
    test = SubElement(suite, "testcase", classname=case.section, name=case.slug, time=f"{result.seconds:.3f}")
    statements = " ".join(each.id for each in case.statements)
    _properties(test, {"kind": case.kind, "basis": case.basis, "statements": statements, "verdict": result.verdict})
    outcome = _outcome(case, strict)
    if outcome is not None:
        ending = SubElement(test, outcome, type=result.verdict, message=_clean(_message(case)))
        if outcome != "skipped":
            ending.text = _clean("\n".join(_story(case)))
    elif result.findings or result.observations:
        SubElement(test, "system-out").text = _clean("\n".join(_notes(case)))


def _properties(element: Element, values: dict[str, str]) -> None:
    properties = SubElement(element, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=_clean(value))


def _message(case: Judged) -> str:
    """Why it did not pass, in a line."""
    finding = case.gravest_finding
    if case.result.reason is not None or finding is None:
        return case.result.reason or case.title
    return f"expected {finding.expected}; got {finding.actual}"[:_MESSAGE_CHARACTERS]


def _story(case: Judged) -> list[str]:
    """What has to be known of a case that did not pass: what is required, what was seen, what went over the wire."""
    transcript = case.result.transcript
    return [
        case.title,
        f"requirement: {case.expects}",
        *(f"{each.id} ({each.basis}): {each.says}" for each in case.statements),
        "",
        *_notes(case),
        "",
        *(["transcript:"] if transcript else []),
        *([f"({len(transcript) - _ENTRIES} entries before)"] if len(transcript) > _ENTRIES else []),
        *(shown(entry) for entry in transcript[-_ENTRIES:]),
    ]


def _notes(case: Judged) -> list[str]:
    lines = [
        f"{finding.verdict} ({finding.axis}): expected {finding.expected}; got {finding.actual}"
        for finding in case.result.findings
    ]
    return lines + [f"observed: {slug} = {value}" for slug, value in case.result.observations.items()]


def _clean(text: str) -> str:
    """The text with forbidden characters written as escapes."""
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
