"""Keys and voices that cases ask for."""

import pytest

from hamsa_conformance.client.keys import MOCK_KEYS, UNKNOWN_KEY, Credentials, variable
from hamsa_conformance.judgement import NotTried


def test_environment_gives_keys_and_voices_by_name() -> None:
    found = Credentials.of_environment(
        {"HAMSA_API_KEY": " k1 ", "HAMSA_KEY_NO_FUNDS": "k2", "HAMSA_VOICE_CUSTOM": "v", "HAMSA_KEY_EXPIRED": ""}
    )
    assert (found.get("key", "valid"), found.get("key", "no-funds"), found.get("voice", "custom")) == ("k1", "k2", "v")
    assert found.secrets == {"k1", "k2"}, "a voice is no secret"


def test_what_is_missing_is_named_by_its_variable() -> None:
    with pytest.raises(NotTried, match="HAMSA_KEY_EXPIRED"):
        Credentials({}).get("key", "expired")
    assert not Credentials({}).has("key", "expired")


def test_unknown_key_needs_nobody_to_give_it() -> None:
    assert Credentials({}).get("key", "unknown") == UNKNOWN_KEY
    assert Credentials({}).has("key", "unknown")


def test_mock_has_those_ready_made_ones_that_it_lists() -> None:
    found = Credentials.of_mock("mine", ["mine", MOCK_KEYS["expired"]], [])
    assert found.get("key", "valid") == "mine"
    assert found.has("key", "expired")
    assert not found.has("key", "no-funds")
    assert not found.has("voice", "custom")


def test_variable_of_the_valid_key_is_the_one_that_clients_use() -> None:
    assert variable("key", "valid") == "HAMSA_API_KEY"


def test_parts_of_a_real_key_are_secret_too() -> None:
    secrets = Credentials.of_environment({"HAMSA_API_KEY": "0123456789"}).secrets
    assert {"0123456789", "012345678", "01234567", "123456789", "23456789"} <= secrets
    assert "0123456" not in secrets


def test_parts_of_a_key_of_a_mock_are_words() -> None:
    secrets = Credentials.of_mock("hamsa-test-key", ["hamsa-test-unlimited"], []).secrets
    assert "hamsa-test-unlimited" in secrets
    assert "unlimited" not in secrets
