"""The OpenAPI document as schemathesis gets it, and what becomes of its verdict."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from hamsa_schemas import default_catalogue
from tools import bootstrap, contract
from tools.contract import bundled


def references(node: Any) -> Iterator[str]:
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(inner)
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"]


def test_bundled_document_refers_to_nothing_outside() -> None:
    found = set(references(bundled()))
    assert found
    assert all(reference.startswith("#/components/") for reference in found)


def test_bundled_document_holds_the_schemas_of_the_bodies() -> None:
    content = bundled()["components"]["requestBodies"]["Speech"]["content"]["application/json"]
    schema = content["schema"]
    own = default_catalogue().message("hamsa", "rest/request", "tts").schema
    assert schema["title"] == own["title"], "what stands beside a reference goes first"
    assert schema["required"] == ["text", "speaker"]
    assert "$id" not in schema


def test_recording_may_be_any_base64() -> None:
    """Else schemathesis would find that text which the document allows is refused."""
    schema = bundled()["paths"]["/v1/realtime/stt"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    payload, base64 = schema["allOf"]
    assert payload["properties"].keys() >= {"audioBase64", "audioList", "language"}
    assert base64["properties"].keys() == {"audioBase64"}


@pytest.fixture
def schemathesis(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that were run. The stand-in finds something if it is told to."""
    commands: list[list[str]] = []

    def call(command: list[str], cwd: str) -> int:
        commands.append(command)
        assert json.loads(Path(cwd, "openapi.json").read_text(encoding="utf-8")) == bundled()
        with urlopen(command[command.index("--url") + 1] + "/__mock__/health") as answer:
            assert answer.status == 200
        return int("find" in command)

    monkeypatch.setattr(bootstrap, "ensure", lambda environment: None)
    monkeypatch.setattr(subprocess, "call", call)
    return commands


def test_run_without_findings_succeeds(schemathesis: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main([]) == 0
    assert capsys.readouterr().out == "The REST routes do what their OpenAPI document says.\n"


def test_finding_fails_the_run_and_is_told_how_to_be_seen_again(
    schemathesis: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert contract.main(["find"]) == 1
    output = capsys.readouterr().out
    port = schemathesis[0][schemathesis[0].index("--url") + 1].rpartition(":")[2]
    assert f"serve --port {port} --profile instant --set hamsa.stt.containers=any\n" in output


def test_options_of_the_caller_go_last(schemathesis: list[list[str]]) -> None:
    """schemathesis takes the last one."""
    contract.main(["--max-examples", "7"])
    assert schemathesis[0][-2:] == ["--max-examples", "7"]


def test_environment_that_cannot_be_made_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ensure(environment: bootstrap.Environment) -> None:
        raise bootstrap.CannotBootstrapError("there is no network")

    monkeypatch.setattr(bootstrap, "ensure", ensure)
    assert contract.main([]) == bootstrap.COULD_NOT_RUN
    assert "there is no network" in capsys.readouterr().err
