"""Finding the cases, and choosing among them."""

from types import ModuleType

import pytest

from hamsa_conformance.case import Case, case
from hamsa_conformance.client.server import Server
from hamsa_conformance.running.finding_cases import NoSuchCase, cases_folder, cases_in, fits, load_cases, select


def made(slug: str) -> Case:
    @case(slug, title="", expects="")
    def run(server: Server) -> None:
        """Never tried."""

    return run


KNOWN = [made(slug) for slug in ("hamsa.tts.one", "hamsa.tts.two[a]", "hamsa.tts.two[b]", "hamsa.auth.key")]


def slugs(*only: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [case.slug for case in select(KNOWN, only, exclude)]


def test_cases_of_the_suite_have_slugs_of_their_own_and_stay_in_order() -> None:
    found = load_cases()
    assert len({case.slug for case in found}) == len(found) >= 150
    assert found == load_cases()
    assert (cases_folder("hamsa") / "tts.py").exists()


def test_cases_and_families_of_a_module_are_found() -> None:
    module = ModuleType("some")
    module.one, module.family, module.other = KNOWN[0], (KNOWN[1], KNOWN[2]), ("no", 1)  # type: ignore[attr-defined]
    assert cases_in(module) == KNOWN[:3]


def test_two_cases_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hamsa_conformance.running.finding_cases.cases_in", lambda module: [KNOWN[0]])
    load_cases.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"two cases are called hamsa\.tts\.one"):
            load_cases()
    finally:
        load_cases.cache_clear()


@pytest.mark.parametrize(
    ("choice", "number"),
    [("hamsa", 4), ("hamsa.tts", 3), ("hamsa.tts.two", 2), ("hamsa.tts.two[a]", 1), ("*.two[*]", 2), ("hamsa.*", 4)],
)
def test_cases_are_chosen_by_parts_of_their_slugs(choice: str, number: int) -> None:
    assert len(slugs(choice)) == number


def test_part_of_a_word_chooses_nothing() -> None:
    assert not fits("hamsa.tts.one", "hamsa.tt")


def test_what_is_excluded_is_left_out_of_what_is_chosen() -> None:
    assert slugs(exclude=("hamsa.tts",)) == ["hamsa.auth.key"]
    assert slugs("hamsa.tts", exclude=("hamsa.tts.two[b]",)) == ["hamsa.tts.one", "hamsa.tts.two[a]"]


@pytest.mark.parametrize("choices", [(("hamsa.ttss",), ()), ((), ("hamsa.ttss",))])
def test_choice_that_fits_nothing_is_refused_with_the_nearest_name(
    choices: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    with pytest.raises(NoSuchCase, match=r"no case is called 'hamsa.ttss'; did you mean 'hamsa\.tts'\?.*--list"):
        select(KNOWN, *choices)
