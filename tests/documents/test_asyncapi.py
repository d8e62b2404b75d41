"""The AsyncAPI document: AsyncAPI's own parser takes it, and it says what the facts say."""

import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hamsa_mock.cli.serve import serve_command
from hamsa_schemas import load_behaviours, load_facts
from hamsa_schemas.data_files import package_data
from tests.documents.interfaces import ASYNCAPI, copy_of_package_data, file_references, interface, resolved
from tests.tools.leftout import leave_out

FOLDER = Path(__file__).with_name("node")
FACTS = load_facts()
DOCUMENT = interface(ASYNCAPI)
CHANNEL = DOCUMENT["channels"]["realtime"]


def errors_of(*documents: Path) -> list[list[str]]:
    """What the parser finds wrong with each document."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "@asyncapi" / "parser").is_dir():
        leave_out("AsyncAPI's parser", "install npm (Debian, Ubuntu: apt install nodejs npm), then `make peers`")
    command = [node, str(FOLDER / "parse.mjs"), *map(str, documents)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=100, check=False)
    assert run.returncode == 0, run.stderr
    found: list[list[str]] = json.loads(run.stdout)
    return found


@pytest.mark.slow
def test_parser_takes_the_document() -> None:
    assert errors_of(Path(str(package_data().joinpath(ASYNCAPI)))) == [[]]


@pytest.mark.slow
def test_parser_refuses_what_is_broken(tmp_path: Path) -> None:
    """It reads the schema files too, also those to which only other schema files refer."""
    without_field, foreign_message, lost_file = (copy.deepcopy(DOCUMENT) for _ in range(3))
    del without_field["info"]["version"]
    foreign_message["operations"]["greet"]["messages"] = [{"$ref": "#/components/messages/info"}]
    lost_file["components"]["messages"]["ack"]["payload"]["$ref"] = "../hamsa/server/acknowledgment.schema.json"
    changes: dict[str, dict[str, Any]] = {
        "field": {ASYNCAPI: without_field},
        "message": {ASYNCAPI: foreign_message},
        "file": {ASYNCAPI: lost_file},
        "schema": {"hamsa/server/ack.schema.json": {"type": "objekt"}},
        "part": {"hamsa/shared/tts_payload.schema.json": {"type": "objekt"}},
    }
    for name, change in changes.items():
        copy_of_package_data(tmp_path / name, change)
    found = errors_of(*(tmp_path / name / ASYNCAPI for name in changes))
    assert [name for name, errors in zip(changes, found, strict=True) if errors] == list(changes)


def directions(messages: list[dict[str, Any]]) -> set[str]:
    """Who sends these messages, as far as they have a schema file: `client` or `server`."""
    parts = (resolved(ASYNCAPI, message) for message in messages)
    return {file.split("/")[1] for part in parts for file in file_references(part)}


def test_service_receives_what_clients_send_and_sends_the_rest() -> None:
    for operation in DOCUMENT["operations"].values():
        received = operation["action"] == "receive"
        assert directions(operation["messages"]) == {"client" if received else "server"}
        assert ("reply" in operation) is received
        if received:
            assert directions(operation["reply"]["messages"]) == {"server"}


def test_every_message_belongs_to_an_operation() -> None:
    operations = DOCUMENT["operations"].values()
    parts = [*operations, *(operation["reply"] for operation in operations if "reply" in operation)]
    used = {message["$ref"].rpartition("/")[2] for part in parts for message in part["messages"]}
    assert used == CHANNEL["messages"].keys() == DOCUMENT["components"]["messages"].keys()


def test_address_and_ways_to_give_the_key_are_the_facts() -> None:
    assert CHANNEL["address"] == FACTS.text("endpoint.realtime")
    assert DOCUMENT["servers"]["vendor"]["host"] == FACTS.text("endpoint.host")
    schemes = DOCUMENT["components"]["securitySchemes"]
    names = {schemes[place]["in"]: schemes[place]["name"] for place in schemes}
    assert names == {"query": FACTS.text("auth.query_parameter"), "header": FACTS.text("auth.header")}
    binding = CHANNEL["bindings"]["ws"]
    assert [*binding["query"]["properties"], *binding["headers"]["properties"]] == list(names.values())
    for server in DOCUMENT["servers"].values():
        assert [resolved(ASYNCAPI, scheme)["in"] for scheme in server["security"]] == list(names)


def test_port_of_the_mock_is_the_default_of_the_command() -> None:
    [port] = [option.default for option in serve_command.params if option.name == "port"]
    assert DOCUMENT["servers"]["mock"]["variables"]["port"]["default"] == str(port)


def test_close_codes_and_their_reasons_are_the_facts() -> None:
    codes = CHANNEL["x-close-codes"]
    assert list(codes) == sorted({str(FACTS.code(slug)) for slug in FACTS if slug.startswith("close.")})
    for slug in FACTS:
        if slug.startswith("reason."):
            assert FACTS.text(slug) in codes[str(FACTS.code(slug.replace("reason.", "close.")))]


def test_times_are_the_defaults_of_the_behaviours() -> None:
    ping, idle = (load_behaviours().number(f"hamsa.keepalive.{name}") for name in ("ping_interval", "inactivity"))
    assert f"a ping every {ping:g} seconds" in CHANNEL["description"]
    assert f"closes the connection after {idle / 60:g} minutes" in CHANNEL["description"]


def test_marker_of_unfinished_speech_is_the_fact() -> None:
    assert DOCUMENT["components"]["messages"]["thinking"]["payload"]["const"] == FACTS.text("text.thinking")


def test_only_messages_in_json_have_a_schema_file() -> None:
    for name, message in DOCUMENT["components"]["messages"].items():
        in_json = message.get("contentType", DOCUMENT["defaultContentType"]) == "application/json"
        assert in_json is ("$ref" in message["payload"]), name
