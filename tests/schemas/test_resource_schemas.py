"""The schemas of what users give to the mock: resources and the config file."""

from typing import Any

import pytest

from hamsa_schemas import default_catalogue
from hamsa_schemas.refusal import refusal_of

SCHEMAS = default_catalogue().schemas
RESOURCES = [path for path in SCHEMAS if "/resources/" in path]
CONFIG = "meta/config.schema.json"
WAV = {"text": "a", "base64": "UklGRg=="}


def refusal(path: str, value: Any) -> str:
    """What is wrong with a value, on which both validators agree; empty for a valid one."""
    refused = refusal_of(SCHEMAS.validator(path), value)
    assert SCHEMAS.compiled(path)(value) is (refused is None)
    return refused.text if refused else ""


@pytest.mark.parametrize("path", RESOURCES)
def test_examples_of_a_resource_are_valid(path: str) -> None:
    assert SCHEMAS[path]["type"] == "array"
    for example in SCHEMAS[path]["examples"]:
        assert refusal(path, example) == ""
    assert refusal(path, []) == ""


@pytest.mark.parametrize("path", [*RESOURCES, CONFIG])
def test_everything_is_described_and_nothing_else_allowed(path: str) -> None:
    def check(schema: dict[str, Any]) -> None:
        assert schema["description"]
        if "properties" in schema:
            assert schema["additionalProperties"] is False
        for inner in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
            if "$ref" not in inner:
                check(inner)

    check(SCHEMAS[path])


@pytest.mark.parametrize(
    ("name", "entry", "words"),
    [
        ("users", {}, "[0].id is missing"),
        ("users", {"id": ""}, "[0].id has 0 characters"),
        ("users", {"id": "a", "active": "yes"}, "[0].active is a string"),
        ("users", {"id": "a", "name": "b"}, "[0] has no 'name'"),
        ("projects", {"id": "a", "wallet": -1}, "[0].wallet is below the minimum"),
        ("projects", {"id": "a", "wallet": 1.5}, "[0].wallet is a number, must be a whole number or null"),
        ("projects", {"id": "a", "balance": "1"}, "[0].balance is a string"),
        ("keys", {"project": "a"}, "[0] needs at least one of: key, key_env"),
        ("keys", {"key": "a", "key_env": "b"}, "[0] must not have these together: key, key_env"),
        ("keys", {"key": "a", "limits": "none"}, '[0].limits must be one of "real", "unlimited", "exceeded"'),
        ("keys", {"key": "a", "truncation": "x"}, '[0].truncation must be one of "real", "never", "first_answer"'),
        ("voices", {"id": "Majd"}, "[0].id does not fit; it must be: A UUID such as"),
        ("voices", {"id": "c803658e-ccec-47e7-ad0f-1caf9ba4babb\n"}, "[0].id has 37 characters"),
        ("transcripts", {}, "[0] needs at least one of: hash, sequence, unread"),
        ("transcripts", {"hash": "1bdbc4a79d57"}, "[0] has hash, which needs text beside it"),
        ("transcripts", {"unread": "a", "text": "b"}, "[0] has text, which needs hash beside it"),
        ("transcripts", {"hash": "1BDBC4A79D57", "text": "a"}, "[0].hash does not fit; it must be: Twelve digits"),
        ("transcripts", {"unread": "a", "key": "b"}, "[0] has key, which needs sequence beside it"),
        ("transcripts", {"unread": "a", "key_env": "b"}, "[0] has key_env, which needs sequence beside it"),
        ("transcripts", {"sequence": ["a"], "unread": "b"}, "[0] must not have these together: sequence, unread"),
        (
            "transcripts",
            {"sequence": [], "hash": "1bdbc4a79d57", "text": "a"},
            "[0] must not have these together: hash, sequence",
        ),
        (
            "transcripts",
            {"unread": "", "hash": "1bdbc4a79d57", "text": "a"},
            "[0] must not have these together: hash, unread",
        ),
        (
            "transcripts",
            {"sequence": [], "key": "a", "key_env": "b"},
            "[0] must not have these together: key, key_env",
        ),
        ("transcripts", {"sequence": [123]}, "[0].sequence[0] is a number, must be a string"),
        ("audio", {"base64": "a"}, "[0] needs at least one of: text, pattern"),
        ("audio", {**WAV, "pattern": "a"}, "[0] must not have these together: text, pattern"),
        ("audio", {"text": "a"}, "[0] needs at least one of: file, base64"),
        ("audio", {**WAV, "file": "a"}, "[0] must not have these together: file, base64"),
    ],
)
def test_wrong_entry_is_refused_with_its_reason(name: str, entry: dict[str, Any], words: str) -> None:
    assert refusal(f"hamsa/resources/{name}.schema.json", [entry]).startswith(words)


def test_config_takes_the_examples_of_every_resource() -> None:
    names = SCHEMAS[CONFIG]["properties"]["hamsa"]["properties"]
    assert {f"hamsa/resources/{name}.schema.json" for name in names} == set(RESOURCES)
    section = {name: SCHEMAS[f"hamsa/resources/{name}.schema.json"]["examples"][0] for name in names}
    assert refusal(CONFIG, {"hamsa": section}) == ""


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"prot": 1}, "there is no 'prot'; did you mean 'port'?"),
        ({"clock": {"freez": True}}, "clock has no 'freez'; did you mean 'freeze'?"),
        ({"clock": {"scale": 0}}, "clock.scale is below the minimum of 0.001"),
        ({"tls": {"names": ["a.test"]}}, "tls has names, which needs enabled beside it"),
        ({"tls": {"dir": "a"}}, "tls has dir, which needs enabled beside it"),
        ({"tls": {"cert": "a"}}, "tls has cert, which needs enabled beside it"),
        ({"tls": {"key": "a"}}, "tls has key, which needs enabled beside it"),
        ({"tls": {"crt": "a"}}, "tls has no 'crt'; did you mean 'cert'?"),
        ({"port": 65536}, "port is above the maximum of 65535"),
        ({"log_format": "xml"}, 'log_format must be one of "text", "json"'),
        (
            {"behaviours": {"hamsa.tts.truncation": False}},
            "behaviours.hamsa.tts.truncation is a boolean, must be a string or a number",
        ),
        ({"faults": "drop"}, "faults is a string, must be an array"),
        ({"hamsa": {"voice": []}}, "hamsa has no 'voice'; did you mean 'voices'?"),
        ({"hamsa": {"keys": [{"key": "a", "limit": 1}]}}, "hamsa.keys[0] has no 'limit'; did you mean 'limits'?"),
    ],
)
def test_wrong_config_is_refused_with_its_reason(config: dict[str, Any], words: str) -> None:
    assert refusal(CONFIG, config).startswith(words)
