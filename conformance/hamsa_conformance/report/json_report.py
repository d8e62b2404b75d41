"""A report as JSON, by `meta/report.schema.json`."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from hamsa_conformance.case import Cost
from hamsa_conformance.report.content import Judged, Quotation, Report, counts
from hamsa_conformance.result import VERSION, Finding, Result, Run, Sound, Target
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import entry_of
from hamsa_schemas import default_catalogue
from hamsa_schemas.errors import shown
from hamsa_schemas.refusal import refusal_of

SCHEMA = "meta/report.schema.json"
TOOL = "hamsa-conformance"


class NoReport(ValueError):
    """Something that is no report, or one of a version that is not known. The message says why."""


def to_json(report: Report) -> dict[str, Any]:
    """The content of a file."""
    run = report.run
    return {
        "version": VERSION,
        "tool": {"name": TOOL, "version": report.tool_version},
        "provider": run.provider,
        "target": {"url": run.target.url, "is_mock": run.target.is_mock, "facts": dict(run.target.facts)},
        "started": run.started,
        "seconds": run.seconds,
        "seed": run.seed,
        "strict": run.strict,
        "options": list(run.options),
        "verdict": run.worst,
        "summary": {
            "all": counts(report.cases),
            "sections": {name: counts(cases) for name, cases in report.sections.items()},
        },
        "cost": {"estimated": _cost(run.estimated), "spent": _cost(run.spent)},
        "cases": [_case(case) for case in report.cases],
    }


def text_of(content: dict[str, Any]) -> Iterator[str]:
    """The lines of a file, each with its end: a field a line, and of the cases a case, so that two can be compared
    line by line."""
    yield "{\n"
    for name, value in content.items():
        if name != "cases":
            yield f"{_dumped(name)}: {_dumped(value)},\n"
    yield '"cases": [\n'
    yield ",\n".join(_dumped(case) for case in content["cases"])
    yield "\n]\n}\n"


def from_json(content: Any) -> Report:
    """The report of which `content` is the JSON. Raises NoReport."""
    _check(content)
    cases = tuple(_read_case(case) for case in content["cases"])
    run = Run(
        provider=content["provider"],
        target=Target(**content["target"]),
        started=content["started"],
        seconds=content["seconds"],
        seed=content["seed"],
        strict=content["strict"],
        options=tuple(content["options"]),
        estimated=Cost(**content["cost"]["estimated"]),
        results=tuple(case.result for case in cases),
    )
    return Report(tool_version=content["tool"]["version"], run=run, cases=cases)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _case(case: Judged) -> dict[str, Any]:
    result = case.result
    return {
        "slug": case.slug,
        "section": case.section,
        "title": case.title,
        "expects": case.expects,
        "kind": case.kind,
        "basis": case.basis,
        "needs": list(case.needs),
        "does": case.does,
        "statements": [
            {"id": each.id, "says": each.says, "basis": each.basis, "source": each.source} for each in case.statements
        ],
        "verdict": result.verdict,
        "messages": result.messages,
        "close": result.close,
        "reason": result.reason,
        "findings": [
            {
                "axis": finding.axis,
                "verdict": finding.verdict,
                "expected": finding.expected,
                "actual": finding.actual,
                "position": finding.position,
            }
            for finding in result.findings
        ],
        "observations": dict(result.observations),
        "measured": {name: list(numbers) for name, numbers in result.measured.items()},
        "transcript": [entry.json() for entry in result.transcript],
        "sounds": [_sound(sound) for sound in result.sounds],
        "attempts": result.attempts,
        "requests": result.requests,
        "connections": result.connections,
        "spent": _cost(result.spent),
        "seconds": result.seconds,
    }


def _sound(sound: Sound) -> dict[str, Any]:
    return {
        "connection": sound.connection,
        "request": sound.request,
        "format": sound.format,
        "nbytes": sound.nbytes,
        "seconds": sound.seconds,
        "peaks": list(sound.peaks),
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {"characters": cost.characters, "seconds": cost.seconds}


def _check(content: Any) -> None:
    if not isinstance(content, Mapping) or not isinstance(content.get("tool"), Mapping):
        raise NoReport(f"not a report: it has no tool that wrote it; {TOOL} server --report-dir writes one")
    if content["tool"].get("name") != TOOL:
        raise NoReport(f"not a report: it does not say that {TOOL} wrote it")
    if content.get("version") != VERSION:
        raise NoReport(f"a report of version {shown(content.get('version'))}; this reads version {VERSION}")
    try:
        if _is_valid()(content):
            return
    except ValueError as error:  # of earlier versions of the validator, which give up on deep nesting
        raise NoReport(f"not a report: {error}") from error
    refusal = refusal_of(default_catalogue().schemas.validator(SCHEMA), content)
    assert refusal is not None, "both validators judge alike"
    raise NoReport(f"not a report: {refusal.text}")


@cache
def _is_valid() -> Callable[[Any], bool]:
    return default_catalogue().schemas.compiled(SCHEMA)


def _read_case(content: dict[str, Any]) -> Judged:
    return Judged(
        **{name: content[name] for name in ("slug", "section", "title", "expects", "kind", "basis", "does")},
        needs=tuple(content["needs"]),
        statements=tuple(Quotation(**each) for each in content["statements"]),
        result=_read_result(content),
    )


def _read_result(content: dict[str, Any]) -> Result:
    return Result(
        **{name: content[name] for name in ("slug", "reason", "attempts", "requests", "connections", "seconds")},
        verdict=Verdict(content["verdict"]),
        messages=_verdict(content["messages"]),
        close=_verdict(content["close"]),
        findings=tuple(Finding(**{**each, "verdict": Verdict(each["verdict"])}) for each in content["findings"]),
        observations=content["observations"],
        measured={name: tuple(numbers) for name, numbers in content["measured"].items()},
        transcript=tuple(entry_of(entry) for entry in content["transcript"]),
        sounds=tuple(Sound(**{**each, "peaks": tuple(each["peaks"])}) for each in content["sounds"]),
        spent=Cost(**content["spent"]),
    )


def _verdict(name: str | None) -> Verdict | None:
    return None if name is None else Verdict(name)
