"""The data files of the package against the schemas in `meta`, and rules that a schema cannot state."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import hamsa_schemas
from hamsa_schemas import BrokenCatalogue, default_catalogue
from hamsa_schemas.data_files import find

ROOT = Path(hamsa_schemas.__file__).parent
SCHEMAS = default_catalogue().schemas
FILES = [path for path, _ in find(ROOT, ".json")]
# Descriptions of the interfaces, which tests/documents judges.
DOCUMENTS = ("asyncapi/", "openapi/")
# The schema that judges a file, by the file's last name or by the folder it lies in.
META = {
    "facts.json": "meta/facts.schema.json",
    "behaviours.json": "meta/behaviours.schema.json",
    "profiles": "meta/profile.schema.json",
    "statements.json": "meta/statements.schema.json",
    "voices.json": "meta/voices.schema.json",
}


def meta_of(path: str) -> str | None:
    if path.endswith(".invalid.json"):
        return "meta/invalid_examples.schema.json"
    *_, folder, name = path.split("/")
    return META.get(name) or META.get(folder)


def content_of(path: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert len(set(names)) == len(names), f"{path} repeats a name: {names}"
        return dict(pairs)

    return json.loads((ROOT / path).read_text(encoding="utf-8"), object_pairs_hook=unique)


@pytest.mark.parametrize("path", FILES)
def test_data_file_repeats_no_name_and_ends_with_a_line_end(path: str) -> None:
    content_of(path)
    text = (ROOT / path).read_bytes()
    assert text.endswith(b"\n")
    assert b"\r" not in text
    assert b"\\u" not in text


@pytest.mark.parametrize("path", [path for path in FILES if not path.startswith(DOCUMENTS)])
def test_data_file_is_a_schema_or_fits_its_schema(path: str) -> None:
    content = content_of(path)
    if path.endswith(".schema.json"):
        Draft202012Validator.check_schema(content)
        return
    meta = meta_of(path)
    assert meta is not None, f"no schema in meta describes {path}"
    assert list(SCHEMAS.validator(meta).iter_errors(content)) == []
    assert SCHEMAS.compiled(meta)(content)
    if isinstance(content, dict):
        assert (ROOT / path).parent.joinpath(content["$schema"]).resolve() == ROOT / meta


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith("/behaviours.json")])
def test_behaviours_begin_with_their_provider(path: str) -> None:
    assert all(slug.startswith(f"{path.split('/')[0]}.") for slug in content_of(path)["behaviours"])


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith(".invalid.json")])
def test_invalid_examples_lie_beside_a_schema(path: str) -> None:
    assert path.replace(".invalid.json", ".schema.json") in SCHEMAS


CLAIM = {"basis": "documented", "source": "A page.", "statements": ["API-1"]}
FACT = {"value": 1, **CLAIM}
CHOICE = {"summary": "One.", **CLAIM, "options": {"a": "A", "b": "B"}, "default": "a"}
QUANTITY = {"summary": "One.", **CLAIM, "unit": "seconds", "minimum": 0, "maximum": 1, "default": 0}
RULE = {"kind": "rule", "says": "One."}
ADVICE = {"kind": "advice", "says": "One.", "unchecked": "Two."}
INVALID = {"why": "wrong", "keyword": "type", "path": "/a~1b/0", "instance": None}


def facts(fact: dict[str, Any], slug: str = "limit.calls") -> dict[str, Any]:
    return {"$schema": "../meta/facts.schema.json", "facts": {slug: fact}}


def behaviours(behaviour: dict[str, Any], slug: str = "acme.tts.delay") -> dict[str, Any]:
    return {"$schema": "../meta/behaviours.schema.json", "behaviours": {slug: behaviour}}


def profile(**changes: Any) -> dict[str, Any]:
    return {
        "$schema": "../../meta/profile.schema.json",
        "description": "One.",
        "behaviours": {"acme.tts.delay": 1, "acme.tts.reply": "no"},
        **changes,
    }


def statements(statement: dict[str, Any], id: str = "API-1", **document: Any) -> dict[str, Any]:
    origin = {"basis": "documented", "source": "A page."}
    return {
        "$schema": "../meta/statements.schema.json",
        "documents": {"API": origin | document},
        "statements": {id: statement},
    }


def judge(meta: str, content: Any) -> bool:
    path = f"meta/{meta}.schema.json"
    valid = SCHEMAS.validator(path).is_valid(content)
    assert SCHEMAS.compiled(path)(content) is valid
    return valid


@pytest.mark.parametrize(
    ("meta", "content"),
    [
        ("facts", facts(FACT)),
        ("facts", facts(FACT | {"value": "a", "note": "More."})),
        ("facts", facts(FACT | {"basis": "observed", "source": "Someone, 2026-02."})),
        ("behaviours", behaviours(CHOICE)),
        ("behaviours", behaviours(QUANTITY)),
        ("behaviours", behaviours(QUANTITY | {"whole": True})),
        ("behaviours", behaviours(QUANTITY | {"default": 0.5})),
        ("profile", profile()),
        ("statements", statements(RULE)),
        ("statements", statements(ADVICE, basis="observed", source="Someone, 2026-02.")),
        ("invalid_examples", [INVALID]),
        ("invalid_examples", [INVALID | {"path": ""}]),
    ],
)
def test_meta_schema_accepts(meta: str, content: Any) -> None:
    assert judge(meta, content)


@pytest.mark.parametrize(
    ("meta", "content"),
    [
        ("facts", {"facts": {}}),
        ("facts", facts(FACT) | {"more": 1}),
        ("facts", facts(FACT, slug="calls")),
        ("facts", facts(FACT, slug="Limit.Calls")),
        ("facts", facts(CLAIM)),
        ("facts", facts(FACT | {"value": True})),
        ("facts", facts(FACT | {"value": ""})),
        ("facts", facts(FACT | {"note": ""})),
        ("facts", facts(FACT | {"extra": 1})),
        ("facts", facts(FACT | {"basis": "guessed"})),
        ("facts", facts(FACT | {"source": ""})),
        ("facts", facts(FACT | {"basis": "observed", "source": "Someone, some day."})),
        ("facts", facts(FACT | {"statements": ["API 1"]})),
        ("facts", facts(FACT | {"statements": ["API-1", "API-1"]})),
        ("facts", facts({name: FACT[name] for name in ("value", "basis", "source")})),
        ("behaviours", behaviours(CHOICE, slug="tts.delay")),
        ("behaviours", behaviours(CHOICE | {"summary": "no sentence"})),
        ("behaviours", behaviours(CHOICE | {"options": {"a": "A"}})),
        ("behaviours", behaviours(CHOICE | {"options": {"a": "A", "B C": "B"}})),
        ("behaviours", behaviours(CHOICE | {"default": 1})),
        ("behaviours", behaviours(CHOICE | {"unit": "seconds"})),
        ("behaviours", behaviours(CHOICE | QUANTITY)),
        ("behaviours", behaviours(QUANTITY | {"default": "0"})),
        ("behaviours", behaviours({"summary": "One.", **CLAIM, "default": 0})),
        ("behaviours", behaviours(QUANTITY | {"extra": 1})),
        ("behaviours", behaviours(QUANTITY | {"whole": False})),
        ("behaviours", behaviours(QUANTITY | {"whole": True, "default": 0.5})),
        ("behaviours", behaviours(QUANTITY | {"whole": True, "minimum": 0.5})),
        ("behaviours", behaviours(QUANTITY | {"whole": True, "maximum": 0.5})),
        ("behaviours", behaviours(CHOICE | {"whole": True})),
        ("profile", profile(description=5)),
        ("profile", profile(behaviours={"delay": 1})),
        ("profile", profile(behaviours={"acme.tts.delay": True})),
        ("profile", profile(extra=1)),
        ("statements", statements(RULE) | {"more": 1}),
        ("statements", statements(RULE, id="API 1")),
        ("statements", statements(RULE, basis="guessed")),
        ("statements", statements(RULE, source="")),
        ("statements", statements(RULE, basis="observed")),
        ("statements", statements(RULE, extra=1)),
        ("statements", statements({"kind": "rule"})),
        ("statements", statements(RULE | {"kind": "law"})),
        ("statements", statements(RULE | {"says": "no sentence"})),
        ("statements", statements(RULE | {"extra": 1})),
        ("statements", statements(RULE | {"unchecked": "Two."})),
        ("statements", statements({"kind": "advice", "says": "One."})),
        ("statements", statements(ADVICE | {"unchecked": ""})),
        ("invalid_examples", []),
        ("invalid_examples", [INVALID | {"path": "a"}]),
        ("invalid_examples", [INVALID | {"path": "/~2"}]),
        ("invalid_examples", [INVALID | {"extra": 1}]),
        ("invalid_examples", [{"why": "wrong", "keyword": "type", "path": ""}]),
    ],
)
def test_meta_schema_refuses(meta: str, content: Any) -> None:
    assert not judge(meta, content)


def test_catalogue_of_a_folder_with_a_broken_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "bad.schema.json").write_text("{", encoding="utf-8")
    with pytest.raises(BrokenCatalogue, match=r"bad\.schema\.json"):
        hamsa_schemas.Catalogue(tmp_path)
