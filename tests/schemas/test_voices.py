"""The built-in voices and their dialects."""

from dataclasses import FrozenInstanceError
from typing import Any
from uuid import UUID

import pytest

from hamsa_schemas import default_catalogue
from hamsa_schemas.voices import load_voices


def test_voice_is_found_by_its_name_or_its_id() -> None:
    voices = load_voices()
    majd = voices.find("Majd")
    assert majd is not None
    assert (majd.name, majd.dialects) == ("Majd", ("leb",))
    assert voices.find(majd.id) is voices.find(majd.id.upper()) is majd


@pytest.mark.parametrize("speaker", ["", "majd", "Majd ", "nobody", "c803658e-ccec-47e7-ad0f-1caf9ba4babb"])
def test_nothing_else_is_a_built_in_voice(speaker: str) -> None:
    assert load_voices().find(speaker) is None


def test_voice_may_have_several_dialects_or_none_listed() -> None:
    voices = load_voices()
    assert voices.by_name["Jasem"].dialects == ("jor", "ksa")
    assert voices.by_name["Maher"].dialects == ()


def test_every_voice_speaks_dialects_of_the_service_and_every_dialect_has_a_voice() -> None:
    voices = load_voices()
    spoken = {dialect for voice in voices.by_name.values() for dialect in voice.dialects}
    assert spoken == set(voices.dialects)
    assert len(voices.dialects) == 15
    assert voices.dialects["leb"] == "ar-LB"


def test_ids_are_uuids_that_differ_and_never_change() -> None:
    voices = load_voices()
    assert len(voices.by_id) == len(voices.by_name) == 50
    assert all(str(UUID(id)) == id == voice.id for id, voice in voices.by_id.items())
    assert voices.by_name["Majd"].id == "1b74c146-864c-8e48-abca-8b682fcefb5f"


def test_voices_are_read_once_and_cannot_be_changed() -> None:
    voices = load_voices()
    assert load_voices() is voices
    with pytest.raises(FrozenInstanceError):
        voices.dialects = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        voices.by_name["Majd"] = voices.by_name["Hiba"]  # type: ignore[index]


def test_provider_without_voices_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_voices("nobody")


FILE: dict[str, Any] = {
    "$schema": "../meta/voices.schema.json",
    "basis": "documented",
    "source": "A page.",
    "statements": ["WST-9"],
    "dialects": {"ksa": "ar-SA", "msa": "ar"},
    "voices": {"Majd": ["leb"], "Maher": []},
}


def fits_its_schema(file: dict[str, Any]) -> bool:
    schemas, path = default_catalogue().schemas, "meta/voices.schema.json"
    valid = schemas.validator(path).is_valid(file)
    assert schemas.compiled(path)(file) is valid
    return valid


def test_file_of_voices_fits_its_schema() -> None:
    assert fits_its_schema(FILE)


@pytest.mark.parametrize(
    "change",
    [
        {"dialects": ["ksa", "leb"]},
        {"dialects": {"ksa": "Arabic"}},
        {"dialects": {"ksa": None}},
        {"voices": {"": []}},
        {"voices": {"Majd": "leb"}},
        {"voices": {"Majd": ["leb", "leb"]}},
        {"voices": ["Majd"]},
        {"basis": "guessed"},
        {"source": ""},
        {"extra": 1},
    ],
)
def test_file_of_voices_with_a_mistake_does_not_fit(change: dict[str, Any]) -> None:
    assert not fits_its_schema(FILE | change)


@pytest.mark.parametrize("missing", ["$schema", "basis", "source", "statements", "dialects", "voices"])
def test_file_of_voices_needs_all_its_parts(missing: str) -> None:
    assert not fits_its_schema({name: value for name, value in FILE.items() if name != missing})
