"""Nothing of the documents is left out: each rule that they state is named by the mock and proved by a test.

A test names the statements that it proves by its mark: `@pytest.mark.statement("API-20")`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from hamsa_schemas import load_behaviours, load_facts, load_statements

ROOT = Path(__file__).parents[1]
STATEMENTS = load_statements("hamsa")
RULES = [id for id, statement in STATEMENTS.items() if statement.kind == "rule"]
PREFIXES = "|".join(sorted({id.partition("-")[0] for id in STATEMENTS}))
ID = re.compile(rf"\b(?:{PREFIXES})-[0-9]+\b")

DOING = ("schemas/**/*.py", "schemas/**/*.json", "mock_server/**/*.py")
"""What makes the mock do something: data and modules."""
SAYING = ("*.md", "docs/*.md", "examples/*.py", "conformance/**/*.py", "load/**/*.py", "tests/**/*.py")


def files(patterns: Iterable[str]) -> Iterator[Path]:
    """The files of the repository, without those that list the statements or that others have installed."""
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            if path.name != "statements.json" and "node_modules" not in path.parts and path.is_file():
                yield path


def cited(patterns: Iterable[str]) -> dict[str, set[str]]:
    """The statements that files name, each with the files."""
    found: dict[str, set[str]] = {}
    for path in files(patterns):
        for id in ID.findall(path.read_text(encoding="utf-8")):
            found.setdefault(id, set()).add(str(path.relative_to(ROOT)))
    return found


def marks_in(source: str) -> Iterator[tuple[str, int]]:
    """The statements that the marks in a test file name, each with its line."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(ast.Attribute(attr="mark"), "statement"), args=args):
                for argument in args:
                    yield ast.literal_eval(argument), argument.lineno


def marks() -> Iterator[tuple[str, str]]:
    """The statements that all marks name, each with its place."""
    for path in files(["tests/**/test_*.py"]):
        for id, line in marks_in(path.read_text(encoding="utf-8")):
            yield id, f"{path.relative_to(ROOT)}:{line}"


def test_every_rule_is_named_by_a_fact_a_behaviour_a_schema_or_a_module() -> None:
    named = cited(DOING)
    missing = [f"{id}: {STATEMENTS[id].says}" for id in RULES if id not in named]
    assert not missing, "\n".join(["nothing that the mock does names these statements:", *missing])


def test_every_rule_has_a_test_that_is_marked_with_it() -> None:
    proved = {id for id, _ in marks()}
    missing = [f"{id}: {STATEMENTS[id].says}" for id in RULES if id not in proved]
    assert not missing, "\n".join(["no test is marked as one that breaks with these statements:", *missing])


def test_every_mark_names_a_rule() -> None:
    wrong = [f"{place}: {id}" for id, place in marks() if id not in RULES]
    assert not wrong, "\n".join(["marks that name no rule of the documents:", *wrong])


def test_every_id_that_is_cited_is_that_of_a_statement() -> None:
    wrong = {id: places for id, places in cited([*DOING, *SAYING]).items() if id not in STATEMENTS}
    assert not wrong


def test_nothing_is_called_documented_that_only_a_customer_has_seen() -> None:
    behaviours = load_behaviours()
    claims = {**load_facts("hamsa"), **{slug: behaviours.entry(slug) for slug in behaviours}}
    for slug, claim in claims.items():
        bases = {STATEMENTS[id].basis for id in claim.statements}
        if claim.basis == "documented" and bases:
            assert "documented" in bases, f"{slug} rests on {', '.join(claim.statements)}"


def test_marks_are_found_wherever_they_stand() -> None:
    source = """
pytestmark = pytest.mark.statement("API-1")
@pytest.mark.statement("API-2", "API-3")
def test_some():
    pytest.param(1, marks=pytest.mark.statement("API-4"))
"""
    assert sorted(marks_in(source)) == [("API-1", 2), ("API-2", 3), ("API-3", 3), ("API-4", 5)]
