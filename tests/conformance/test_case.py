"""What a case says about itself."""

from typing import Any

import pytest

from hamsa_conformance.case import Case, Cost, case, family
from hamsa_conformance.client.server import Server


def made(slug: str = "hamsa.tts.example", **fields: Any) -> Case:
    def run(server: Server) -> None:
        """Does nothing."""

    return case(slug, title="An example", expects="The server does it.", **fields)(run)


def test_case_knows_its_provider_its_section_and_its_quotation() -> None:
    example = made("hamsa.tts.example[long]", statements=("API-6",))
    assert (example.provider, example.section) == ("hamsa", "hamsa.tts")
    assert example.quotation == {"API-6": "The text of a request for speech has 2000 characters at most."}


@pytest.mark.parametrize(
    ("statements", "basis"),
    [((), "assumed"), (("FAQ-1",), "observed"), (("FAQ-6", "API-1"), "documented")],
)
def test_basis_is_that_of_the_statements(statements: tuple[str, ...], basis: str) -> None:
    assert made(statements=statements).basis == basis


def test_basis_may_be_said() -> None:
    assert made(basis="documented").basis == "documented"


@pytest.mark.parametrize("slug", ["tts", "hamsa.tts", "hamsa.tts.Example", "hamsa.tts.a b", "hamsa.tts.a[", "5.1.2"])
def test_malformed_slug_is_refused(slug: str) -> None:
    with pytest.raises(ValueError, match="no slug of a case"):
        made(slug)


def test_unknown_statement_is_refused() -> None:
    unknown = "-".join(("API", "99"))  # a test looks for ids that no statement has
    with pytest.raises(ValueError, match=f"no statement {unknown}"):
        made(statements=(unknown,))


def test_intrusive_case_says_what_it_does_and_no_other_one_does() -> None:
    with pytest.raises(ValueError, match="says what it does"):
        made(needs=("intrusive",))
    with pytest.raises(ValueError, match="says what it does"):
        made(does="Floods it.")
    assert made(needs=("intrusive",), does="Floods it.").does == "Floods it."


def test_costs_add_up() -> None:
    assert Cost(characters=1, seconds=0.5) + Cost(characters=2, seconds=1) == Cost(characters=3, seconds=1.5)


def test_family_has_a_case_for_each_value() -> None:
    cases = family({"one": 1, "two": 2}, lambda name, value: made(f"hamsa.tts.many[{name}]", characters=value))
    assert [(each.slug, each.takes.characters) for each in cases] == [
        ("hamsa.tts.many[one]", 1),
        ("hamsa.tts.many[two]", 2),
    ]
