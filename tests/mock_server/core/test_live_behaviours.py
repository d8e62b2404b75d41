"""Behaviours that are changed while a mock runs."""

import pytest

from hamsa_mock.core.live_behaviours import LiveBehaviours
from hamsa_schemas import UnknownBehaviour, WrongValue, load_behaviours

HEADER = "hamsa.tts.audio_header"
DELAY = "hamsa.tts.first_audio_delay"


def live() -> LiveBehaviours:
    return LiveBehaviours(load_behaviours("instant", {HEADER: "exact"}))


def test_behaviours_are_those_of_the_start_until_they_are_changed() -> None:
    behaviours = live()
    assert behaviours == load_behaviours("instant", {HEADER: "exact"})
    assert behaviours.profile == "instant"


def test_changed_values_count_and_others_stay() -> None:
    behaviours = live()
    behaviours.change({DELAY: "1.5"})
    assert behaviours.number(DELAY) == 1.5
    assert behaviours.choice(HEADER) == "exact"
    assert behaviours.profile == "instant"


@pytest.mark.parametrize(("slug", "value", "error"), [("hamsa.tts.x", 1, UnknownBehaviour), (HEADER, "x", WrongValue)])
def test_refused_change_changes_nothing(slug: str, value: str, error: type[Exception]) -> None:
    behaviours = live()
    with pytest.raises(error):
        behaviours.change({DELAY: 3, slug: value})
    assert behaviours.number(DELAY) == 0


def test_another_profile_replaces_all_values_until_a_reset() -> None:
    behaviours = live()
    behaviours.replace(load_behaviours("documented"))
    assert behaviours == load_behaviours("documented")
    assert behaviours.profile == "documented"
    behaviours.reset()
    assert behaviours.choice(HEADER) == "exact"
    assert behaviours.profile == "instant"
