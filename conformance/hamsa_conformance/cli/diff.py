"""`hamsa-conformance diff`: what has changed between two reports."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, median

import click

from hamsa_conformance.report.content import Report
from hamsa_conformance.report.drift import Drift, Grade, drift
from hamsa_conformance.report.markup import number, plural, visible
from hamsa_conformance.report.reading import BASELINE, CannotRead, read_report
from hamsa_conformance.report.writing import REPORT
from hamsa_kit.exit_codes import ExitCode
from hamsa_schemas import BehaviourValue

_SHOWN_NAMES = 20
_TEXT_CHARACTERS = 200
"""So much is printed; `--json` prints all of it."""


class Unreadable(click.ClickException):
    """Nothing could be compared."""

    exit_code = ExitCode.COULD_NOT_RUN


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diff_command(context: click.Context, old: str, new: str, as_json: bool) -> None:
    """Compare two reports, each a report.json of `hamsa-conformance server --report-dir`, or the folder that has one.

    OLD or NEW may be the word baseline: the shipped report of the mock.

    Exit codes: 0 nothing required has broken, 1 something has, 2 a file is no report, 3 a file cannot be read.
    """
    try:
        before, after = read_report(_file(old)), read_report(_file(new))
        found = drift(before, after)
    except CannotRead as error:
        raise Unreadable(str(error)) from error
    except ValueError as error:  # NoReport, and reports about different services
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps({"breaking": found.is_breaking, **asdict(found)}, indent=2))
    else:
        for line in _text(found, before, after):
            click.echo(visible(line))
    context.exit(ExitCode.FINDINGS if found.is_breaking else ExitCode.PASS)


def _file(source: str) -> str:
    """The report in a folder, where one is meant. The word baseline means no folder."""
    return str(Path(source) / REPORT) if source != BASELINE and Path(source).is_dir() else source


def _text(found: Drift, old: Report, new: Report) -> Iterator[str]:
    for name, report in (("old", old), ("new", new)):
        yield f"{name}  {report.run.target.url}, {report.run.started}, {plural(len(report.cases), 'case')}"
    yield from _part("worse: not seen any more", list(_lost(found)))
    for grade in Grade:
        yield from _part(grade, list(_verdicts(found, grade)))
    yield from _part(
        "observed",
        [f"{each.behaviour}  {_value(each.old)} -> {_value(each.new)}  ({each.slug})" for each in found.observed],
    )
    yield from _part(
        "measured",
        [f"{each.name}  {_samples(each.old)} -> {_samples(each.new)}" for each in found.measured],
    )
    yield from _part("appeared", _first(found.appeared))
    yield from _part("vanished", _first(found.vanished))
    yield from _part("judged in one run only, so not compared", _first(found.unseen))
    yield from _part("measured too rarely to be compared", _first(found.too_few))
    changes = len(found.lost) + len(found.verdicts) + len(found.observed) + len(found.measured)
    yield f"\n{plural(found.compared, 'case')} compared, {plural(changes, 'change') if changes else 'no change'}"


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from (f"  {line}" for line in lines)


def _lost(found: Drift) -> Iterator[str]:
    for each in found.lost:
        yield f"{each.section}  {each.lost} of {each.passed} required cases that passed could not be judged"
        yield f"    {_cut(each.reason)}"


def _verdicts(found: Drift, grade: Grade) -> Iterator[str]:
    for change in found.verdicts:
        if change.grade is grade:
            yield f"{change.slug}  {change.axis}: {change.old} -> {change.new}"
            if change.finding is not None:
                yield f"    expected {_cut(change.finding.expected)}; got {_cut(change.finding.actual)}"


def _first(names: Sequence[str]) -> list[str]:
    rest = len(names) - _SHOWN_NAMES
    return [*names[:_SHOWN_NAMES], *([f"and {rest} more"] if rest > 0 else [])]


def _samples(samples: Sequence[float]) -> str:
    if set(samples) <= {0, 1}:
        return f"{fmean(samples):.0%} of {len(samples)}"
    return f"{median(samples):.6g} (median of {len(samples)})"


def _value(value: BehaviourValue) -> str:
    return _cut(value) if isinstance(value, str) else number(value)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT_CHARACTERS else f"{line[:_TEXT_CHARACTERS]}…"
