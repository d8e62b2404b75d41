"""Errors of the catalogue: their tree, and what they tell a person."""

import pytest

from hamsa_schemas import errors
from hamsa_schemas.errors import CatalogueError, UnknownName, nearest, shown, suggestion


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name[0].isupper()])
def test_every_error_is_a_catalogue_error_and_a_value_error(name: str) -> None:
    error = getattr(errors, name)
    assert issubclass(error, CatalogueError)
    assert issubclass(error, ValueError)


@pytest.mark.parametrize("name", ["UnknownFact", "UnknownBehaviour", "UnknownProfile", "UnknownMessage"])
def test_every_error_about_a_name_is_a_key_error(name: str) -> None:
    assert issubclass(getattr(errors, name), KeyError)


def test_unknown_name_shows_as_plain_text() -> None:
    error = UnknownName("profile", "instnat", ["instant", "documented"])
    assert str(error) == "no profile 'instnat'; did you mean 'instant'? known: documented, instant"


def test_suggestion_lists_all_names_when_none_is_near() -> None:
    assert suggestion("xyz", ["b", "a"]) == "known: a, b"


def test_suggestion_lists_all_of_many_names_when_none_is_near() -> None:
    names = [f"name_{letter}" for letter in "abcdefghijklmnop"]
    assert suggestion("xyz", names) == f"known: {', '.join(names)}"


def test_suggestion_leaves_out_many_names_when_one_is_near() -> None:
    names = [f"{letter * 5}" for letter in "abcdefghijklmnop"]
    assert suggestion("aaaab", names) == "did you mean 'aaaaa'?"


def test_nearest_name_is_found_whatever_its_case() -> None:
    assert nearest("majd", ["Majd", "Majid"]) == "Majd"
    assert nearest("AMJAD", ["Majd", "Amjad"]) == "Amjad"
    assert nearest("xyz", ["Majd"]) is None


def test_suggestion_takes_another_label() -> None:
    assert suggestion("clos", ["close", "open"], "allowed") == "did you mean 'close'? allowed: close, open"


def test_shown_value_is_cut_after_60_characters() -> None:
    assert shown("short") == "'short'"
    assert shown("a" * 58) == f"'{'a' * 58}'"
    assert shown("a" * 59) == f"'{'a' * 56}..."
    assert len(shown("a" * 1_000_000)) == 60


def test_very_long_name_has_no_nearest_one() -> None:
    assert nearest("a" * 101, ["a" * 102]) is None
    assert nearest("a" * 100, ["a" * 102]) == "a" * 102
