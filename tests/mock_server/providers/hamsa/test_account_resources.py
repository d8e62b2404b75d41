"""Users, projects, keys and voices as users read and change them."""

from typing import Any

import pytest

from hamsa_mock.core.resources import BadResource, Resource
from hamsa_mock.providers.hamsa.account_resources import account_resources
from hamsa_mock.providers.hamsa.accounts import (
    OWN_VOICE,
    TESTER_PROJECT,
    Accounts,
    CustomVoice,
    Key,
    Project,
    User,
    ready_made_accounts,
)
from hamsa_mock.providers.hamsa.limits import Wallets
from hamsa_schemas import default_catalogue

VOICE = "7D0C5A52-6D1E-4B7A-9C58-2E7D41F0A6B3"


class Made:
    """Accounts and wallets, and the resources over them by name."""

    def __init__(self, accounts: Accounts | None = None) -> None:
        self.accounts = accounts or ready_made_accounts()
        self.wallets = Wallets()
        self.resources = {one.name: one for one in account_resources(self.accounts, self.wallets)}

    def __getitem__(self, name: str) -> Resource:
        return self.resources[name]

    def put(self, name: str, *entries: dict[str, Any]) -> None:
        self[name].put([*entries])

    def entry(self, name: str, id: str) -> Any:
        """The entry that has this id or key."""
        [entry] = [entry for entry in self[name].read() if id in (entry.get("id"), entry.get("key"))]
        return entry


def test_resources_come_in_the_order_of_their_references() -> None:
    assert [*Made().resources] == ["users", "projects", "keys", "voices"]


@pytest.mark.parametrize("name", ["users", "projects", "keys", "voices"])
def test_what_is_read_is_valid_and_can_be_put_again(name: str) -> None:
    made = Made()
    made.wallets.charge(made.accounts.projects["00000000-0000-4000-8000-000000000004"], 3)
    before = made[name].read()
    assert default_catalogue().schemas.compiled(made[name].schema)(before)
    made[name].put(before)
    assert made[name].read() == before


def test_entries_show_everything() -> None:
    made = Made()
    assert made["users"].read()[2] == {"id": "inactive-user", "active": False}
    assert made["projects"].read()[0] == {
        "id": TESTER_PROJECT,
        "user": "tester",
        "active": True,
        "wallet": None,
        "balance": None,
    }
    assert made["keys"].read()[1] == {
        "key": "hamsa-test-unlimited",
        "project": TESTER_PROJECT,
        "expired": False,
        "internal_error": False,
        "limits": "unlimited",
        "truncation": "never",
    }
    assert made["voices"].read()[0] == {"id": OWN_VOICE, "name": "the tester's voice", "user": "tester"}


def test_entries_are_put_with_all_their_fields() -> None:
    made = Made()
    made.put("users", {"id": "maha", "active": False})
    made.put("projects", {"id": "shop", "user": "maha", "active": False, "wallet": 9})
    made.put(
        "keys",
        {
            "key": "k",
            "project": "shop",
            "expired": True,
            "internal_error": True,
            "limits": "exceeded",
            "truncation": "never",
        },
    )
    made.put("voices", {"id": VOICE, "name": "Maha", "user": "maha"})
    assert made.accounts.users["maha"] == User("maha", active=False)
    assert made.accounts.projects["shop"] == Project("shop", "maha", active=False, wallet=9)
    assert made.accounts.keys["k"] == Key("k", "shop", True, True, "exceeded", "never")
    assert made.accounts.voices[VOICE.lower()] == CustomVoice(VOICE, "Maha", "maha")


def test_entries_need_no_more_than_their_ids() -> None:
    made = Made()
    made.put("users", {"id": "maha"})
    made.put("projects", {"id": "shop"})
    made.put("keys", {"key": "k"})
    made.put("voices", {"id": VOICE})
    assert made.accounts.users["maha"] == User("maha")
    assert made.accounts.projects["shop"] == Project("shop", "tester")
    assert made.accounts.keys["k"] == Key("k", TESTER_PROJECT)
    assert made.accounts.project_of(made.accounts.keys["hamsa-test-key"]).id == TESTER_PROJECT
    assert made.accounts.voices[VOICE.lower()] == CustomVoice(VOICE, VOICE, "tester")


def test_secret_keys_are_never_shown() -> None:
    made = Made()
    assert made["keys"].hidden() == 0
    made.put("keys", {"key": "sk_live"}, {"key": "hamsa-test-mine"})
    assert "sk_live" not in str([one.read() for one in made.resources.values()])
    assert made["keys"].hidden() == 1
    assert made.entry("keys", "hamsa-test-mine")["project"] == TESTER_PROJECT
    assert made["users"].hidden() == 0


@pytest.mark.parametrize(
    ("name", "entries", "text", "place"),
    [
        (
            "keys",
            [{"key": "hamsa-test-a"}, {"key": "sk_live", "project": "shp"}],
            "keys: the key of 7 characters names the project 'shp', which does not exist; did you mean 'shop'? known: ",
            (1,),
        ),
        (
            "projects",
            [{"id": "a", "user": "testr"}],
            "projects: the project a names the user 'testr', which does not exist; did you mean 'tester'? known: ",
            (0,),
        ),
        (
            "voices",
            [{"id": VOICE, "user": "nobody"}],
            f"voices: the voice {VOICE} names the user 'nobody', which does not exist; known: ",
            (0,),
        ),
    ],
)
def test_wrong_reference_is_refused_with_the_nearest_right_one(
    name: str, entries: list[Any], text: str, place: tuple[int, ...]
) -> None:
    made = Made()
    made.put("projects", {"id": "shop"})
    before = made[name].read()
    with pytest.raises(BadResource) as caught:
        made.put(name, *entries)
    assert str(caught.value).startswith(text)
    assert caught.value.place == place
    assert made[name].read() == before


def test_reference_that_the_entry_does_not_spell_out_has_no_place() -> None:
    made = Made(Accounts([], [], [], []))
    with pytest.raises(BadResource, match=f"names the project '{TESTER_PROJECT}'") as caught:
        made.put("keys", {"key": "k"})
    assert caught.value.place == ()


# Money


def test_project_that_is_put_has_a_full_wallet() -> None:
    made = Made()
    made.put("projects", {"id": "shop", "wallet": 10})
    made.wallets.charge(made.accounts.projects["shop"], 4)
    assert made.entry("projects", "shop")["balance"] == 6
    made.put("projects", {"id": "shop", "wallet": 20})
    assert made.entry("projects", "shop")["balance"] == 20


@pytest.mark.parametrize("balance", [7, 0, -3])
def test_balance_says_what_is_left(balance: int) -> None:
    made = Made()
    made.put("projects", {"id": "shop", "wallet": 10, "balance": balance})
    assert made.entry("projects", "shop")["balance"] == balance
    assert made.wallets.balance(made.accounts.projects["shop"]) == balance


@pytest.mark.parametrize(
    "entry", [{"id": "b", "balance": 5}, {"id": "b", "wallet": None, "balance": 0}, {"wallet": 5, "balance": None}]
)
def test_balance_of_another_kind_than_the_wallet_is_refused(entry: dict[str, Any]) -> None:
    made = Made()
    with pytest.raises(BadResource, match=r"^projects\[1\]\.balance must be null where the wallet is") as caught:
        made.put("projects", {"id": "a"}, {"id": "b", **entry})
    assert caught.value.place == (1, "balance")
    assert "a" not in made.accounts.projects


# Removing


def test_entry_that_nobody_needs_is_removed() -> None:
    made = Made()
    made["keys"].remove("hamsa-test-expired")
    made["voices"].remove(OWN_VOICE.upper())
    assert "hamsa-test-expired" not in made.accounts.keys
    assert OWN_VOICE not in made.accounts.voices


@pytest.mark.parametrize(
    ("name", "id", "text"),
    [
        ("users", "testr", "there is no user 'testr'; did you mean 'tester'? known: "),
        ("keys", "hamsa-test-ky", "there is no key hamsa-test-ky; did you mean 'hamsa-test-key'? known: "),
        ("keys", "sk_other", "there is no key of 8 characters; known: hamsa-test-expired"),
    ],
)
def test_entry_that_is_not_there_cannot_be_removed(name: str, id: str, text: str) -> None:
    made = Made()
    made.put("keys", {"key": "sk_live"})
    with pytest.raises(BadResource) as caught:
        made[name].remove(id)
    assert str(caught.value).startswith(text)
    assert "sk_live" not in str(caught.value)


def test_entry_that_another_one_needs_cannot_be_removed() -> None:
    made = Made()
    text = "^the project 00000000-0000-4000-8000-000000000005 belongs to the user 'inactive-user': remove that first$"
    with pytest.raises(BadResource, match=text):
        made["users"].remove("inactive-user")
    assert "inactive-user" in made.accounts.users


# Going back


@pytest.mark.parametrize("name", ["users", "projects", "keys", "voices"])
def test_all_accounts_and_wallets_go_back_together(name: str) -> None:
    made = Made()
    made.put("projects", {"id": "shop", "wallet": 10, "balance": 5})
    made[name].keep()
    start = [one.read() for one in made.resources.values()]
    made.put("users", {"id": "maha"})
    made.put("projects", {"id": "shop", "user": "maha", "wallet": 3})
    made["keys"].remove("hamsa-test-key")
    made[name].reset()
    assert [one.read() for one in made.resources.values()] == start
