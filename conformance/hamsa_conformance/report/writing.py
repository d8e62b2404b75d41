"""Writes a run's reports into a folder: report.json, junit.xml, report.html."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryFile

from hamsa_conformance.case import Case
from hamsa_conformance.report.content import Report, report_of
from hamsa_conformance.report.html import html_page
from hamsa_conformance.report.json_report import text_of, to_json
from hamsa_conformance.report.junit import junit_xml
from hamsa_conformance.result import Run

REPORT = "report.json"
"""The one that can be read again."""

FORMATS: Mapping[str, Callable[[Report], str]] = {
    REPORT: lambda report: "".join(text_of(to_json(report))),
    "junit.xml": junit_xml,
    "report.html": html_page,
}
"""What makes the text of each file."""


class CannotWrite(Exception):
    """A file or folder cannot be written. The message says which, and why."""


def write_reports(run: Run, cases: Mapping[str, Case], folder: Path, secrets: Iterable[str]) -> list[Path]:
    """Write the reports; the folder is made if it is missing. `secrets`: the keys that were used, which are hidden.

    Raises CannotWrite.
    """
    report = report_of(run, cases, secrets)
    return [write(folder / name, make(report)) for name, make in FORMATS.items()]


def check_folder(folder: Path) -> None:
    """See to it that a file can be written into a folder, which is made if it is missing. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise CannotWrite(f"cannot write into {folder}: {error.strerror}") from error


def write(path: Path, text: str) -> Path:
    """Write a file beside its place and move it there, so that nobody reads half of it. Raises CannotWrite."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(text, encoding="utf-8", newline="\n")
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {error.strerror}") from error
    return path
