"""Whatever a behaviour is set to is observed: at a mock whose clock is moved, and at one that looks like any server."""

import json
from pathlib import Path

import pytest

from hamsa_conformance.case import Case
from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.keys import MOCK_VOICES, variable
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import Unmet
from hamsa_conformance.report.profile_writer import behaviours_of, profile_of, write_profile
from hamsa_conformance.result import Result
from hamsa_conformance.running.bench import Bench
from hamsa_conformance.running.finding_cases import load_cases
from hamsa_conformance.running.judging import judge
from hamsa_conformance.verdict import Verdict
from hamsa_conformance.vocabulary.observation import observe_refusal, observing
from hamsa_kit.client_events import TextMessage
from hamsa_mock import MockServer
from hamsa_schemas import BehaviourValue, Choice, UnknownBehaviour, load_behaviours
from tests.conformance.bench import bench_of
from tests.conformance.runs import run_of

Changes = dict[str, BehaviourValue]

OBSERVING = {case.slug: case for case in load_cases() if case.section == "hamsa.observed"}

SLOW = ("hamsa.keepalive.", "hamsa.limit.", "hamsa.tts.long_text", "hamsa.tts.preload_lasts", "hamsa.tts.truncation")
"""What takes longer than a moment also where the clock is moved."""

ELSEWHERE = {
    "hamsa.auth.info": "auth_failure",
    "hamsa.keepalive.activity": "keepalive_inactivity",
    "hamsa.limit.connections_per_address": "limit_connections_per_key",
    "hamsa.stt.delay": "stt_answer",
    "hamsa.tts.audio_header": "tts_first_audio_delay",
    "hamsa.tts.chunk_gap": "tts_first_audio_delay",
    "hamsa.tts.chunking": "tts_first_audio_delay",
    "hamsa.tts.long_text": "limit_text_characters",
    "hamsa.tts.truncated_audio": "tts_truncated_bytes",
    "hamsa.tts.voice_loading": "tts_unpreloaded_voice",
}
"""The cases that observe more than the behaviour that they are called after."""

NUMBERS: dict[str, tuple[float, ...]] = {
    "hamsa.auth.connect_delay": (0, 1.25),
    "hamsa.keepalive.inactivity": (60, 3600),
    "hamsa.keepalive.ping_interval": (20, 45.5),
    "hamsa.keepalive.pong_timeout": (0, 20),
    "hamsa.limit.connections_per_address": (3, 20),
    "hamsa.limit.connections_per_key": (1, 5, 19),
    "hamsa.limit.connections_window": (10, 45, 60),
    "hamsa.limit.message_bytes": (1024, 1_000_000, 33_554_432),
    "hamsa.limit.requests": (1, 10, 100),
    "hamsa.limit.requests_window": (10, 45, 3600),
    "hamsa.limit.text_characters": (10, 2000, 2500),
    "hamsa.stt.delay": (0, 2.3),
    "hamsa.tts.chunk_gap": (0.04, 0.6),
    "hamsa.tts.first_audio_delay": (0, 0.8),
    "hamsa.tts.preload_lasts": (0, 90, 3600),
    "hamsa.tts.truncated_bytes": (0, 320, 640),
    "hamsa.tts.voice_loading": (0.5, 3),
}

GIVEN: dict[str, Changes] = {
    "hamsa.limit.connections_window": {"hamsa.limit.connections_per_key": 2},
    "hamsa.limit.counts": {"hamsa.limit.requests": 10},
    "hamsa.limit.requests_window": {"hamsa.limit.requests": 5},
    "hamsa.tts.truncation_probability": {"hamsa.tts.truncation": "random"},
}


def cases_of(slug: str) -> list[Case]:
    """The cases that observe a behaviour."""
    _, section, name = slug.split(".")
    named = [OBSERVING[f"hamsa.observed.{ELSEWHERE.get(slug, f'{section}_{name}')}"]]
    if slug == "hamsa.tts.truncation":
        named += [
            OBSERVING[f"hamsa.observed.{name}"] for name in ("tts_truncation_probability", "limit_connections_per_key")
        ]
    return named


def values_of(slug: str) -> tuple[BehaviourValue, ...]:
    """What a behaviour is set to."""
    entry = load_behaviours().entry(slug)
    return tuple(entry.options) if isinstance(entry, Choice) else NUMBERS[slug]


SETTINGS = [
    pytest.param(slug, value, id=f"{slug}={value}", marks=[pytest.mark.slow] if slug.startswith(SLOW) else [])
    for slug in load_behaviours()
    if slug != "hamsa.tts.truncation_probability"
    for value in values_of(slug)
]


def results(bench: Bench, cases: list[Case]) -> tuple[Result, ...]:
    found: list[Result] = []
    for case in cases:
        bench.begin(case.slug)
        found.append(judge(case, bench.server, pauses=(0.05, 0.05)))
    return tuple(found)


def observed(changes: Changes, cases: list[Case], steered: bool = True, profile: str = "documented") -> Changes:
    """What some cases observe at a mock that is set so."""
    with MockServer(profile=profile, behaviours=changes) as mock:
        given = {"HAMSA_API_KEY": mock.key}
        given |= {variable("voice", name): voice for name, voice in MOCK_VOICES.items()}
        with pytest.MonkeyPatch.context() as environment:
            for name, value in given.items():
                environment.setenv(name, value)
            with bench_of(mock, steered) as bench:
                seen = results(bench, cases)
    for result in seen:
        assert result.verdict in (Verdict.INFO, Verdict.SKIPPED), (result.reason, result.findings)
        assert not [finding for finding in result.findings if finding.axis == "messages"]
    return {slug: value for result in seen for slug, value in result.observations.items()}


# What is there


@pytest.mark.parametrize("slug", sorted(load_behaviours()))
def test_every_behaviour_has_an_observing_case(slug: str) -> None:
    assert any(f"{slug} " in case.expects for case in cases_of(slug))


def test_observing_cases_demand_nothing() -> None:
    assert {case.kind for case in OBSERVING.values()} == {"observe"}


def test_behaviour_that_does_not_exist_cannot_be_observed() -> None:
    with pytest.raises(UnknownBehaviour, match=r"hamsa\.tts\.overlap"):
        observing("hamsa.tts.overlapp")


# What is none of the options


def test_unknown_option_is_a_finding_that_says_what_was_seen() -> None:
    with MockServer(faults=["refuse(503)"]) as mock, bench_of(mock) as bench:
        (result,) = results(bench, cases_of("hamsa.auth.failure"))
    (finding,) = result.findings
    assert (result.verdict, finding.verdict, dict(result.observations)) == (Verdict.INFO, Verdict.NON_STRICT, {})
    assert "error_then_close or close_only or http_401" in finding.expected
    assert "HTTP 503" in finding.actual


@pytest.mark.parametrize("words", ["Voice not owned by user", "Voice not owned by user."])
def test_error_stands_for_an_option_also_in_nearly_its_words(server: Server, words: str) -> None:
    observe_refusal(server, "hamsa.tts.foreign_voice", error(words), {"not_owned": "text.voice_not_owned"}, "speak")
    assert server.observations == {"hamsa.tts.foreign_voice": "not_owned"}


def test_error_that_stands_for_no_option_is_unmet(server: Server) -> None:
    with pytest.raises(Unmet, match=r"queue or interleave or aborted; got the error 'no way'"):
        observe_refusal(server, "hamsa.tts.overlap", error("no way"), {"aborted": "text.tts_aborted"}, "queue")


def error(words: str) -> Answer:
    """An answer that is an error."""
    message = json.dumps({"type": "error", "payload": {"message": words}})
    return Answer(SENTENCE, 0, messages=[TextMessage(message)])


# At a mock whose clock is moved


@pytest.mark.parametrize(("slug", "value"), SETTINGS)
def test_every_setting_is_observed(slug: str, value: BehaviourValue) -> None:
    seen = observed({**GIVEN.get(slug, {}), slug: value}, cases_of(slug))
    assert seen[slug] == value


@pytest.mark.slow
@pytest.mark.parametrize("probability", [0.25, 0.6, 0.9])
def test_share_of_answers_that_are_cut_short_is_observed(probability: float) -> None:
    changes: Changes = {"hamsa.tts.truncation": "random", "hamsa.tts.truncation_probability": probability}
    seen = observed(changes, cases_of("hamsa.tts.truncation_probability"))
    assert seen["hamsa.tts.truncation_probability"] == pytest.approx(probability, abs=0.15)


# Behaviours that meet


@pytest.mark.slow
@pytest.mark.parametrize(
    "together",
    [
        {"hamsa.keepalive.pong_timeout": 10, "hamsa.keepalive.ping_interval": 20, "hamsa.keepalive.inactivity": 600.5},
        {"hamsa.keepalive.inactivity": 600.5, "hamsa.keepalive.activity": "messages", "hamsa.auth.connect_delay": 2.5},
        {"hamsa.keepalive.inactivity": 600.5, "hamsa.keepalive.activity": "frames", "hamsa.auth.connect_delay": 2.5},
        {"hamsa.limit.connections_window": 40, "hamsa.limit.connections_per_key": 2, "hamsa.auth.connect_delay": 2.5},
        {"hamsa.limit.requests_window": 40, "hamsa.limit.requests": 3, "hamsa.auth.connect_delay": 2.5},
        {"hamsa.tts.preload_lasts": 50, "hamsa.auth.connect_delay": 2.5},
        {"hamsa.tts.long_text": "cut", "hamsa.limit.text_characters": 1200, "hamsa.tts.truncation": "first_answer"},
        {"hamsa.tts.chunking": "seconds", "hamsa.tts.audio_header": "streaming"},
        {"hamsa.tts.audio_header": "exact", "hamsa.tts.truncation": "first_answer", "hamsa.tts.overlap": "interleave"},
    ],
    ids=lambda together: ", ".join(together),
)
def test_behaviours_that_meet_are_all_observed(together: Changes) -> None:
    seen = observed(together, [case for slug in together for case in cases_of(slug)])
    assert {slug: seen[slug] for slug in together} == together


def test_limit_of_a_key_that_lies_above_that_of_its_address_is_not_made_up() -> None:
    changes: Changes = {"hamsa.limit.connections_per_address": 3, "hamsa.limit.connections_per_key": 5}
    seen = observed(changes, cases_of("hamsa.limit.connections_per_key"))
    assert seen == {"hamsa.tts.truncation": "connections", "hamsa.limit.connections_per_address": 3}


# At a mock that looks like any server

REAL: dict[str, tuple[BehaviourValue, ...]] = {
    "hamsa.auth.connect_delay": (0, 0.5),
    "hamsa.auth.failure": (),
    "hamsa.auth.info": (),
    "hamsa.error.end": (),
    "hamsa.keepalive.activity": (),
    "hamsa.keepalive.inactivity": (0.5, 1),
    "hamsa.keepalive.ping_interval": (0.1, 0.6),
    "hamsa.keepalive.pong_timeout": (0.2, 0.7),
    "hamsa.limit.message_bytes": (1024,),
    "hamsa.limit.text_characters": (10,),
    "hamsa.rest.auth": (),
    "hamsa.rest.cors": (),
    "hamsa.rest.stt_shape": (),
    "hamsa.rest.tts_header": (),
    "hamsa.rest.tts_stream_header": (),
    "hamsa.stt.answer": (),
    "hamsa.stt.audio_list": (),
    "hamsa.stt.containers": (),
    "hamsa.stt.delay": (0, 0.5),
    "hamsa.stt.empty": (),
    "hamsa.stt.unfinished": (),
    "hamsa.tts.audio_header": (),
    "hamsa.tts.chunk_gap": (0, 0.5),
    "hamsa.tts.chunking": (),
    "hamsa.tts.dialect_mismatch": (),
    "hamsa.tts.first_audio_delay": (0, 0.5),
    "hamsa.tts.foreign_voice": (),
    "hamsa.tts.long_text": (),
    "hamsa.tts.mulaw_with_rate": (),
    "hamsa.tts.overlap": (),
    "hamsa.tts.truncation": ("random", "first_answer"),
    "hamsa.tts.unknown_speaker": (),
    "hamsa.tts.unpreloaded_voice": ("slow", "aborted"),
    "hamsa.tts.voice_loading": (0.5, 1),
    "hamsa.websocket.compression": (),
}
"""What shows without steering, and the values that are tried: all of them where none is named."""

REAL_GIVEN: dict[str, Changes] = {
    "hamsa.keepalive.activity": {"hamsa.keepalive.inactivity": 0.5},
    "hamsa.keepalive.pong_timeout": {"hamsa.keepalive.ping_interval": 0.1},
    "hamsa.tts.overlap": {"hamsa.tts.first_audio_delay": 0.1},
    "hamsa.tts.truncation": {"hamsa.tts.truncation_probability": 0.8},
    "hamsa.tts.unpreloaded_voice": {"hamsa.tts.voice_loading": 0.5},
}

REAL_SETTINGS = [
    pytest.param(slug, value, id=f"{slug}={value}", marks=pytest.mark.slow)
    for slug, values in REAL.items()
    for value in values or values_of(slug)
]

EARLY, LATE_BY = 0.01, 0.45
"""Seconds by which a real time may be other than it was set: rounded down, and late on a machine that is busy."""


@pytest.mark.parametrize(("slug", "value"), REAL_SETTINGS)
def test_settings_are_observed_at_a_server_that_cannot_be_steered(slug: str, value: BehaviourValue) -> None:
    changes = {**REAL_GIVEN.get(slug, {}), slug: value}
    seen = observed(changes, cases_of(slug)[:1], steered=False, profile="instant")
    if isinstance(value, str) or slug.startswith("hamsa.limit"):
        assert seen[slug] == value
    else:
        assert value - EARLY <= float(seen[slug]) <= value + LATE_BY


# The profile

ODD: Changes = {
    "hamsa.auth.connect_delay": 0.7,
    "hamsa.auth.failure": "close_only",
    "hamsa.error.end": "end",
    "hamsa.keepalive.ping_interval": 25,
    "hamsa.keepalive.pong_timeout": 15,
    "hamsa.limit.requests": 40,
    "hamsa.limit.text_characters": 1500,
    "hamsa.rest.auth": "any",
    "hamsa.rest.stt_shape": "flat",
    "hamsa.stt.answer": "transcription",
    "hamsa.stt.delay": 1.9,
    "hamsa.tts.audio_header": "streaming",
    "hamsa.tts.chunk_gap": 0.2,
    "hamsa.tts.chunking": "seconds",
    "hamsa.tts.first_audio_delay": 0.85,
    "hamsa.tts.overlap": "interleave",
    "hamsa.tts.truncated_audio": "silence",
    "hamsa.tts.truncated_bytes": 1280,
    "hamsa.tts.truncation": "first_answer",
    "hamsa.tts.unknown_speaker": "not_owned",
}


@pytest.mark.slow
def test_profile_of_a_mock_with_the_published_one_is_the_published_one() -> None:
    """Its probability is met as nearly as so many answers allow; all else is what it says."""
    published = load_behaviours("observed-2026-02")
    expected = {slug: value for slug, value in published.items() if value != load_behaviours()[slug]}
    with MockServer(profile="observed-2026-02") as mock, bench_of(mock) as bench:
        written = profile_of(run_of(results(bench, list(OBSERVING.values()))))["behaviours"]
    probability = "hamsa.tts.truncation_probability"
    assert written.get(probability, 0) == pytest.approx(published[probability], abs=0.1)
    assert {**written, probability: published[probability]} == {**expected, probability: published[probability]}


LATE: Changes = {
    "hamsa.auth.connect_delay": 1.2,
    "hamsa.keepalive.activity": "frames",
    "hamsa.keepalive.inactivity": 2400,
    "hamsa.limit.connections_per_key": 4,
    "hamsa.limit.connections_window": 45,
    "hamsa.limit.requests": 40,
    "hamsa.limit.requests_window": 30,
    "hamsa.stt.delay": 2.3,
    "hamsa.tts.chunk_gap": 0.6,
    "hamsa.tts.first_audio_delay": 0.8,
    "hamsa.tts.preload_lasts": 90,
}
"""Where everything takes its time, the limits are what they are."""


@pytest.mark.slow
@pytest.mark.parametrize("changes", [ODD, LATE], ids=["odd", "late"])
def test_profile_of_a_mock_makes_another_one_like_it(tmp_path: Path, changes: Changes) -> None:
    everything = list(OBSERVING.values())
    with MockServer(behaviours=changes) as mock, bench_of(mock) as bench:
        first = run_of(results(bench, everything))
    path = tmp_path / "seen.json"
    write_profile(first, path)
    assert profile_of(first)["behaviours"] == changes
    with MockServer(profile=str(path)) as mock, bench_of(mock) as bench:
        second = run_of(results(bench, everything))
    assert behaviours_of(second) == behaviours_of(first)
