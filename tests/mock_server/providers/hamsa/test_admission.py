"""Whether a valid request is served."""

import pytest

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_mock.core.actions import Request, Why
from hamsa_mock.providers.hamsa.accounts import (
    FOREIGN_VOICE,
    OWN_VOICE,
    Accounts,
    CustomVoice,
    Key,
    Project,
    User,
    ready_made_accounts,
)
from hamsa_mock.providers.hamsa.admission import Admission, Served
from hamsa_mock.providers.hamsa.requests import Tts, WireError
from hamsa_schemas import BehaviourValue, load_facts, load_voices
from tests.mock_server.changed import behaviours

ACCOUNTS = ready_made_accounts()
KEY = ACCOUNTS.keys["hamsa-test-key"]
UNLIMITED = ACCOUNTS.keys["hamsa-test-unlimited"]
NOBODYS_VOICE = "12345678-1234-4234-8234-123456789abc"
NOT_OWNED = "Voice not owned by user"
INVALID = "Invalid payload for message type: tts"
ABORTED = "TTS stream error: aborted"
TOO_MANY = "Rate limit exceeded for this API key"


def admission(accounts: Accounts = ACCOUNTS, **changes: BehaviourValue) -> Admission:
    """Changes are named like `tts__overlap` for `hamsa.tts.overlap`."""
    return Admission(accounts, behaviours(**changes), load_facts("hamsa"), load_voices("hamsa"))


def request() -> Request:
    return Request(1, "tts", 0)


def tts(speaker: str = "Majd", dialect: str = "") -> Tts:
    return Tts("مرحبا", speaker, dialect, "ar", PCM_16000_16, 1.0)


def served(verdict: Served | WireError) -> Served:
    assert isinstance(verdict, Served)
    return verdict


def refused(verdict: Served | WireError | None) -> tuple[str, str | None]:
    """The text of the error, and the behaviour that decided it."""
    assert isinstance(verdict, WireError)
    return verdict.text, verdict.why.behaviour


def passes(rules: Admission, key: Key, now: float, *, valid: bool = True) -> bool:
    return rules.count(request(), key, now, valid=valid) is None


# Limits


@pytest.mark.statement("API-31", "API-32")
def test_101st_request_of_a_key_within_a_minute_is_refused() -> None:
    rules = admission()
    assert all(passes(rules, KEY, now / 2) for now in range(100))
    error = rules.count(request(), KEY, 59.9, valid=True)
    assert error == WireError(TOO_MANY, Why("more than 100 requests of this key in 60 s", "hamsa.limit.requests"))


def test_another_key_has_requests_of_its_own() -> None:
    rules = admission(limit__requests=1)
    assert passes(rules, KEY, 0)
    assert not passes(rules, KEY, 1)
    assert passes(rules, ACCOUNTS.keys["hamsa-test-truncated"], 1)


def test_requests_leave_the_window_exactly_after_its_length_and_refused_ones_do_not_count() -> None:
    rules = admission(limit__requests=2)
    assert [passes(rules, KEY, now) for now in (0, 10, 20, 59.999)] == [True, True, False, False]
    assert [passes(rules, KEY, now) for now in (60, 60, 69.999, 70)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ("requests", [True, True, True, False]),
        ("messages", [True, True, False, False]),
        ("messages_and_connections", [True, False, False, False]),
    ],
)
def test_behaviour_says_what_counts(counts: str, passed: list[bool]) -> None:
    rules = admission(limit__requests=2, limit__counts=counts)
    rules.connected(KEY, 0)
    assert [passes(rules, KEY, 1, valid=valid) for valid in (False, True, True, True)] == passed


def test_invalid_message_is_not_refused_for_the_limit_where_only_requests_count() -> None:
    rules = admission(limit__requests=0)
    assert passes(rules, KEY, 0, valid=False)
    assert not passes(rules, KEY, 0)


def test_requests_of_the_unlimited_key_are_counted_and_never_refused() -> None:
    rules = admission(limit__requests=1)
    first, second = request(), request()
    assert rules.count(first, UNLIMITED, 0, valid=True) is None
    assert rules.count(second, UNLIMITED, 1, valid=True) is None
    assert first.notes == []
    assert second.notes == [
        Why("more than 1 requests of this key in 60 s, which is not enforced for this one", "hamsa.limit.requests")
    ]


def test_rate_limited_key_is_always_over_and_no_behaviour_would_help() -> None:
    error = admission().count(request(), ACCOUNTS.keys["hamsa-test-rate-limited"], 0, valid=True)
    assert error == WireError(TOO_MANY, Why("the key hamsa-test-rate-limited is always over its limit"))


# Speakers


@pytest.mark.statement("WST-9")
@pytest.mark.parametrize(
    "speaker", ["Majd", load_voices().by_name["Majd"].id, load_voices().by_name["Majd"].id.upper()]
)
def test_built_in_voice_is_served_by_its_name_or_its_id(speaker: str) -> None:
    assert admission().admit(tts(speaker), KEY, busy=False, now=0) == Served(tts(speaker), 0, ())


@pytest.mark.parametrize(("choice", "text"), [("not_owned", NOT_OWNED), ("invalid", INVALID), ("aborted", ABORTED)])
@pytest.mark.parametrize(
    "speaker",
    [
        "majd",
        "somebody",
        "مجد",
        NOBODYS_VOICE.replace("-", ""),
        "{" + NOBODYS_VOICE + "}",
        "٠" * 32,
    ],
)
def test_speaker_that_is_neither_a_name_nor_an_id_is_refused_as_the_behaviour_says(
    speaker: str, choice: str, text: str
) -> None:
    verdict = admission(tts__unknown_speaker=choice).admit(tts(speaker), KEY, busy=False, now=0)
    assert refused(verdict) == (text, "hamsa.tts.unknown_speaker")


def test_unknown_speaker_is_spoken_with_a_note_otherwise() -> None:
    verdict = served(admission().admit(tts("somebody"), KEY, busy=False, now=0))
    assert verdict.notes == (Why("the speaker is no built-in voice and no voice id", "hamsa.tts.unknown_speaker"),)


@pytest.mark.parametrize("speaker", ["majd", "MAJD", "Majdd"])
def test_speaker_that_is_nearly_a_built_in_voice_is_told_which(speaker: str) -> None:
    verdict = served(admission().admit(tts(speaker), KEY, busy=False, now=0))
    assert verdict.notes[0].words == "the speaker is no built-in voice and no voice id; did you mean Majd?"


@pytest.mark.statement("API-9")
@pytest.mark.parametrize("dialect", ["leb", "modern", "", "LEB"])
def test_voice_may_speak_its_own_dialects_and_those_that_nobody_knows(dialect: str) -> None:
    verdict = admission(tts__dialect_mismatch="invalid").admit(tts("Majd", dialect), KEY, busy=False, now=0)
    assert served(verdict).notes == ()


def test_voice_without_listed_dialects_may_speak_any() -> None:
    verdict = admission(tts__dialect_mismatch="invalid").admit(tts("Maher", "ksa"), KEY, busy=False, now=0)
    assert served(verdict).notes == ()


def test_voice_in_a_dialect_of_others_is_spoken_with_a_note_or_refused() -> None:
    verdict = served(admission().admit(tts("Nada", "ksa"), KEY, busy=False, now=0))
    assert verdict.notes == (Why("Nada speaks jor, egy, not ksa", "hamsa.tts.dialect_mismatch"),)
    refusal = admission(tts__dialect_mismatch="invalid").admit(tts("Nada", "ksa"), KEY, busy=False, now=0)
    assert refused(refusal) == (INVALID, "hamsa.tts.dialect_mismatch")


@pytest.mark.statement("API-30")
@pytest.mark.parametrize(
    ("speaker", "words"),
    [(FOREIGN_VOICE, "belongs to somebody-else"), (NOBODYS_VOICE, "does not exist")],
    ids=["foreign", "nobody's"],
)
@pytest.mark.parametrize(("choice", "text"), [("not_owned", NOT_OWNED), ("aborted", ABORTED)])
def test_voice_of_somebody_else_or_of_nobody_is_refused(speaker: str, words: str, choice: str, text: str) -> None:
    verdict = admission(tts__foreign_voice=choice).admit(tts(speaker), KEY, busy=False, now=0)
    assert refused(verdict) == (text, "hamsa.tts.foreign_voice")
    assert isinstance(verdict, WireError)
    assert verdict.why.words == f"the voice {speaker} {words}"


def test_voice_is_owned_by_the_user_and_not_by_one_key() -> None:
    accounts = Accounts(
        [User("maha"), User("omar")],
        [Project("one", "maha"), Project("two", "maha"), Project("three", "omar")],
        [Key("a", "one"), Key("b", "two"), Key("c", "three")],
        [CustomVoice(NOBODYS_VOICE, "mine", "maha")],
    )
    rules = admission(accounts, tts__unpreloaded_voice="ready")
    verdicts = [rules.admit(tts(NOBODYS_VOICE), key, busy=False, now=0) for key in accounts.keys.values()]
    assert [isinstance(verdict, Served) for verdict in verdicts] == [True, True, False]


# Preloading


@pytest.mark.statement("PRE-8", "WST-9")
@pytest.mark.parametrize("speaker", [OWN_VOICE, OWN_VOICE.upper()])
def test_first_request_with_a_custom_voice_waits_until_it_is_loaded(speaker: str) -> None:
    rules = admission()
    verdict = served(rules.admit(tts(speaker), KEY, busy=False, now=10))
    assert verdict.ready == 13
    assert verdict.notes == (
        Why(
            f"the voice {OWN_VOICE} was not preloaded: it is ready 3 s after the request", "hamsa.tts.unpreloaded_voice"
        ),
    )
    assert rules.admit(tts(speaker), KEY, busy=False, now=13) == Served(tts(speaker), 0, ())


def test_request_that_comes_while_a_voice_is_loading_waits_for_the_rest() -> None:
    rules = admission()
    rules.admit(tts(OWN_VOICE), KEY, busy=False, now=10)
    verdict = served(rules.admit(tts(OWN_VOICE), KEY, busy=False, now=12))
    assert verdict.ready == 13
    assert "1 s after the request" in verdict.notes[0].words


@pytest.mark.statement("PRE-9", "PRE-12")
def test_preloaded_voice_does_not_wait_until_the_preload_has_run_out() -> None:
    rules = admission(tts__preload_lasts=100)
    rules.preload(OWN_VOICE, 10)
    times = [served(rules.admit(tts(OWN_VOICE), KEY, busy=False, now=now)).ready for now in (10, 109.999, 110)]
    assert times == [0, 0, 113]


@pytest.mark.statement("PRE-10")
def test_several_voices_may_be_preloaded_at_once_and_again() -> None:
    voices = (OWN_VOICE, NOBODYS_VOICE)
    accounts = Accounts(
        [User("maha")],
        [Project("shop", "maha")],
        [Key("a", "shop")],
        [CustomVoice(voice, "a voice", "maha") for voice in voices],
    )
    rules = admission(accounts)
    for voice in (*voices, *voices):
        rules.preload(voice, 0)
    key = accounts.keys["a"]
    assert [served(rules.admit(tts(voice), key, busy=False, now=1)).ready for voice in voices] == [0, 0]


def test_voice_that_was_loaded_for_a_request_lasts_as_long_as_a_preload() -> None:
    rules = admission(tts__preload_lasts=100, tts__voice_loading=5)
    times = [served(rules.admit(tts(OWN_VOICE), KEY, busy=False, now=now)).ready for now in (0, 104.999, 105)]
    assert times == [5, 0, 110]


def test_preload_while_a_voice_is_loading_makes_it_ready() -> None:
    rules = admission()
    rules.admit(tts(OWN_VOICE), KEY, busy=False, now=0)
    rules.preload(OWN_VOICE, 1)
    assert served(rules.admit(tts(OWN_VOICE), KEY, busy=False, now=1)).ready == 0


def test_unpreloaded_voice_is_aborted_until_it_is_preloaded_where_the_behaviour_says_so() -> None:
    rules = admission(tts__unpreloaded_voice="aborted")
    for now in (0, 100):
        verdict = rules.admit(tts(OWN_VOICE), KEY, busy=False, now=now)
        assert refused(verdict) == (ABORTED, "hamsa.tts.unpreloaded_voice")
    rules.preload(OWN_VOICE, 100)
    assert served(rules.admit(tts(OWN_VOICE), KEY, busy=False, now=100)).ready == 0


def test_unpreloaded_voice_is_like_any_other_where_the_behaviour_says_so() -> None:
    verdict = admission(tts__unpreloaded_voice="ready").admit(tts(OWN_VOICE), KEY, busy=False, now=0)
    assert verdict == Served(tts(OWN_VOICE), 0, ())


# Overlapping requests


@pytest.mark.parametrize("choice", ["queue", "interleave"])
def test_request_beside_another_one_is_served(choice: str) -> None:
    assert served(admission(tts__overlap=choice).admit(tts(), KEY, busy=True, now=0))


def test_request_beside_another_one_is_aborted_where_the_behaviour_says_so() -> None:
    rules = admission(tts__overlap="aborted")
    assert refused(rules.admit(tts(), KEY, busy=True, now=0)) == (ABORTED, "hamsa.tts.overlap")
    assert served(rules.admit(tts(), KEY, busy=False, now=0))


def test_reset_forgets_what_was_counted_and_loaded() -> None:
    rules = admission(limit__requests=1, tts__unpreloaded_voice="aborted")
    assert passes(rules, KEY, 0)
    assert not passes(rules, KEY, 0)
    rules.preload(OWN_VOICE, 0)
    rules.reset()
    assert passes(rules, KEY, 0)
    assert refused(rules.admit(tts(OWN_VOICE), KEY, False, 0))[0] == ABORTED
