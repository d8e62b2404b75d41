"""Reports read back from files, and the shipped one."""

from pathlib import Path

import pytest

from hamsa_conformance.report import reading
from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.drift import drift
from hamsa_conformance.report.json_report import NoReport, text_of, to_json
from hamsa_conformance.report.reading import CannotRead, baseline_of, read_report
from hamsa_conformance.report.writing import write, write_reports
from hamsa_conformance.running.finding_cases import load_cases
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.sample import sample_cases, sample_run
from tests.conformance.report.wire import KEY

REPORT = report_of(sample_run(), sample_cases(), [KEY])


def test_report_is_read_from_its_file(tmp_path: Path) -> None:
    path, *_ = write_reports(sample_run(), sample_cases(), tmp_path, [KEY])
    assert read_report(str(path)) == REPORT


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=r"cannot read .*none\.json: No such file"):
        read_report(str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", r"x\.json is not a report: not JSON: "),
        (b'{"version": 1', r"x\.json is not a report: not JSON: "),
        (b"\xff\xfe", r"x\.json is not a report: not JSON: "),
        (b'{"version": NaN}', r"x\.json is not a report: not JSON: "),
        (b"[]", r"x\.json is not a report: it has no tool"),
    ],
)
def test_file_that_is_no_report_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(NoReport, match=says):
        read_report(str(path))


def test_baseline_is_the_shipped_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "files", lambda package: tmp_path)
    with pytest.raises(CannotRead, match="cannot read baseline: "):
        read_report("baseline")
    baseline = baseline_of(REPORT)
    write(tmp_path / "baseline.json", "".join(text_of(to_json(baseline))))
    assert read_report("baseline") == baseline


def test_baseline_holds_what_is_compared_and_little_else() -> None:
    baseline = baseline_of(REPORT)
    found = drift(baseline, REPORT)
    assert (found.verdicts, found.observed, found.measured, found.appeared, found.vanished) == ((), (), (), (), ())
    assert found.compared == 11
    size, whole = (len("".join(text_of(to_json(report)))) for report in (baseline, REPORT))
    assert size < whole / 3
    assert all(not case.result.transcript and not case.result.sounds and not case.statements for case in baseline.cases)


def test_baseline_is_the_same_from_run_to_run() -> None:
    later = report_of(sample_run(seconds=99.0, options=("--slow",)), sample_cases(), [KEY])
    assert baseline_of(later) == baseline_of(REPORT)


def test_shipped_baseline_is_of_the_cases_of_today() -> None:
    baseline = read_report("baseline")
    assert [case.slug for case in baseline.cases] == [case.slug for case in load_cases()], "renew it by: make baseline"
    assert {case.result.verdict for case in baseline.cases} <= {Verdict.PASS, Verdict.INFO}
