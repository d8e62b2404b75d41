"""What is shown of paths, fields and texts that hold keys."""

import json
from urllib.parse import quote

import pytest

from hamsa_kit.redaction import HIDDEN, PATH_CHARACTERS, Redactor, holds_key, is_secret, keys_in, shown_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/realtime/ws&api_key=SECRET", "/v1/realtime/ws&api_key=***"),
        ("/v1/realtime/ws/api_key=SECRET/more", "/v1/realtime/ws/api_key=***"),
        ("/v1/realtime/ws?api_key=SECRET&x=1", "/v1/realtime/ws?api_key=***&x=1"),
        ("/ws&API_Key=SECRET&api_key=SECRET", "/ws&API_Key=***&api_key=***"),
        ("/ws?api_key%3DSECRET", "/ws?api_key%3D***"),
        ("/api_key=", "/api_key=***"),
    ],
)
def test_key_in_a_path_is_not_shown(path: str, shown: str) -> None:
    assert holds_key(path)
    assert shown_path(path) == shown


@pytest.mark.parametrize("path", ["/", "", "/v1/api_keys", "/مرحبا", "/" + "a" * (PATH_CHARACTERS - 1)])
def test_other_path_is_shown_as_it_is(path: str) -> None:
    assert not holds_key(path)
    assert shown_path(path) == path


def test_long_path_is_cut_and_a_key_behind_the_cut_does_not_show() -> None:
    assert shown_path("/" + "a" * 10_000) == "/" + "a" * (PATH_CHARACTERS - 1) + "…"
    assert "SECRET" not in shown_path("/" + "a" * (PATH_CHARACTERS - 20) + "&api_key=SECRET")


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "X-Api-Key",
        "api_key",
        "Cookie",
        "X-Auth-Token",
        "Sec-WebSocket-Protocol",
        "access_token",
        "secret",
        "password",
    ],
)
def test_value_of_a_field_that_carries_keys_is_hidden(name: str) -> None:
    assert is_secret(name)
    assert Redactor().fields({name: "sesame"}) == ({name: HIDDEN}, [name])


@pytest.mark.parametrize("name", ["Sec-WebSocket-Key", "sec-websocket-accept", "User-Agent", "text", "projectId"])
def test_value_of_another_field_is_shown(name: str) -> None:
    assert Redactor().fields({name: "sesame"}) == ({name: "sesame"}, [])


def test_empty_value_of_a_field_that_carries_keys_shows_that_it_is_empty() -> None:
    assert Redactor().fields({"api_key": ""}) == ({"api_key": ""}, [])


def test_known_secret_is_hidden_in_names_and_values_of_other_fields() -> None:
    shown, changed = Redactor(["open-sesame"]).fields({"q": "say open-sesame", "open-sesame": "1"})
    assert shown == {"q": f"say {HIDDEN}", HIDDEN: "1"}
    assert changed == ["q", HIDDEN]


@pytest.mark.parametrize(
    "secret", ["open-sesame", 'a"quoted"key', "ключ-ключ", "with space", "a/b+c==", "back\\slash-key"]
)
def test_known_secret_is_hidden_in_every_form_in_which_it_can_be_written(secret: str) -> None:
    redactor = Redactor([secret])
    forms = [secret, quote(secret), quote(secret, safe=""), json.dumps(secret), json.dumps(secret, ensure_ascii=False)]
    for form in forms:
        assert redactor.text(f"<{form}>").replace('"', "") == f"<{HIDDEN}>"


def test_longer_secret_is_hidden_whole_where_a_shorter_one_begins_it() -> None:
    assert Redactor(["sesame", "sesame-street"]).text("sesame-street sesame") == f"{HIDDEN} {HIDDEN}"


def test_short_secret_is_not_looked_for_in_texts() -> None:
    assert Redactor(["abc"]).text("abc") == "abc"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"api_key": "SECRET", "a": 1}', '{"api_key": "***", "a": 1}'),
        (r'{"text": "{\"apiKey\":\"SECRET\"}"}', r'{"text": "{\"apiKey\":\"***\"}"}'),
        ("/ws?api_key=SECRET&x=1", "/ws?api_key=***&x=1"),
        ("/ws?api-key%3DSECRET", "/ws?api-key%3D***"),
        ("Authorization: Token SECRET", "Authorization: Token ***"),
        ("authorization: bearer SECRET, more", "authorization: bearer ***, more"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_a_text_itself_names_as_a_key_is_hidden(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_keys_of_a_request_are_found_without_their_scheme() -> None:
    fields = {"Authorization": "Token one", "X-Api-Key": "two", "api_key": "three", "x-other": "four", "apikey": ""}
    assert keys_in(fields) == {"one", "two", "three"}
