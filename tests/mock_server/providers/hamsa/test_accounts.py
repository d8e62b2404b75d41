"""Keys, users, projects, voices, and the ready-made test keys."""

import pytest

from hamsa_mock.providers.hamsa.accounts import (
    FOREIGN_VOICE,
    OWN_VOICE,
    Accounts,
    CustomVoice,
    Key,
    Project,
    UnknownReference,
    User,
    ready_made_accounts,
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
