"""The catalogue: finding messages by folder, and what a message schema can do."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hamsa_schemas.catalogue import DIRECTIONS, Catalogue, InvalidExample, MessageSchema, default_catalogue
from hamsa_schemas.errors import BrokenCatalogue, UnknownMessage
from hamsa_schemas.explanation import Explanation
from hamsa_schemas.schema_set import BASE_URI

ASK = {
    "description": "Asks for a voice.",
    "properties": {"voice": {"$ref": "../voice.schema.json"}, "count": {"type": "integer"}},
    "required": ["voice"],
    "examples": [{"voice": "v_1"}],
}
INVALID_ASK = [{"why": "no voice", "keyword": "required", "path": "", "instance": {}}]


def write(root: Path, path: str, content: Any) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A provider with messages of clients and its server, bodies of both directions, and parts that are neither."""
    schemas: dict[str, dict[str, Any]] = {
        "acme/client/ask.schema.json": ASK,
        "acme/client/bye.schema.json": {},
        "acme/server/ask.schema.json": {},
        "acme/rest/request/ask.schema.json": ASK | {"properties": {"voice": {"$ref": "../../voice.schema.json"}}},
        "acme/rest/response/ask.schema.json": {},
        "acme/voice.schema.json": {"type": "string", "minLength": 2},
        "acme/shared/count.schema.json": {},
        "acme/client/parts/deep.schema.json": {},
        "acme/rest/ask.schema.json": {},
        "client.schema.json": {},
    }
    dialect = "https://json-schema.org/draft/2020-12/schema"
    for path, schema in schemas.items():
        write(tmp_path, path, {"$schema": dialect, "$id": BASE_URI + path, **schema})
    write(tmp_path, "acme/client/ask.invalid.json", INVALID_ASK)
    write(tmp_path, "acme/rest/request/ask.invalid.json", INVALID_ASK)
    return tmp_path


@pytest.fixture
def ask(acme: Path) -> MessageSchema:
    return Catalogue(acme).message("acme", "client", "ask")


def test_catalogue_takes_only_files_in_provider_and_direction_as_messages(acme: Path) -> None:
    names = [message.name for message in Catalogue(acme).messages()]
    assert names == [
        "acme/client/ask",
        "acme/client/bye",
        "acme/rest/request/ask",
        "acme/rest/response/ask",
        "acme/server/ask",
    ]


def test_catalogue_tells_messages_of_the_websocket_from_bodies_of_rest(acme: Path) -> None:
    catalogue = Catalogue(acme)
    names = {direction: [message.name for message in catalogue.messages("acme", direction)] for direction in DIRECTIONS}
    assert names == {
        "client": ["acme/client/ask", "acme/client/bye"],
        "server": ["acme/server/ask"],
        "rest/request": ["acme/rest/request/ask"],
        "rest/response": ["acme/rest/response/ask"],
    }


def test_body_of_a_request_is_like_a_message(acme: Path) -> None:
    body = Catalogue(acme).message("acme", "rest/request", "ask")
    assert (body.provider, body.direction, body.type) == ("acme", "rest/request", "ask")
    assert body.id == f"{BASE_URI}acme/rest/request/ask.schema.json"
    assert body.invalid_examples == (InvalidExample("no voice", "required", "", {}),)
    assert body.is_valid({"voice": "v_1"})
    assert not body.is_valid({"voice": "v"})


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"provider": "acme", "direction": "client"}, ["acme/client/ask", "acme/client/bye"]),
        ({"provider": "hamsa"}, []),
        ({"direction": "server"}, ["acme/server/ask"]),
        ({"direction": "rest"}, []),
        (
            {"type": "ask"},
            ["acme/client/ask", "acme/rest/request/ask", "acme/rest/response/ask", "acme/server/ask"],
        ),
        ({"direction": "client", "type": "ask"}, ["acme/client/ask"]),
    ],
)
def test_catalogue_filters_messages(acme: Path, wanted: dict[str, str], names: list[str]) -> None:
    assert [message.name for message in Catalogue(acme).messages(**wanted)] == names


def test_catalogue_returns_one_message(acme: Path) -> None:
    message = Catalogue(acme).message("acme", "server", "ask")
    assert (message.provider, message.direction, message.type) == ("acme", "server", "ask")
    assert repr(message) == "MessageSchema('acme/server/ask')"


def test_catalogue_names_the_nearest_message(acme: Path) -> None:
    with pytest.raises(UnknownMessage, match=r"^no message 'acme/client/aks'; did you mean 'acme/client/ask'\?"):
        Catalogue(acme).message("acme", "client", "aks")


def test_catalogue_refuses_a_schema_with_a_foreign_id(acme: Path) -> None:
    write(acme, "acme/server/bye.schema.json", {"$id": "https://example.com/bye"})
    with pytest.raises(BrokenCatalogue, match=r"acme/server/bye\.schema\.json"):
        Catalogue(acme)


def test_message_gives_the_parts_of_its_schema(ask: MessageSchema) -> None:
    assert ask.schema["required"] == ["voice"]
    assert ask.id == f"{BASE_URI}acme/client/ask.schema.json"
    assert ask.description == "Asks for a voice."
    assert ask.examples == ({"voice": "v_1"},)
    assert ask.invalid_examples == (InvalidExample("no voice", "required", "", {}),)


def test_message_without_invalid_examples_says_so(acme: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _ = Catalogue(acme).message("acme", "client", "bye").invalid_examples


@pytest.mark.parametrize(
    ("instance", "verdict"),
    [({"voice": "v_1"}, True), ({"voice": "v"}, False), ({}, False), ({"voice": "v_1", "count": 1.5}, False)],
)
def test_message_decides_also_by_the_schemas_it_refers_to(ask: MessageSchema, instance: Any, verdict: bool) -> None:
    assert ask.is_valid(instance) is verdict
    assert ask.validator.is_valid(instance) is verdict
    assert (ask.explain(instance) is None) is verdict


def test_message_explains_the_first_reason_in_the_order_of_the_schema(ask: MessageSchema) -> None:
    explanation = ask.explain({"count": "1", "voice": "v"})
    assert explanation == Explanation("minLength", "voice", "voice has 1 character, at least 2 are needed")


def test_message_builds_each_validator_once(ask: MessageSchema) -> None:
    assert isinstance(ask.validator, Draft202012Validator)
    assert ask.validator is ask.validator
    assert ask.is_valid is ask.is_valid


def test_default_catalogue_is_one_and_holds_hamsa() -> None:
    assert default_catalogue() is default_catalogue()
    assert (
        default_catalogue()
        .message("hamsa", "client", "tts")
        .is_valid({"type": "tts", "payload": {"text": "أهلا", "speaker": "Amjad"}})
    )
