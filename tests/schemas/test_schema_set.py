"""Sets of schemas: their names, references between them, and no way to the network."""

import json
from pathlib import Path
from typing import Any

import pytest
from referencing.exceptions import Unresolvable

from hamsa_schemas.errors import BrokenCatalogue
from hamsa_schemas.schema_set import BASE_URI, SchemaSet

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_schema(root: Path, path: str, schema: dict[str, Any]) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    content = {"$schema": DIALECT, "$id": BASE_URI + path, **schema}
    (root / path).write_text(json.dumps(content), encoding="utf-8")


def test_set_maps_paths_to_schemas(tmp_path: Path) -> None:
    write_schema(tmp_path, "acme/client/ask.schema.json", {"type": "string"})
    write_schema(tmp_path, "acme/voice.schema.json", {"type": "number"})
    (tmp_path / "acme" / "notes.json").write_text("[]", encoding="utf-8")
    schemas = SchemaSet(tmp_path)
    assert list(schemas) == ["acme/client/ask.schema.json", "acme/voice.schema.json"]
    assert len(schemas) == 2
    assert schemas["acme/voice.schema.json"]["type"] == "number"


@pytest.mark.parametrize("identifier", [{"$id": "https://other.example/voice.schema.json"}, {"$id": None}])
def test_set_refuses_an_id_that_does_not_mirror_the_path(tmp_path: Path, identifier: dict[str, Any]) -> None:
    write_schema(tmp_path, "acme/voice.schema.json", identifier)
    with pytest.raises(BrokenCatalogue, match=r"^acme/voice\.schema\.json: \$id is .*, must be 'https://"):
        SchemaSet(tmp_path)


@pytest.mark.parametrize(
    "reference",
    [
        "../voice.schema.json",
        "../voice.schema.json#",
        "../voices.schema.json#/$defs/voice",
        "../server/voice.schema.json",
        f"{BASE_URI}acme/voice.schema.json",
    ],
)
def test_both_validators_follow_references_between_files(tmp_path: Path, reference: str) -> None:
    write_schema(tmp_path, "acme/client/ask.schema.json", {"properties": {"voice": {"$ref": reference}}})
    write_schema(tmp_path, "acme/voice.schema.json", {"type": "string", "minLength": 2})
    write_schema(tmp_path, "acme/voices.schema.json", {"$defs": {"voice": {"$ref": "voice.schema.json"}}})
    write_schema(tmp_path, "acme/server/voice.schema.json", {"$ref": "../voice.schema.json"})
    schemas = SchemaSet(tmp_path)
    validator = schemas.validator("acme/client/ask.schema.json")
    is_valid = schemas.compiled("acme/client/ask.schema.json")
    for instance, verdict in ({"voice": "ab"}, True), ({"voice": "a"}, False), ({"voice": 1}, False):
        assert validator.is_valid(instance) is verdict
        assert is_valid(instance) is verdict


@pytest.mark.parametrize("reference", ["nosuch.schema.json", "https://other.example/voice.schema.json"])
def test_reference_to_an_unknown_schema_is_an_error_and_not_a_download(tmp_path: Path, reference: str) -> None:
    write_schema(tmp_path, "acme/client/ask.schema.json", {"$ref": reference})
    schemas = SchemaSet(tmp_path)
    with pytest.raises(BrokenCatalogue, match=r"^acme/client/ask\.schema\.json: .*voice|nosuch"):
        schemas.compiled("acme/client/ask.schema.json")
    with pytest.raises(Unresolvable):
        schemas.validator("acme/client/ask.schema.json").is_valid({})
