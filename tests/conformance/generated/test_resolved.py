"""Schemas without references."""

from pathlib import Path

import pytest

from hamsa_conformance.generated.resolved import NotUnderstood, resolved
from hamsa_schemas import default_catalogue
from hamsa_schemas.schema_set import BASE_URI, SchemaSet


def test_what_a_reference_leads_to_stands_in_its_place() -> None:
    schema = resolved(default_catalogue().schemas, "hamsa/client/tts.schema.json")
    assert schema["properties"]["type"] == {"const": "tts"}
    assert schema["properties"]["payload"]["required"] == ["text", "speaker"]
    assert schema["properties"]["payload"]["properties"]["mulaw"] == {"type": "boolean"}


def test_rule_that_is_not_understood_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "odd.schema.json").write_text(
        f'{{"$id": "{BASE_URI}odd.schema.json", "type": "object", "properties": {{"a": {{"multipleOf": 2}}}}}}'
    )
    with pytest.raises(NotUnderstood, match="multipleOf"):
        resolved(SchemaSet(tmp_path), "odd.schema.json")
