"""`hamsa-conformance diff` as people and CI call it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hamsa_conformance.cli.diff import diff_command
from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.json_report import text_of, to_json
from hamsa_conformance.report.writing import write
from hamsa_conformance.result import Result as Result_
from hamsa_conformance.result import Run
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.sample import HOSTILE, fail, sample_cases, sample_run
from tests.conformance.report.wire import KEY


def changed(run: Run, slug: str, **fields: Any) -> Run:
    results = tuple(replace(each, **fields) if each.slug == slug else each for each in run.results)
    return replace(run, results=results)


def compare(folder: Path, old: Run, new: Run, *options: str) -> Result:
    paths = []
    for name, run in (("old", old), ("new", new)):
        text = "".join(text_of(to_json(report_of(run, sample_cases(), [KEY]))))
        paths.append(str(write(folder / f"{name}.json", text)))
    return CliRunner().invoke(diff_command, [*paths, *options])


def broken(run: Run) -> Run:
    findings = (fail("ack first", "end"),)
    return changed(run, "hamsa.tts.ack_first", verdict=Verdict.FAIL, messages=Verdict.FAIL, findings=findings)


def test_same_reports_have_no_change(tmp_path: Path) -> None:
    result = compare(tmp_path, sample_run(), sample_run())
    assert result.exit_code == 0
    assert result.output == (
        "old  wss://staging.example.com/v1/realtime/ws?api_key=***, 2026-11-21T16:02:11Z, 14 cases\n"
        "new  wss://staging.example.com/v1/realtime/ws?api_key=***, 2026-11-21T16:02:11Z, 14 cases\n"
        "\nmeasured too rarely to be compared\n  hamsa.tts.first_audio_delay\n"
        "\n11 cases compared, no change\n"
    )


def test_breaking_change_ends_with_1_and_tells_what_was_found(tmp_path: Path) -> None:
    result = compare(tmp_path, sample_run(), broken(sample_run()))
    assert result.exit_code == 1
    assert (
        "\nbreaking\n  hamsa.tts.ack_first  messages: PASS -> FAIL\n      expected ack first; got end\n"
        in result.output
    )
    assert result.output.endswith("\n11 cases compared, 1 change\n")


def test_other_changes_are_told_and_end_with_0(tmp_path: Path) -> None:
    old = sample_run()
    new = changed(old, "hamsa.auth.no_key", verdict=Verdict.PASS, messages=Verdict.PASS, close=Verdict.PASS)
    new = changed(new, "hamsa.connect.greeting", verdict=Verdict.NON_STRICT, messages=Verdict.NON_STRICT)
    new = changed(new, "hamsa.keepalive.ping", verdict=Verdict.INCONCLUSIVE)
    new = changed(
        new,
        "hamsa.tts.overlap",
        observations={"hamsa.tts.overlap": "queue", "hamsa.tts.chunk_gap": 0.9},
        measured={"hamsa.tts.chunk_gap": (0.5,) * 24, "cut": (0, 1) * 20},
    )
    new = changed(new, "hamsa.connect.compression", observations={"hamsa.websocket.compression": 2_000})
    old = changed(old, "hamsa.connect.header", measured={"cut": (0,) * 40})
    new = changed(new, "hamsa.connect.header", measured={"cut": (1,) * 39})
    result = compare(tmp_path, old, new)
    assert result.exit_code == 0
    for lines in (
        "\nworse\n  hamsa.connect.greeting  messages: PASS -> NON-STRICT\n",
        "\nbetter\n  hamsa.auth.no_key  messages: NON-STRICT -> PASS\n  hamsa.auth.no_key  close: FAIL -> PASS\n",
        "\nobserved\n  hamsa.websocket.compression  refused -> 2,000  (hamsa.connect.compression)\n"
        "  hamsa.tts.overlap  interleave -> queue  (hamsa.tts.overlap)\n",
        "  hamsa.tts.chunk_gap  0.020625 (median of 24) -> 0.5 (median of 24)\n",
        "\njudged in one run only, so not compared\n  hamsa.keepalive.ping\n",
        "  cut  0% of 40 -> 75% of 79\n",
    ):
        assert lines in result.output


def test_cases_of_one_report_are_listed_up_to_a_number(tmp_path: Path) -> None:
    run = sample_run()
    result = compare(tmp_path, replace(run, results=run.results[:2]), replace(run, results=run.results[1:]))
    assert result.exit_code == 0
    assert "\nvanished\n  hamsa.connect.greeting\n" in result.output
    assert "\nappeared\n  hamsa.connect.compression\n" in result.output
    many = {f"hamsa.tts.case[{index}]": case for index, case in enumerate([sample_cases()["hamsa.tts.overlap"]] * 25)}
    cases = {slug: replace(case, slug=slug) for slug, case in many.items()}
    results = tuple(replace(run.results[0], slug=slug) for slug in cases)
    path = write(tmp_path / "many.json", "".join(text_of(to_json(report_of(replace(run, results=results), cases, [])))))
    result = CliRunner().invoke(diff_command, [str(tmp_path / "old.json"), str(path)])
    assert "  hamsa.tts.case[19]\n  and 5 more\n" in result.output


def test_json_holds_everything(tmp_path: Path) -> None:
    result = compare(tmp_path, sample_run(), broken(sample_run()), "--json")
    assert result.exit_code == 1
    content = json.loads(result.output)
    assert content["breaking"] is True
    (change,) = content["verdicts"]
    assert (change["grade"], change["old"], change["new"]) == ("breaking", "PASS", "FAIL")
    assert change["finding"]["actual"] == "end"
    assert content["compared"] == 11
    assert content["measured"] == []


def test_text_of_a_server_steers_no_terminal(tmp_path: Path) -> None:
    old = sample_run()
    findings = (fail("a\nb", HOSTILE + "x" * 1000),)
    new = changed(old, "hamsa.tts.ack_first", verdict=Verdict.FAIL, messages=Verdict.FAIL, findings=findings)
    new = changed(new, "hamsa.tts.overlap", observations={"hamsa.tts.overlap": "\x1b[31m"})
    result = compare(tmp_path, old, new)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "expected a b; got </script>" in result.output
    assert "interleave -> \\u001b[31m" in result.output
    assert max(map(len, result.output.splitlines())) < 300


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_file_that_is_no_report_ends_with_2(tmp_path: Path, order: tuple[int, int]) -> None:
    compare(tmp_path, sample_run(), sample_run())
    wrong = write(tmp_path / "wrong.json", "{}")
    paths = [str(tmp_path / "old.json"), str(wrong)]
    result = CliRunner().invoke(diff_command, [paths[index] for index in order])
    assert result.exit_code == 2
    assert "wrong.json is not a report" in result.output


def test_reports_about_different_services_end_with_2(tmp_path: Path) -> None:
    result = compare(tmp_path, sample_run(), sample_run(provider="acme"))
    assert result.exit_code == 2
    assert "one report is about hamsa, the other about acme" in result.output


def test_folder_of_a_run_means_the_report_in_it(tmp_path: Path) -> None:
    compare(tmp_path, sample_run(), broken(sample_run()))
    for name in ("old", "new"):
        write(tmp_path / name / "report.json", (tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    result = CliRunner().invoke(diff_command, [str(tmp_path / "old"), str(tmp_path / "new")])
    assert result.exit_code == 1, result.output
    assert "hamsa.tts.ack_first  messages: PASS -> FAIL" in result.output
    result = CliRunner().invoke(diff_command, [str(tmp_path / "old"), str(tmp_path)])
    assert result.exit_code == 3
    assert f"cannot read {tmp_path / 'report.json'}: No such file" in result.output


def test_baseline_is_the_shipped_one_also_where_a_folder_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "baseline").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "report.json" not in CliRunner().invoke(diff_command, ["baseline", "baseline"]).output


def test_file_that_cannot_be_read_ends_with_3(tmp_path: Path) -> None:
    result = CliRunner().invoke(diff_command, [str(tmp_path / "none.json"), "baseline"])
    assert result.exit_code == 3
    assert "cannot read" in result.output


def test_section_that_fell_silent_is_told_first(tmp_path: Path) -> None:
    case = sample_cases()["hamsa.tts.ack_first"]
    cases = {slug: replace(case, slug=slug) for slug in (f"hamsa.tts.case[{number}]" for number in range(4))}
    passed = tuple(Result_(slug=slug, verdict=Verdict.PASS, messages=Verdict.PASS) for slug in cases)
    silent = tuple(Result_(slug=slug, verdict=Verdict.INCONCLUSIVE, reason="nothing came") for slug in cases)
    paths: list[str] = []
    for name, results in (("old", passed), ("new", silent)):
        text = "".join(text_of(to_json(report_of(sample_run(results=results), cases, []))))
        paths.append(str(write(tmp_path / f"{name}.json", text)))
    result = CliRunner().invoke(diff_command, paths)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[3:6] == [
        "worse: not seen any more",
        "  hamsa.tts  4 of 4 required cases that passed could not be judged",
        "      nothing came",
    ]
    assert lines[-1] == "0 cases compared, 1 change"
