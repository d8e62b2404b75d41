"""Reads reports: from files, and the shipped one of the mock."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from hamsa_conformance.report.content import Report
from hamsa_conformance.report.json_report import NoReport, from_json
from hamsa_conformance.result import Result

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BASELINE = "baseline"
"""The word for the shipped report of the mock, in place of a file."""

BASELINE_FILE = "baseline.json"
"""Beside this module; `make baseline` renews it."""


class CannotRead(Exception):
    """A file cannot be read. The message says which, and why."""


def read_report(source: str) -> Report:
    """The report in a file, or the shipped one for the word `baseline`. Raises CannotRead, NoReport."""
    path = files("hamsa_conformance.report") / BASELINE_FILE if source == BASELINE else Path(source)
    try:
        return _parse(path)
    except OSError as error:
        raise CannotRead(f"cannot read {source}: {error.strerror}") from error
    except NoReport as error:
        raise NoReport(f"{source} is {error}") from error


def baseline_of(report: Report) -> Report:
    """What is shipped of a report: what later ones are compared with, and nothing that differs from run to run."""
    cases = tuple(replace(case, statements=(), result=_compact(case.result)) for case in report.cases)
    run = replace(report.run, seconds=0.0, options=(), results=tuple(case.result for case in cases))
    return replace(report, run=run, cases=cases)


def _parse(path: "Path | Traversable") -> Report:
    try:
        content = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise NoReport(f"not a report: not JSON: {error.msg}") from error
    return from_json(content)


def _compact(result: Result) -> Result:
    return replace(result, transcript=(), sounds=(), seconds=0.0)
