"""Who may connect."""

import pytest

from hamsa_mock.core.events import Opening
from hamsa_mock.providers.hamsa.authentication import refusal
from hamsa_schemas import load_facts

FACTS = load_facts("hamsa")
KEYS = ("good", "also-good")
MISSING = "Missing API key in headers or query parameters"
UNKNOWN = "API key is invalid or expired"


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"api_key": "good"}, {}),
        ({}, {"x-api-key": "also-good"}),
        ({"api_key": "good"}, {"x-api-key": "good"}),
        ({"api_key": "bad"}, {"x-api-key": "good"}),
        ({"api_key": "good"}, {"x-api-key": ""}),
    ],
    ids=["WST-2 query", "WST-3 header", "both", "header before query", "empty header counts as none"],
)
def test_client_with_a_known_key_is_let_in(query: dict[str, str], headers: dict[str, str]) -> None:
    assert refusal(Opening("/", query, headers), KEYS, FACTS) is None


@pytest.mark.parametrize(
    ("query", "headers", "text"),
    [
        ({}, {}, MISSING),
        ({"api_key": ""}, {}, MISSING),
        ({"API_KEY": "good"}, {}, MISSING),
        ({}, {"authorization": "Token good"}, MISSING),
        ({"api_key": "bad"}, {}, UNKNOWN),
        ({"api_key": "GOOD"}, {}, UNKNOWN),
        ({"api_key": "good"}, {"x-api-key": "bad"}, UNKNOWN),
    ],
)
def test_client_without_a_known_key_is_refused_with_4001(
    query: dict[str, str], headers: dict[str, str], text: str
) -> None:
    refused = refusal(Opening("/", query, headers), KEYS, FACTS)
    assert refused is not None
    assert (refused.text, refused.code) == (text, 4001)


def test_reason_names_the_test_keys_and_not_the_key_that_was_sent() -> None:
    refused = refusal(Opening("/", {"api_key": "sesame"}), KEYS, FACTS)
    assert refused is not None
    assert refused.why.words == "the key (6 characters) is unknown; this mock knows good, also-good"
    assert refused.why.behaviour == "hamsa.auth.failure"


def test_reason_says_when_a_key_was_sent_where_it_is_not_read() -> None:
    refused = refusal(Opening("/", {}, {"authorization": "Bearer sesame"}), KEYS, FACTS)
    assert refused is not None
    assert "does not read the Authorization header" in refused.why.words
    assert "sesame" not in refused.why.words
