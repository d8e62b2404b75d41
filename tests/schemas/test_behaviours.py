"""Behaviours: options, quantities and profiles, resolved to one set; and the behaviours that ship with the package."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hamsa_schemas.behaviours import (
    Behaviours,
    BehaviourValue,
    Choice,
    Profile,
    Quantity,
    load_behaviours,
    load_profiles,
)
from hamsa_schemas.errors import UnknownBehaviour, UnknownProfile, WrongValue
from hamsa_schemas.facts import load_facts

CLAIM: dict[str, Any] = {"statements": ("API-1",), "basis": "assumed", "source": "A guess."}
CANCEL = Choice(
    slug="acme.cancel.reply",
    summary="How a cancel is answered.",
    **CLAIM,
    options={"silence": "Not at all.", "end": "With an end."},
    default="silence",
)
DELAY = Quantity(
    slug="acme.tts.delay", summary="How long.", **CLAIM, unit="seconds", minimum=0, maximum=60, default=0.5
)
ENTRIES = {entry.slug: entry for entry in (CANCEL, DELAY)}


def without_slug(entry: Choice | Quantity) -> dict[str, Any]:
    return {name: value for name, value in vars(entry).items() if name != "slug"}


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """Two providers: acme with both behaviours, other with one; and two profiles, one of them shared."""
    contents: dict[str, Any] = {
        "acme/behaviours.json": {"behaviours": {slug: without_slug(e) for slug, e in ENTRIES.items()}},
        "acme/profiles/documented.json": {"description": "As documented.", "behaviours": {}},
        "acme/profiles/quick.json": {"description": "Quick.", "behaviours": {"acme.tts.delay": 0}},
        "acme/facts.json": {"facts": {}},
        "acme/deep/behaviours.json": {"behaviours": {"acme.deep.ignored": {}}},
        "other/behaviours.json": {"behaviours": {"other.tts.delay": without_slug(DELAY)}},
        "other/profiles/quick.json": {"description": "Quicker.", "behaviours": {"other.tts.delay": 1}},
    }
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_behaviours_take_defaults_and_changes() -> None:
    behaviours = Behaviours("mine", ENTRIES, {"acme.tts.delay": 2})
    assert behaviours.profile == "mine"
    assert dict(behaviours) == {"acme.cancel.reply": "silence", "acme.tts.delay": 2.0}
    assert len(behaviours) == 2
    assert behaviours.entry("acme.tts.delay") is DELAY
    assert behaviours.choice("acme.cancel.reply") == "silence"
    assert behaviours.number("acme.tts.delay") == 2.0
    assert "acme.tts.delays" not in behaviours


def test_behaviours_do_not_follow_the_mappings_they_came_from() -> None:
    entries = dict(ENTRIES)
    behaviours = Behaviours("mine", entries, {})
    entries.clear()
    assert behaviours.entry("acme.tts.delay") is DELAY


@pytest.mark.parametrize("read", [Behaviours.__getitem__, Behaviours.entry, Behaviours.choice, Behaviours.number])
def test_unknown_behaviour_is_an_error_with_the_nearest_slug(read: Any) -> None:
    message = r"^no behaviour 'acme\.tts\.dealy'; did you mean 'acme\.tts\.delay'\?"
    with pytest.raises(UnknownBehaviour, match=message):
        read(Behaviours("mine", ENTRIES, {}), "acme.tts.dealy")
    with pytest.raises(UnknownBehaviour, match=message):
        Behaviours("mine", ENTRIES, {"acme.tts.dealy": 1})


def test_behaviour_of_the_other_kind_is_a_type_error() -> None:
    behaviours = Behaviours("mine", ENTRIES, {})
    with pytest.raises(TypeError, match=r"^acme\.tts\.delay is a number, not a choice$"):
        behaviours.choice("acme.tts.delay")
    with pytest.raises(TypeError, match=r"^acme\.cancel\.reply is a choice, not a number$"):
        behaviours.number("acme.cancel.reply")


def test_choice_accepts_its_options_only() -> None:
    assert [CANCEL.accept(option) for option in CANCEL.options] == ["silence", "end"]
    message = r"^acme\.cancel\.reply cannot be 'silent'; did you mean 'silence'\? allowed: end, silence$"
    with pytest.raises(WrongValue, match=message):
        CANCEL.accept("silent")
    with pytest.raises(WrongValue, match=r"^acme\.cancel\.reply cannot be 1; allowed: end, silence$"):
        CANCEL.accept(1)


@pytest.mark.parametrize(
    ("value", "number"), [(0, 0.0), (60, 60.0), (0.25, 0.25), ("0.25", 0.25), ("1e1", 10.0), (" 3 ", 3.0)]
)
def test_quantity_accepts_numbers_within_its_bounds(value: BehaviourValue, number: float) -> None:
    accepted = DELAY.accept(value)
    assert accepted == number
    assert type(accepted) is float


@pytest.mark.parametrize("value", [-0.001, 60.001, "61", "soon", "", "nan", float("nan"), float("inf"), True, 10**400])
def test_quantity_refuses_anything_else(value: BehaviourValue) -> None:
    message = r"^acme\.tts\.delay cannot be .*; allowed: 0 to 60 seconds$"
    with pytest.raises(WrongValue, match=message) as refusal:
        DELAY.accept(value)
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize("value", [1.5, "1.9", 0.0001, -1, 61, "nan", "inf"])
def test_count_refuses_what_is_no_whole_number(value: BehaviourValue) -> None:
    count = replace(DELAY, unit="requests", default=1, whole=True)
    with pytest.raises(WrongValue, match=r"^acme\.tts\.delay cannot be .*; allowed: 0 to 60 requests, whole numbers$"):
        count.accept(value)


def test_count_accepts_whole_numbers_however_they_are_written() -> None:
    count = replace(DELAY, unit="requests", default=1, whole=True)
    assert [count.accept(value) for value in (2, 2.0, "2", "2e0", 60)] == [2, 2, 2, 2, 60]


def test_every_limit_of_hamsa_that_counts_something_is_whole() -> None:
    entries = [load_behaviours().entry(slug) for slug in load_behaviours()]
    whole = {entry.unit for entry in entries if isinstance(entry, Quantity) and entry.whole}
    others = {entry.unit for entry in entries if isinstance(entry, Quantity) and not entry.whole}
    assert whole == {"requests", "connections", "characters", "bytes"}
    assert others == {"seconds", "probability"}


@pytest.mark.parametrize(
    ("basis", "source", "certainty"),
    [
        ("assumed", "A guess of 2026-02.", "assumed"),
        ("documented", "A page of 2026-02-15.", "documented"),
        ("observed", "A customer's guide, 2026-02.", "observed 2026-02"),
        ("observed", "Measured on 2026-10-07, and again on 2026-11-01.", "observed 2026-10-07"),
        ("observed", "Measured some day.", "observed"),
    ],
)
def test_certainty_is_the_basis_and_of_what_was_observed_the_date(basis: Any, source: str, certainty: str) -> None:
    assert replace(CANCEL, basis=basis, source=source).certainty == certainty
    assert replace(DELAY, basis=basis, source=source).certainty == certainty


def test_switch_of_a_choice_names_the_other_options() -> None:
    three = replace(CANCEL, options={"silence": "Not at all.", "end": "With an end.", "error": "With an error."})
    assert three.switch("silence") == "--set acme.cancel.reply=end|error"
    assert three.switch("end") == "--set acme.cancel.reply=silence|error"


def test_switch_of_a_quantity_names_its_unit_and_the_present_number() -> None:
    assert DELAY.switch(0.5) == "--set acme.tts.delay=SECONDS (now 0.5)"
    assert DELAY.switch(60.0) == "--set acme.tts.delay=SECONDS (now 60)"
    assert DELAY.switch(33554432.0) == "--set acme.tts.delay=SECONDS (now 33554432)"
    assert DELAY.switch(1e-05) == "--set acme.tts.delay=SECONDS (now 1e-05)"


def test_loader_merges_the_providers(acme: Path) -> None:
    behaviours = load_behaviours(root=acme)
    assert behaviours.profile == "documented"
    assert list(behaviours) == ["acme.cancel.reply", "acme.tts.delay", "other.tts.delay"]
    assert behaviours.entry("acme.cancel.reply") == CANCEL
    assert behaviours.entry("acme.tts.delay") == DELAY


def test_loader_applies_the_profile_and_then_the_changes(acme: Path) -> None:
    quick = load_behaviours("quick", root=acme)
    assert (quick["acme.tts.delay"], quick["other.tts.delay"]) == (0.0, 1.0)
    changed = load_behaviours("quick", {"acme.tts.delay": "3", "acme.cancel.reply": "end"}, root=acme)
    assert dict(changed) == {"acme.cancel.reply": "end", "acme.tts.delay": 3.0, "other.tts.delay": 1.0}


def test_profiles_are_sorted_and_shared_ones_are_one(acme: Path) -> None:
    assert load_profiles(acme) == {
        "documented": Profile("documented", "As documented.", {}),
        "quick": Profile("quick", "Quick.", {"acme.tts.delay": 0, "other.tts.delay": 1}),
    }


def test_unknown_profile_is_an_error_with_the_nearest_name(acme: Path) -> None:
    with pytest.raises(UnknownProfile, match=r"^no profile 'quik'; did you mean 'quick'\? known: documented, quick$"):
        load_behaviours("quik", root=acme)


def test_loader_refuses_wrong_changes(acme: Path) -> None:
    with pytest.raises(UnknownBehaviour, match=r"did you mean 'acme\.cancel\.reply'"):
        load_behaviours(changes={"acme.cancel.replies": "end"}, root=acme)
    with pytest.raises(WrongValue, match=r"did you mean 'end'"):
        load_behaviours(changes={"acme.cancel.reply": "ends"}, root=acme)


def test_documented_profile_of_the_package_leaves_every_default() -> None:
    behaviours = load_behaviours()
    assert behaviours.profile == "documented"
    assert dict(behaviours) == {slug: behaviours.entry(slug).default for slug in behaviours}
    assert behaviours.choice("hamsa.auth.failure") == "error_then_close"
    assert behaviours.number("hamsa.tts.first_audio_delay") == 0.3
    assert behaviours.number("hamsa.tts.chunk_gap") == 0.04


def test_instant_profile_of_the_package_has_no_delays() -> None:
    instant = load_behaviours("instant")
    assert instant.number("hamsa.tts.first_audio_delay") == 0
    assert instant.number("hamsa.tts.chunk_gap") == 0
    assert instant.number("hamsa.tts.voice_loading") == 0
    assert instant.number("hamsa.stt.delay") == 0
    assert instant.number("hamsa.auth.connect_delay") == 0
    assert instant.choice("hamsa.auth.failure") == "error_then_close"


@pytest.mark.parametrize("profile", load_profiles())
def test_every_profile_of_the_package_can_be_resolved(profile: str) -> None:
    assert load_behaviours(profile).profile == profile


def test_every_value_that_the_package_allows_is_accepted() -> None:
    for entry in map(load_behaviours().entry, load_behaviours()):
        values = entry.options if isinstance(entry, Choice) else (entry.minimum, entry.default, entry.maximum)
        assert [entry.accept(value) for value in values] == list(values)


@pytest.mark.parametrize(
    ("slug", "number", "statement"),
    [
        ("hamsa.keepalive.inactivity", 60 * 60, "API-3"),
        ("hamsa.keepalive.ping_interval", 30, "API-4"),
        ("hamsa.limit.requests", 100, "API-31"),
        ("hamsa.limit.requests_window", 60, "API-31"),
        ("hamsa.limit.text_characters", 2000, "API-6"),
    ],
)
def test_hamsa_has_the_documented_limits_by_default(slug: str, number: float, statement: str) -> None:
    entry = load_behaviours().entry(slug)
    assert (entry.default, entry.basis) == (number, "documented")
    assert statement in entry.statements


def test_no_number_is_a_fact_and_a_behaviour() -> None:
    """A number that can be chosen is a behaviour, with its basis; the facts keep texts, codes and endpoints."""
    behaviours = {slug.removeprefix("hamsa.") for slug in load_behaviours()}
    assert not behaviours & {slug.removesuffix("_seconds") for slug in load_facts("hamsa")}
