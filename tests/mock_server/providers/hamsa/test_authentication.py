"""Who may connect."""

import pytest

from hamsa_mock.core.events import Opening
from hamsa_mock.providers.hamsa.accounts import Accounts, Key, Project, User
from hamsa_mock.providers.hamsa.authentication import Doorkeeper, Refusal
from hamsa_mock.providers.hamsa.limits import Wallets
from hamsa_schemas import load_facts

FACTS = load_facts("hamsa")
ACCOUNTS = Accounts(
    users=[User("maha"), User("omar", active=False)],
    projects=[
        Project("open", "maha"),
        Project("shut", "maha", active=False),
        Project("of an inactive user", "omar"),
        Project("empty", "maha", wallet=0),
        Project("small", "maha", wallet=5),
    ],
    keys=[
        Key("hamsa-test-good", "open"),
        Key("good", "open"),
        Key("expired", "open", expired=True),
        Key("broken", "open", internal_error=True),
        Key("inactive user", "of an inactive user"),
        Key("inactive project", "shut"),
        Key("no funds", "empty"),
        Key("small", "small"),
    ],
    voices=[],
)
MISSING = "Missing API key in headers or query parameters"
UNKNOWN = "API key is invalid or expired"


def doorkeeper(wallets: Wallets | None = None) -> Doorkeeper:
    return Doorkeeper(ACCOUNTS, wallets or Wallets(), FACTS)


def refusal(query: dict[str, str], headers: dict[str, str] | None = None) -> Refusal:
    verdict = doorkeeper().judge(Opening("/", query, headers or {}))
    assert isinstance(verdict, Refusal)
    return verdict


@pytest.mark.statement("WST-2", "WST-3")
@pytest.mark.parametrize(
    ("query", "headers", "key"),
    [
        ({"api_key": "good"}, {}, "good"),
        ({}, {"x-api-key": "small"}, "small"),
        ({"api_key": "good"}, {"x-api-key": "good"}, "good"),
        ({"api_key": "good"}, {"authorization": "Token good"}, "good"),
        ({"api_key": "bad"}, {"x-api-key": "good"}, "good"),
        ({"api_key": "good"}, {"x-api-key": ""}, "good"),
    ],
    ids=[
        "WST-2 query",
        "WST-3 header",
        "both",
        "authorization beside the query",
        "header before query",
        "empty header counts as none",
    ],
)
def test_client_with_a_known_key_is_let_in(query: dict[str, str], headers: dict[str, str], key: str) -> None:
    assert doorkeeper().judge(Opening("/", query, headers)) is ACCOUNTS.keys[key]


@pytest.mark.statement("API-17", "API-21", "API-22")
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
    refused = refusal(query, headers)
    assert (refused.text, refused.code) == (text, 4001)


@pytest.mark.statement("API-17", "API-18", "API-19", "API-22", "API-23", "API-24", "API-25")
@pytest.mark.parametrize(
    ("key", "text", "code", "words"),
    [
        ("expired", UNKNOWN, 4001, "the key of 7 characters has expired"),
        (
            "inactive user",
            "User account is inactive or not found",
            4001,
            "the user of key of 13 characters is inactive",
        ),
        (
            "inactive project",
            "Project is inactive or not found",
            4001,
            "the project of key of 16 characters is inactive",
        ),
        (
            "no funds",
            "Insufficient funds in wallet",
            4003,
            "the wallet of the project of key of 8 characters holds 0 seconds of audio",
        ),
        ("broken", "Internal authentication error", 4500, "the key of 6 characters makes the service fail"),
    ],
)
def test_key_that_may_not_connect_is_refused_with_its_text_and_code(key: str, text: str, code: int, words: str) -> None:
    refused = refusal({"api_key": key})
    assert (refused.text, refused.code, refused.why.words) == (text, code, words)
    assert refused.why.behaviour is None, "a behaviour decides only how the client is told"


def test_reason_names_the_test_keys_and_not_the_key_that_was_sent() -> None:
    words = refusal({"api_key": "sesame"}).why.words
    assert words == "the key (6 characters) is unknown; this mock knows hamsa-test-good"


def test_reason_says_when_a_key_was_sent_where_it_is_not_read() -> None:
    words = refusal({}, {"authorization": "Bearer sesame"}).why.words
    assert words == (
        "no key in header X-Api-Key or query parameter api_key; the WebSocket does not read the Authorization header"
    )


@pytest.mark.statement("API-18", "API-25")
def test_project_is_broke_when_nothing_is_left_in_its_wallet() -> None:
    wallets = Wallets()
    door, key, project = doorkeeper(wallets), ACCOUNTS.keys["small"], ACCOUNTS.projects["small"]
    assert door.broke(key) is None
    wallets.charge(project, 4)
    assert door.judge(Opening("/", {"api_key": "small"})) is key
    wallets.charge(project, 1)
    broke = door.broke(key)
    assert broke is not None
    assert (broke.text, broke.code) == ("Insufficient funds in wallet", 4003)
    assert door.judge(Opening("/", {"api_key": "small"})) == broke
    wallets.charge(project, 2)
    broke = door.broke(key)
    assert broke is not None
    assert broke.why.words.endswith("holds -2 seconds of audio")


def test_wallet_without_end_never_runs_out() -> None:
    wallets = Wallets()
    wallets.charge(ACCOUNTS.projects["open"], 10**9)
    assert doorkeeper(wallets).broke(ACCOUNTS.keys["good"]) is None
