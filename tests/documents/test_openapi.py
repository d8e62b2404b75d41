"""The OpenAPI document: openapi-spec-validator takes it, and it says what the facts say."""

import copy
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from hamsa_mock.cli.serve import serve_command
from hamsa_schemas import load_facts
from hamsa_schemas.data_files import package_data
from tests.documents.interfaces import OPENAPI, copy_of_package_data, interface, resolved
from tests.tools.leftout import leave_out

FACTS = load_facts()
DOCUMENT = interface(OPENAPI)
SOCKET = ("endpoint.host", "endpoint.realtime")
OK = FACTS.number("status.ok")


def errors_of(document: Path) -> str:
    """What the validator prints about a document that it refuses; empty for one that it takes."""
    if find_spec("openapi_spec_validator") is None:
        leave_out("openapi-spec-validator", "make env")
    # By its command, so that it settles itself how references are resolved.
    command = [sys.executable, "-m", "openapi_spec_validator", "--validation-errors", "all", str(document)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=100, check=False)
    assert run.stderr == ""
    assert ("OK" in run.stdout) is (run.returncode == 0)
    return "" if run.returncode == 0 else run.stdout


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def answers() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Path, status and response of every answer."""
    for path, _, operation in operations():
        for status, response in operation["responses"].items():
            yield path, int(status), resolved(OPENAPI, response)


@pytest.mark.slow
def test_validator_takes_the_document() -> None:
    assert errors_of(Path(str(package_data().joinpath(OPENAPI)))) == ""


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["field", "file", "default"])
def test_validator_refuses_what_is_broken(tmp_path: Path, broken: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    voices = document["paths"]["/v2/tts/voices"]["get"]
    if broken == "field":
        del voices["responses"]["200"]["description"]
    elif broken == "file":
        voices["responses"]["200"]["content"]["application/json"]["schema"]["$ref"] = "../hamsa/voices.schema.json"
    else:
        [page] = [parameter for parameter in voices["parameters"] if parameter["name"] == "page"]
        page["schema"]["default"] = "first"
    copy_of_package_data(tmp_path, {OPENAPI: document})
    assert errors_of(tmp_path / OPENAPI)


def test_paths_and_the_header_of_the_key_are_the_facts() -> None:
    endpoints = {FACTS.text(slug) for slug in FACTS if slug.startswith("endpoint.") and slug not in SOCKET}
    assert DOCUMENT["paths"].keys() == endpoints
    vendor, mock = DOCUMENT["servers"]
    assert vendor["url"] == f"https://{FACTS.text('endpoint.host')}"
    [port] = [option.default for option in serve_command.params if option.name == "port"]
    assert mock["variables"]["port"]["default"] == str(port)
    scheme = DOCUMENT["components"]["securitySchemes"]["token"]
    assert (scheme["in"], scheme["name"]) == ("header", FACTS.text("auth.rest_header"))
    assert f"`{FACTS.text('auth.rest_scheme')} KEY`" in scheme["description"]


def test_statuses_are_the_facts() -> None:
    statuses = {fact.value for slug, fact in FACTS.items() if slug.startswith("status.")}
    assert {status for _, status, _ in answers()} == statuses


def test_every_error_has_examples_with_the_code_of_its_status() -> None:
    of_its_own = {FACTS.number("status.rate_limited"): {FACTS.number("rest.quota_exceeded_code")}}
    for path, status, response in answers():
        if status != OK:
            examples = response["content"]["application/json"]["examples"].values()
            codes = {example["value"]["code"] for example in examples}
            assert codes == {status} | of_its_own.get(status, set()), path


def test_speech_comes_as_audio_and_everything_else_as_json() -> None:
    speech = (FACTS.text("endpoint.tts"), FACTS.text("endpoint.tts_stream"))
    for path, status, response in answers():
        audio = path in speech and status == OK
        assert list(response["content"]) == ["audio/wav" if audio else "application/json"]


def test_every_route_with_a_body_answers_for_its_size_and_type() -> None:
    about_bodies = {str(FACTS.number(f"status.{name}")) for name in ("body_too_large", "unsupported_media_type")}
    always = {str(FACTS.number(f"status.{name}")) for name in ("ok", "unauthorized", "rate_limited", "internal_error")}
    for path, method, operation in operations():
        assert ("requestBody" in operation) is (method == "post")
        assert (operation["responses"].keys() >= about_bodies) is (method == "post"), path
        assert operation["responses"].keys() >= always, path
        if method == "post":
            assert resolved(OPENAPI, operation["requestBody"])["required"]


def test_preload_names_every_documented_status() -> None:
    """PRE-3 to PRE-7."""
    statuses = {status for path, status, _ in answers() if path == FACTS.text("endpoint.preload")}
    assert statuses >= {200, 400, 401, 404, 500}
