"""A user's own profile."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hamsa_schemas import UnknownBehaviour, UnknownProfile, WrongValue
from hamsa_schemas.profile_file import BadProfileFile, resolve_behaviours


def write(folder: Path, content: Any) -> str:
    path = folder / "mine.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_name_means_a_profile_of_the_package() -> None:
    assert resolve_behaviours("instant")["hamsa.tts.chunk_gap"] == 0
    with pytest.raises(UnknownProfile, match="instant"):
        resolve_behaviours("instnt")


def test_file_sets_what_it_names_and_changes_come_on_top(tmp_path: Path) -> None:
    path = write(tmp_path, {"behaviours": {"hamsa.tts.chunk_gap": 2, "hamsa.tts.first_audio_delay": 3}})
    behaviours = resolve_behaviours(path, {"hamsa.tts.chunk_gap": 1})
    assert behaviours["hamsa.tts.chunk_gap"] == 1
    assert behaviours["hamsa.tts.first_audio_delay"] == 3
    assert behaviours["hamsa.auth.failure"] == "error_then_close"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ([], "is an array, must be an object"),
        ({}, "behaviours"),
        ({"behaviour": {}}, "there is no 'behaviour'; did you mean 'behaviours'"),
        ({"behaviours": {"hamsa.tts.chunk_gap": None}}, "behaviours.hamsa.tts.chunk_gap is null, must be"),
        ({"behaviours": {"chunk gap": 1}}, "behaviours.chunk gap does not fit; it must be: A slug, such as"),
        ({"behaviours": {"hamsa.tts.chunk_gab": 1}}, "did you mean 'hamsa.tts.chunk_gap'"),
        (
            {"behaviours": {"hamsa.auth.failure": "close"}},
            "hamsa.auth.failure cannot be 'close'; did you mean 'close_only'",
        ),
        ({"behaviours": {"hamsa.limit.requests": 1.5}}, "whole numbers"),
    ],
)
def test_file_that_is_no_profile_is_refused_with_what_is_wrong(tmp_path: Path, content: Any, words: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(BadProfileFile, match=f"^profile {re.escape(path)}: .*{re.escape(words)}"):
        resolve_behaviours(path)


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadProfileFile, match=r"missing\.json: No such file"):
        resolve_behaviours(str(tmp_path / "missing.json"))


def test_change_that_is_wrong_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, {"behaviours": {}})
    with pytest.raises(UnknownBehaviour, match=r"^no behaviour 'hamsa\.tts\.chunk_gab'"):
        resolve_behaviours(path, {"hamsa.tts.chunk_gab": 1})
    with pytest.raises(WrongValue, match=r"^hamsa\.auth\.failure"):
        resolve_behaviours(path, {"hamsa.auth.failure": "close"})
