"""The page docs/config.md: its example is complete and works."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_mock.cli.config import config_command
from hamsa_mock.cli.config_option import FILE_ONLY, PARAMETERS
from hamsa_mock.config.file import config_of
from hamsa_mock.config.yaml_text import read_yaml
from hamsa_schemas import default_catalogue
from hamsa_schemas.refusal import shown_place

PAGE = Path(__file__).parents[3].joinpath("docs", "config.md").read_text(encoding="utf-8")
EXAMPLE, *OTHERS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
PROPERTIES = default_catalogue().schemas["meta/config.schema.json"]["properties"]


def test_example_of_the_page_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_API_KEY", "sk_live")
    for name in ("welcome.wav", "ticket.wav"):
        (tmp_path / name).write_bytes(wav_bytes(PCM_16000_16, bytes(32_000)))
    (tmp_path / "mock.yaml").write_text(EXAMPLE, encoding="utf-8")
    checked = CliRunner().invoke(config_command, ["check", str(tmp_path / "mock.yaml")], catch_exceptions=False)
    assert ": ok; sets host, port, " in checked.output


def test_other_examples_of_the_page_are_valid() -> None:
    assert OTHERS
    for text in OTHERS:
        config_of(read_yaml(text).value)


def test_example_of_the_page_is_complete() -> None:
    """Every setting stands in it, some of them in comments; and every field of every list in it or in the table."""

    def names(value: Any) -> set[str]:
        items = value.items() if isinstance(value, dict) else ()
        inner = value if isinstance(value, list) else [item for _, item in items]
        return {name for name, _ in items} | {name for item in inner for name in names(item)}

    uncommented = EXAMPLE.replace("  # cert", "  cert").replace("  # key: server", "  key: server")
    found = names(read_yaml(uncommented).value)
    assert found >= PROPERTIES.keys() - {"$schema"}
    assert found >= PROPERTIES["clock"]["properties"].keys() | PROPERTIES["tls"]["properties"].keys()
    for name in PROPERTIES["hamsa"]["properties"]:
        fields = default_catalogue().schemas[f"hamsa/resources/{name}.schema.json"]["items"]["properties"]
        hearing = Path(__file__).parents[3].joinpath("docs", "hearing.md").read_text(encoding="utf-8")
        assert [
            field for field in fields if field not in found and f"`{field}" not in PAGE and field not in hearing
        ] == []


def test_table_of_the_page_names_every_setting() -> None:
    assert [place for place in (*PARAMETERS, *FILE_ONLY) if f"`{shown_place(place)}`" not in PAGE] == []
