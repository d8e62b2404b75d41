"""Every wrong message is refused by the keyword that it names, at its place, and by nothing else."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from hamsa_conformance.generated.resolved import UNDERSTOOD, Place, resolved
from hamsa_conformance.generated.wrong import Flaw, Wrong, flaws, wrong
from hamsa_schemas import MessageSchema, default_catalogue, parse
from hamsa_schemas.schema_set import SUFFIX

MESSAGES = list(default_catalogue().messages("hamsa"))
TTS = f"hamsa/client/tts{SUFFIX}"
STT = f"hamsa/client/stt{SUFFIX}"
QUICK = settings(deadline=None, database=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


def path_of(message: MessageSchema) -> str:
    return message.name + SUFFIX


def refusals(message: MessageSchema, instance: Any) -> list[tuple[str, Place]]:
    """Why the real validator refuses a message."""
    return [(str(error.validator), tuple(error.absolute_path)) for error in message.validator.iter_errors(instance)]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_wrong_message_is_refused_by_its_keyword_at_its_place_and_by_nothing_else(message: MessageSchema) -> None:
    @QUICK
    @given(wrong(path_of(message)))
    def check(found: Wrong) -> None:
        assert refusals(message, found.message) == [(found.keyword, found.place)]
        assert not message.is_valid(parse(json.dumps(found.message)))

    check()


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_keyword_of_every_part_is_broken_by_some_message(message: MessageSchema) -> None:
    """But those that say what lies inside, and the length beside a pattern, which is never wrong alone."""
    parts = dict(parts_of(resolved(default_catalogue().schemas, path_of(message)), ()))
    rules = {
        (keyword, place)
        for place, part in parts.items()
        for keyword in part
        if keyword not in ("properties", "items") and not (keyword == "maxLength" and "pattern" in part)
    }
    assert {(flaw.keyword, flaw.place) for flaw in flaws(path_of(message))} == rules
    assert {keyword for keyword, _ in rules} <= UNDERSTOOD


def parts_of(schema: dict[str, Any], place: Place) -> list[tuple[Place, dict[str, Any]]]:
    found = [(place, schema)]
    for name, inner in schema.get("properties", {}).items():
        found += parts_of(inner, (*place, name))
    if "items" in schema:
        found += parts_of(schema["items"], (*place, 0))
    return found


@pytest.mark.parametrize("type", ["tts", "stt"])
def test_every_flaw_makes_messages_with_just_this_flaw(type: str) -> None:
    message = default_catalogue().message("hamsa", "client", type)
    for flaw in flaws(path_of(message)):
        examine(message, flaw)


def examine(message: MessageSchema, flaw: Flaw) -> None:
    @settings(QUICK, max_examples=5)
    @given(flaw.messages)
    def check(found: Wrong) -> None:
        assert (found.keyword, len(found.place)) == (flaw.keyword, len(flaw.place))
        assert refusals(message, found.message) == [(flaw.keyword, found.place)]

    check()


def test_each_needed_field_is_missing_in_messages_of_its_own() -> None:
    missing: set[str] = set()
    for flaw in flaws(TTS):
        if (flaw.keyword, flaw.place) == ("required", ("payload",)):

            @settings(QUICK, max_examples=5)
            @given(flaw.messages)
            def collect(found: Wrong) -> None:
                missing.update({"text", "speaker"} - found.message["payload"].keys())

            collect()
    assert missing == {"text", "speaker"}


def test_wrong_item_of_a_list_stands_anywhere_in_it() -> None:
    items = next(flaw for flaw in flaws(STT) if flaw.place == ("payload", "audioList", 0))
    places: set[str | int] = set()

    @settings(QUICK, max_examples=200, derandomize=True)
    @given(items.messages)
    def collect(found: Wrong) -> None:
        places.add(found.place[2])

    collect()
    assert places > {0, 1}


@pytest.mark.parametrize("path", [TTS, STT])
def test_random_messages_have_every_flaw_and_not_the_first_ones_only(path: str) -> None:
    seen: set[tuple[str, Place]] = set()

    @settings(QUICK, max_examples=600, derandomize=True)
    @given(wrong(path))
    def collect(found: Wrong) -> None:
        seen.add((found.keyword, tuple(0 if isinstance(part, int) else part for part in found.place)))

    collect()
    assert seen == {(flaw.keyword, flaw.place) for flaw in flaws(path)}
