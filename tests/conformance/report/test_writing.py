"""The reports in a folder."""

import json
import os
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from hamsa_conformance.report.json_report import from_json
from hamsa_conformance.report.writing import CannotWrite, check_folder, write, write_reports
from tests.conformance.report.sample import sample_cases, sample_run
from tests.conformance.report.wire import KEY


def test_folder_gets_three_reports_without_the_key(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "reports"
    written = write_reports(sample_run(), sample_cases(), folder, [KEY])
    assert written == [folder / "report.json", folder / "junit.xml", folder / "report.html"]
    assert sorted(folder.iterdir()) == sorted(written)
    assert all(KEY.encode() not in path.read_bytes() for path in written)
    assert all(b"\r" not in path.read_bytes() for path in written)
    assert len(from_json(json.loads(written[0].read_text(encoding="utf-8"))).cases) == len(sample_cases())
    assert parse(written[1]).getroot().tag == "testsuites"
    assert written[2].read_text(encoding="utf-8").endswith("</html>\n")


def test_later_run_replaces_the_reports(tmp_path: Path) -> None:
    write_reports(sample_run(), sample_cases(), tmp_path, [KEY])
    write_reports(sample_run(results=()), {}, tmp_path, [])
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["cases"] == []


def test_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(CannotWrite, match=r"cannot write .*report\.json: "):
        write_reports(sample_run(), sample_cases(), place, [KEY])


def test_file_that_cannot_be_written_leaves_the_old_one_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.txt", "old")

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(CannotWrite, match=r"cannot write .*a\.txt: No space left on device"):
        write(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_folder_is_made_and_left_empty_when_it_is_checked(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b")
    assert not list((tmp_path / "a" / "b").iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=r"cannot write into .*file/c: Not a directory"):
        check_folder(tmp_path / "file" / "c")
