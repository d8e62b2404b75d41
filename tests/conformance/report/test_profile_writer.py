"""A profile from what a run has seen."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from hamsa_conformance.report.profile_writer import (
    BadProfilePath,
    NothingSeen,
    behaviours_of,
    most_seen,
    profile_of,
    truncation_of,
    write_profile,
)
from hamsa_conformance.report.writing import CannotWrite
from hamsa_conformance.result import Result, Run
from hamsa_conformance.verdict import Verdict
from hamsa_schemas import BehaviourValue, WrongValue, load_behaviours
from hamsa_schemas.profile_file import resolve_behaviours
from tests.conformance.runs import run_of

OVERLAP, GAP, DELAY = "hamsa.tts.overlap", "hamsa.tts.chunk_gap", "hamsa.stt.delay"
FIRST, LATER = "hamsa.tts.first_answer_is_cut", "hamsa.tts.later_answer_is_cut"


def seen(**observations: BehaviourValue) -> Result:
    """A result with observations; `__` stands for a dot."""
    return Result(
        slug="hamsa.observed.x",
        verdict=Verdict.INFO,
        observations={f"hamsa.{name.replace('__', '.')}": value for name, value in observations.items()},
    )


def measured(name: str, *numbers: float) -> Result:
    return Result(slug="hamsa.tts.x", verdict=Verdict.PASS, measured={name: numbers})


def values(run: Run) -> dict[str, BehaviourValue]:
    found: dict[str, BehaviourValue] = profile_of(run)["behaviours"]
    return found


def test_what_is_as_by_default_is_left_out() -> None:
    assert values(run_of([seen(tts__overlap="queue", limit__requests=100)])) == {}


def test_what_is_otherwise_is_in_the_profile() -> None:
    assert values(run_of([seen(tts__overlap="interleave", limit__requests=40)])) == {
        OVERLAP: "interleave",
        "hamsa.limit.requests": 40,
    }


def test_most_observations_count_and_of_as_many_the_last() -> None:
    assert most_seen(["a", "b", "b", "c"]) == "b"
    assert most_seen(["a", "b"]) == "b"
    assert values(run_of([seen(tts__overlap="aborted"), seen(tts__overlap="interleave")])) == {OVERLAP: "interleave"}


def test_times_are_medians_of_all_that_any_case_has_measured() -> None:
    run = run_of([seen(tts__chunk_gap=9), measured(GAP, 0.5, 0.5001), measured(GAP, 0.4999, 7)])
    assert values(run) == {GAP: 0.5}


def test_times_of_a_mock_are_exact_and_others_rounded() -> None:
    result = measured(DELAY, 1.2345)
    assert values(run_of([result], is_mock=True)) == {DELAY: 1.234}
    assert values(run_of([result], is_mock=False)) == {DELAY: 1.23}


def test_time_that_was_observed_alone_counts_too() -> None:
    assert values(run_of([seen(stt__delay=2.5)])) == {DELAY: 2.5}


def test_nothing_measured_is_nothing_known() -> None:
    assert behaviours_of(run_of([measured(DELAY), measured(FIRST)])) == {}


@pytest.mark.parametrize(
    ("firsts", "laters", "expected"),
    [
        ([0, 1, 0], [0, 1], "random"),
        ([1, 1, 1], [0, 0], "first_answer"),
        ([1, 1], [0, 0], "connections"),
        ([0, 0, 0, 1], [0] * 20, "connections"),
        ([0, 0, 0, 1], [0] * 5, None),
        ([0, 0, 0], [0] * 50, None),
        ([], [0], None),
        ([], [], None),
    ],
)
def test_cause_of_cut_answers_is_told_from_first_and_later_ones(
    firsts: Sequence[float], laters: Sequence[float], expected: str | None
) -> None:
    assert truncation_of(firsts, laters) == expected


def test_share_of_cut_answers_is_that_of_all_answers_of_the_run() -> None:
    run = run_of([measured(FIRST, 0, 1, 0), measured(LATER, 1, 0), measured(LATER, 0, 0, 0), measured(LATER, 0, 0, 0)])
    assert values(run) == {"hamsa.tts.truncation": "random", "hamsa.tts.truncation_probability": 0.18}


def test_answers_that_say_more_than_a_case_go_before_it() -> None:
    run = run_of([seen(tts__truncation="never"), measured(LATER, 1, 1, 0, 0)])
    assert values(run)["hamsa.tts.truncation"] == "random"
    assert values(run_of([seen(tts__truncation="never"), measured(LATER, 0)])) == {"hamsa.tts.truncation": "never"}


def test_size_and_sound_of_cut_answers_are_those_of_most() -> None:
    run = run_of(
        [measured("hamsa.tts.truncated_bytes", 640, 320, 320), measured("hamsa.tts.cut_answer_is_silent", 1, 0, 1)]
    )
    assert values(run) == {"hamsa.tts.truncated_bytes": 320, "hamsa.tts.truncated_audio": "silence"}
    run = run_of([measured("hamsa.tts.cut_answer_is_silent", 0)])
    assert behaviours_of(run) == {"hamsa.tts.truncated_audio": "beginning"}


def test_what_no_mock_can_be_is_an_error() -> None:
    with pytest.raises(WrongValue, match="chunk_gap"):
        profile_of(run_of([measured(GAP, 1e9)]))


def test_profile_names_the_target_without_secrets() -> None:
    assert profile_of(run_of([]))["description"] == "As 127.0.0.1:1 behaved in a run of 2026-01-01T00:00:00+00:00."


def test_mock_takes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "seen.json"
    write_profile(run_of([seen(tts__overlap="interleave"), measured(DELAY, 2.0)]), path)
    behaviours = resolve_behaviours(str(path))
    assert behaviours[OVERLAP] == "interleave"
    assert {slug for slug in behaviours if behaviours[slug] != load_behaviours()[slug]} == {OVERLAP, DELAY}
    assert json.loads(path.read_text())["behaviours"][DELAY] == 2, "a whole number has no fraction"


def test_name_that_the_mock_would_not_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProfilePath, match=r"\.json"):
        write_profile(run_of([]), tmp_path / "profile.yaml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("folder", ["none", "file"])
def test_folder_that_is_not_there_is_refused_and_not_made(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadProfilePath, match=f"there is no folder .*{folder}$"):
        write_profile(run_of([seen(tts__overlap="queue")]), tmp_path / folder / "seen.json")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "seen.json").mkdir()
    with pytest.raises(CannotWrite, match=r"seen\.json"):
        write_profile(run_of([seen(tts__overlap="queue")]), tmp_path / "seen.json")


def test_run_that_has_seen_nothing_makes_no_profile(tmp_path: Path) -> None:
    with pytest.raises(NothingSeen, match="no behaviour"):
        write_profile(run_of([measured(DELAY)]), tmp_path / "seen.json")
    assert not list(tmp_path.iterdir())


def test_run_that_has_seen_only_defaults_makes_a_profile_of_them(tmp_path: Path) -> None:
    write_profile(run_of([seen(tts__overlap="queue")]), tmp_path / "seen.json")
    assert json.loads((tmp_path / "seen.json").read_text())["behaviours"] == {}
