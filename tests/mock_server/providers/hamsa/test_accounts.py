"""Keys, users, projects, voices, and the ready-made test keys."""

import pytest

from hamsa_mock.providers.hamsa.accounts import (
    FOREIGN_VOICE,
    OWN_VOICE,
    Accounts,
    CustomVoice,
    Key,
    Kind,
    Project,
    UnknownReference,
    User,
    is_public,
    ready_made_accounts,
    shown_key,
)

USER, PROJECT = User("maha"), Project("shop", "maha")


def test_account_of_a_key_is_its_project_and_the_user_of_that() -> None:
    key = Key("secret", "shop")
    accounts = Accounts([USER, User("other")], [Project("else", "other"), PROJECT], [key], [])
    assert accounts.keys["secret"] is key
    assert accounts.project_of(key) is PROJECT
    assert accounts.user_of(key) is USER


@pytest.mark.parametrize(
    ("projects", "keys", "voices", "words"),
    [
        ([], [Key("secret", "shop")], [], "the key of 6 characters names the project 'shop', which does not exist"),
        ([], [Key("hamsa-test-x", "shop")], [], "the key hamsa-test-x names the project 'shop', which does not exist"),
        ([Project("shop", "omar")], [], [], "the project shop names the user 'omar', which does not exist"),
        ([], [], [CustomVoice("v", "mine", "omar")], "the voice v names the user 'omar', which does not exist"),
    ],
    ids=["key", "test key", "project", "voice"],
)
def test_reference_to_nothing_is_an_error_that_shows_no_secret(
    projects: list[Project], keys: list[Key], voices: list[CustomVoice], words: str
) -> None:
    with pytest.raises(UnknownReference, match=f"^{words}$"):
        Accounts([USER], projects, keys, voices)


def test_wrong_reference_is_found_also_beside_a_key_that_is_shown_alike() -> None:
    with pytest.raises(UnknownReference):
        Accounts([USER], [PROJECT], [Key("abc", "nothing"), Key("xyz", "shop")], [])


def test_only_test_keys_are_shown() -> None:
    accounts = Accounts([USER], [PROJECT], [Key("secret", "shop"), Key("hamsa-test-mine", "shop")], [])
    assert accounts.test_keys == ("hamsa-test-mine",)
    assert [key.shown for key in accounts.keys.values()] == ["of 6 characters", "hamsa-test-mine"]


def test_voices_are_found_by_their_ids_in_lower_case() -> None:
    voice = CustomVoice("C803658E-CCEC-47E7-AD0F-1CAF9BA4BABB", "mine", "maha")
    assert Accounts([USER], [], [], [voice]).voices == {"c803658e-ccec-47e7-ad0f-1caf9ba4babb": voice}


# Changes


def accounts_of_maha() -> Accounts:
    return Accounts([USER], [PROJECT], [Key("secret", "shop")], [CustomVoice("V", "mine", "maha")])


def test_what_is_put_is_added_or_replaces_what_has_its_id() -> None:
    accounts = accounts_of_maha()
    accounts.put(
        [User("omar")],
        [Project("shop", "omar")],
        [Key("other", "shop"), Key("secret", "shop", expired=True)],
        [CustomVoice("v", "his", "omar")],
    )
    assert [*accounts.users] == ["maha", "omar"]
    assert accounts.projects == {"shop": Project("shop", "omar")}
    assert accounts.keys == {"secret": Key("secret", "shop", expired=True), "other": Key("other", "shop")}
    assert accounts.voices == {"v": CustomVoice("v", "his", "omar")}


def test_nothing_is_put_where_one_reference_is_wrong() -> None:
    accounts = accounts_of_maha()
    with pytest.raises(UnknownReference) as caught:
        accounts.put([User("omar")], [], [Key("other", "shop"), Key("third", "nothing")])
    assert (caught.value.owner, caught.value.kind, caught.value.reference) == (
        "the key of 5 characters",
        "project",
        "nothing",
    )
    assert [*accounts.users] == ["maha"]
    assert [*accounts.keys] == ["secret"]


def test_what_nobody_needs_is_removed() -> None:
    accounts = accounts_of_maha()
    kinds: list[tuple[Kind, str]] = [("voices", "v"), ("keys", "secret"), ("projects", "shop"), ("users", "maha")]
    for kind, id in kinds:
        accounts.remove(kind, id)
        with pytest.raises(KeyError):
            accounts.remove(kind, id)
    assert not accounts.users
    assert not accounts.voices


@pytest.mark.parametrize(("kind", "id"), [("projects", "shop"), ("users", "maha")])
def test_what_another_one_needs_is_not_removed(kind: Kind, id: str) -> None:
    accounts = accounts_of_maha()
    with pytest.raises(UnknownReference):
        accounts.remove(kind, id)
    assert accounts.keys
    assert [*accounts.projects] == ["shop"]
    assert [*accounts.users] == ["maha"]


def test_key_that_was_taken_away_still_has_its_account() -> None:
    """A connection outlives its key."""
    accounts = accounts_of_maha()
    key = accounts.keys["secret"]
    accounts.put(projects=[Project("shop", "maha", wallet=5)])
    accounts.remove("voices", "v")
    accounts.remove("keys", "secret")
    accounts.remove("projects", "shop")
    accounts.remove("users", "maha")
    assert accounts.project_of(key).wallet == 5
    assert accounts.user_of(key) is USER


def test_reset_returns_to_what_was_kept() -> None:
    accounts = accounts_of_maha()
    accounts.put([User("omar")])
    accounts.keep()
    accounts.remove("users", "omar")
    accounts.remove("keys", "secret")
    accounts.put(projects=[Project("shop", "maha", wallet=5)])
    accounts.reset()
    assert [*accounts.users] == ["maha", "omar"]
    assert accounts.project_of(accounts.keys["secret"]) is PROJECT


def test_reset_without_anything_kept_returns_to_the_first_accounts() -> None:
    accounts = accounts_of_maha()
    accounts.put([User("omar")])
    accounts.reset()
    assert [*accounts.users] == ["maha"]


@pytest.mark.parametrize(
    ("key", "public", "shown"),
    [
        ("hamsa-test-mine", True, "hamsa-test-mine"),
        ("hamsa-live-1", False, "of 12 characters"),
        ("x-hamsa-test-", False, "of 13 characters"),
    ],
)
def test_only_test_keys_are_public(key: str, public: bool, shown: str) -> None:
    assert is_public(key) is public
    assert shown_key(key) == shown


# The ready-made accounts


def test_first_of_the_test_keys_is_the_usual_one() -> None:
    accounts = ready_made_accounts()
    assert accounts.test_keys == tuple(accounts.keys)
    assert accounts.test_keys == (
        "hamsa-test-key",
        "hamsa-test-unlimited",
        "hamsa-test-rate-limited",
        "hamsa-test-truncated",
        "hamsa-test-expired",
        "hamsa-test-inactive-user",
        "hamsa-test-inactive-project",
        "hamsa-test-no-funds",
        "hamsa-test-nearly-broke",
        "hamsa-test-internal-error",
    )


def test_each_test_key_differs_from_the_usual_one_in_one_thing() -> None:
    accounts = ready_made_accounts()
    usual = accounts.keys["hamsa-test-key"]

    def differences(key: Key) -> set[str]:
        project, user = accounts.project_of(key), accounts.user_of(key)
        found = {
            "expired": key.expired,
            "internal error": key.internal_error,
            f"limits {key.limits}": key.limits != "real",
            f"truncation {key.truncation}": key.truncation != "real",
            "inactive user": not user.active,
            "inactive project": not project.active,
            f"wallet {project.wallet}": project.wallet is not None,
        }
        return {name for name, differs in found.items() if differs}

    assert differences(usual) == set()
    found = {name.removeprefix("hamsa-test-"): differences(key) for name, key in accounts.keys.items()}
    assert found == {
        "key": set(),
        "unlimited": {"limits unlimited", "truncation never"},
        "rate-limited": {"limits exceeded"},
        "truncated": {"truncation first_answer"},
        "expired": {"expired"},
        "inactive-user": {"inactive user"},
        "inactive-project": {"inactive project"},
        "no-funds": {"wallet 0"},
        "nearly-broke": {"wallet 1"},
        "internal-error": {"internal error"},
    }


def test_documented_custom_voice_belongs_to_the_usual_key_and_the_other_to_somebody_else() -> None:
    accounts = ready_made_accounts()
    user = accounts.user_of(accounts.keys["hamsa-test-key"])
    assert accounts.voices[OWN_VOICE].user == user.id
    assert accounts.voices[FOREIGN_VOICE].user != user.id
    assert OWN_VOICE == "c803658e-ccec-47e7-ad0f-1caf9ba4babb"
    assert FOREIGN_VOICE == "00000000-0000-4000-8000-000000000403"
