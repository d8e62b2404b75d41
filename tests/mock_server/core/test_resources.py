"""Entries that users give for a resource: judged, completed, taken."""

import errno
from typing import Any

import pytest

from hamsa_mock.core.resources import BadResource, Resource, Sources, put_all, put_entries

FILES = {"a.wav": b"RIFF"}
VARIABLES = {"SHOP_KEY": "sk_live", "EMPTY": ""}


def read_file(name: str) -> tuple[str, bytes]:
    if name not in FILES:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")
    return f"/whole/{name}", FILES[name]


SOURCES = Sources(read_file, VARIABLES.get)


def nothing(*arguments: Any) -> None:
    """What nobody asks for here."""


def resource(name: str, taken: list[Any]) -> Resource:
    def put(entries: list[Any]) -> None:
        if any(entry.get("text") == "bad" for entry in entries):
            raise BadResource(f"{name}[0]: bad", (0,))
        taken.append((name, entries))

    return Resource(name, f"hamsa/resources/{name}.schema.json", list, int, put, nothing, nothing, nothing)


def taken(name: str, entries: Any) -> list[Any]:
    """What a resource is handed of entries that a user gave."""
    found: list[Any] = []
    put_entries(resource(name, found), entries, SOURCES)
    [(_, completed)] = found
    assert isinstance(completed, list)
    return completed


def test_valid_entries_are_handed_on() -> None:
    entries = [{"id": "maha"}, {"id": "omar", "active": False}]
    assert taken("users", entries) == entries
    assert taken("users", []) == []


@pytest.mark.parametrize(
    ("entries", "text", "place"),
    [
        ({"id": "maha"}, "users is an object, must be an array", ()),
        (None, "users is null, must be an array", ()),
        ([{"id": "a"}, {"id": 1}], "users[1].id is a number, must be a string", (1, "id")),
        ([{"id": "a", "activ": 1}], "users[0] has no 'activ'; did you mean 'active'? known: active, id", (0, "activ")),
    ],
)
def test_entries_that_break_the_schema_are_refused(entries: Any, text: str, place: tuple[str | int, ...]) -> None:
    found: list[Any] = []
    with pytest.raises(BadResource) as caught:
        put_entries(resource("users", found), entries, SOURCES)
    assert (str(caught.value), caught.value.place) == (text, place)
    assert found == []


def test_key_can_come_from_the_environment() -> None:
    given = [{"key_env": "SHOP_KEY"}]
    assert taken("keys", given) == [{"key_env": "SHOP_KEY", "key": "sk_live"}]
    assert given == [{"key_env": "SHOP_KEY"}]


def test_content_can_come_from_a_file() -> None:
    [entry] = taken("audio", [{"text": "a", "file": "a.wav"}])
    assert entry == {"text": "a", "file": "/whole/a.wav", "content": b"RIFF"}


@pytest.mark.parametrize(
    ("name", "entry", "text", "field"),
    [
        ("keys", {"key_env": "SHOP_KEYS"}, "keys[0].key_env: the environment variable SHOP_KEYS is not set", "key_env"),
        ("keys", {"key_env": "EMPTY"}, "keys[0].key_env: the environment variable EMPTY is not set", "key_env"),
        (
            "audio",
            {"text": "a", "file": "b.wav"},
            "audio[0].file: cannot read b.wav: No such file or directory",
            "file",
        ),
    ],
)
def test_what_an_entry_names_has_to_be_there(name: str, entry: Any, text: str, field: str) -> None:
    with pytest.raises(BadResource) as caught:
        taken(name, [entry])
    assert (str(caught.value), caught.value.place) == (text, (0, field))


def test_several_resources_are_taken_in_their_own_order() -> None:
    found: list[Any] = []
    resources = [resource(name, found) for name in ("users", "projects", "keys")]
    put_all(resources, {"keys": [{"key": "a"}], "users": [{"id": "maha"}]}, SOURCES)
    assert found == [("users", [{"id": "maha"}]), ("keys", [{"key": "a"}])]


@pytest.mark.parametrize(
    ("entry", "place"),
    [({"text": "bad", "base64": "a"}, ("audio", 0)), ({"txt": ""}, ("audio", 0))],
)
def test_refusal_says_in_which_resource_it_is(entry: Any, place: tuple[str | int, ...]) -> None:
    with pytest.raises(BadResource) as caught:
        put_all([resource("audio", [])], {"audio": [entry]}, SOURCES)
    assert caught.value.place == place
