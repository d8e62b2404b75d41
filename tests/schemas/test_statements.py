"""Statements: reading them; and those of Hamsa that ship with the package."""

import json
from pathlib import Path
from typing import Any

import pytest

from hamsa_schemas.statements import Statement, load_statements

DOCUMENTS = {
    "ACM": {"basis": "documented", "source": "A page."},
    "OBS": {"basis": "observed", "source": "Me, 2026-02."},
}
RULE = {"kind": "rule", "says": "One."}


def load(folder: Path, statements: dict[str, Any]) -> dict[str, Statement]:
    (folder / "acme").mkdir()
    content = {"documents": DOCUMENTS, "statements": statements}
    (folder / "acme" / "statements.json").write_text(json.dumps(content), encoding="utf-8")
    return dict(load_statements("acme", folder))


def test_statement_has_the_origin_of_its_document(tmp_path: Path) -> None:
    advice = {"kind": "advice", "says": "Two.", "unchecked": "Three."}
    assert load(tmp_path, {"ACM-1": RULE, "OBS-12": advice}) == {
        "ACM-1": Statement("ACM-1", "rule", "One.", "documented", "A page."),
        "OBS-12": Statement("OBS-12", "advice", "Two.", "observed", "Me, 2026-02.", "Three."),
    }


def test_statement_of_an_unlisted_document_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="ACN"):
        load(tmp_path, {"ACN-1": RULE})


def test_provider_without_statements_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_statements("acme", tmp_path)


def test_hamsa_has_every_statement_of_its_documents() -> None:
    counts = {"PRE": 12, "WST": 9, "API": 33, "FAQ": 12}
    assert list(load_statements()) == [
        f"{name}-{number + 1}" for name, count in counts.items() for number in range(count)
    ]


def test_hamsa_calls_the_guide_of_a_customer_observed_and_the_vendors_pages_documented() -> None:
    bases = {(id.partition("-")[0], statement.basis) for id, statement in load_statements().items()}
    assert bases == {("PRE", "documented"), ("WST", "documented"), ("API", "documented"), ("FAQ", "observed")}
