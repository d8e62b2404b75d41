"""A server as the live one: it cuts answers short by chance, and nothing steers it.

It is a mock that is set otherwise than the suite's, behind a proxy that hides its admin API. Its journal tells what was
really done to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from hamsa_conformance.case import Case, Cost
from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.report.content import Report, report_of
from hamsa_conformance.report.drift import drift
from hamsa_conformance.result import Result, Run, Target
from hamsa_conformance.running.bench import LimitedBench
from hamsa_conformance.running.budget import estimate
from hamsa_conformance.running.finding_cases import load_cases, select
from hamsa_conformance.running.gate import Limits
from hamsa_conformance.running.judging import judge
from hamsa_conformance.running.planning import Conditions, plan
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import Entry
from hamsa_mock import MockServer
from hamsa_schemas import BehaviourValue
from tests.conformance.hiding_proxy import HidingProxy
from tests.conformance.hurried import FACTOR, HurriedTime

pytestmark = pytest.mark.slow

SEEDS = range(20)
UNHURRIED = Limits(connections_per_minute=100_000, requests_per_minute=100_000)
LIVELY: Mapping[str, BehaviourValue] = {"hamsa.tts.truncation": "random", "hamsa.tts.truncation_probability": 0.4}
ENDLESS: Mapping[str, BehaviourValue] = {"hamsa.limit.requests": 1_000_000}
TIMES = ("hamsa.auth.connect_delay", "hamsa.tts.first_audio_delay", "hamsa.tts.chunk_gap", "hamsa.stt.delay")
"""They change with whatever else the machine does."""

BROKEN_BY_CLIENT = (1002, 1003, 1007, 1009)
"""The codes with which a server fails a connection whose client breaks RFC 6455."""

SPEECH = select(load_cases(), ("hamsa.tts", "hamsa.errors", "hamsa.stt", "hamsa.audio", "hamsa.rest"))


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hurried second is short on a machine that has much to do."""
    monkeypatch.setattr("hamsa_conformance.running.judging.CLOSING_SECONDS", 100)


@contextmanager
def live(
    seed: int = 0, behaviours: Mapping[str, BehaviourValue] | None = None
) -> Iterator[tuple[MockServer, HidingProxy]]:
    """A server as the live one, and where it is."""
    changes = {**LIVELY, **ENDLESS, **(behaviours or {})}
    with (
        MockServer(profile="instant", behaviours=changes, seed=seed) as mock,
        HidingProxy(urlsplit(mock.ws_url).port or 0) as proxy,
    ):
        yield mock, proxy


def tried(proxy: HidingProxy, key: str, cases: Sequence[Case], limits: Limits = UNHURRIED) -> list[Result]:
    """What comes of cases, tried as a worker does."""
    endpoint = Endpoint(
        ws_url=f"{proxy.url}/v1/realtime/ws",
        http_url=proxy.url.replace("ws:", "http:"),
        time=HurriedTime(),
        credentials=Credentials({("key", "valid"): key}),
        timeout=100,
    )
    bench = LimitedBench(endpoint, limits, lambda seconds, why: None)
    results: list[Result] = []
    for number, case in enumerate(cases):
        later = estimate(other for other in cases[number + 1 :] if other.kind == case.kind)
        bench.begin(case.slug, case.takes.characters, later.characters)
        results.append(judge(case, bench.server))
    return results


def planned(cases: Sequence[Case] = SPEECH, budget: int | None = None, intrusive: bool = False) -> tuple[Case, ...]:
    """Those that are tried at a live server."""
    credentials = Credentials({("key", "valid"): "k"})
    return plan(cases, Conditions(is_mock=False, credentials=credentials, budget=budget, intrusive=intrusive)).tried


def report(results: Sequence[Result], cases: Sequence[Case]) -> Report:
    """The report of a run."""
    run = Run(
        provider="hamsa",
        target=Target(url="ws://live.example", is_mock=False),
        started="2026-01-01T00:00:00+00:00",
        seconds=1,
        seed=0,
        strict=False,
        options=(),
        estimated=Cost(),
        results=tuple(results),
    )
    return report_of(run, {case.slug: case for case in cases}, ())


def spoken(mock: MockServer) -> int:
    """How many characters the mock was asked to speak, in requests that it took."""
    notes = [entry for entry in mock.journal.entries(kind="note") if entry.event in ("request", "http")]
    return sum(int(note.data.get("characters", 0)) for note in notes if note.data.get("type") == "tts")


def is_request(entry: Entry) -> bool:
    """Whether a client sent a message, or a request over HTTP."""
    return entry.direction == "to_server" and entry.kind in ("message", "http_request")


@pytest.mark.timeout(300)
def test_twenty_runs_at_a_server_that_cuts_answers_short_give_no_fail_and_no_drift() -> None:
    cases = planned(load_cases())[::4]
    reports: list[Report] = []
    for seed in SEEDS:
        with live(seed) as (mock, proxy):
            results = tried(proxy, mock.key, cases)
        fails = [(result.slug, result.findings) for result in results if result.verdict is Verdict.FAIL]
        assert not fails, f"seed {seed}"
        assert any(result.attempts > 1 for result in results), "some answers were cut short"
        reports.append(report(results, cases))
    for old, new in [*pairwise(reports), (reports[-1], reports[0])]:
        found = drift(old, new)
        assert (found.verdicts, found.observed) == ((), ())
        assert [change.name for change in found.measured if change.name not in TIMES] == []


def test_what_an_operator_may_call_abuse_happens_only_if_it_is_asked_for() -> None:
    robust = select(load_cases(), ("hamsa.robustness",))
    with live() as (mock, proxy):
        tried(proxy, mock.key, planned(load_cases())[::4])
        assert not [entry.code for entry in mock.journal.entries(kind="close") if entry.code in BROKEN_BY_CLIENT]
        tried(proxy, mock.key, planned(robust, intrusive=True)[:10])
        assert [entry.code for entry in mock.journal.entries(kind="close") if entry.code in BROKEN_BY_CLIENT]


def test_requests_stay_under_the_limit_of_a_key_and_connections_under_theirs() -> None:
    cases = planned()[:60]
    limits = Limits(connections_per_minute=20, requests_per_minute=30)
    with live(behaviours={"hamsa.limit.requests": 40, "hamsa.limit.requests_window": 60 / FACTOR}) as (mock, proxy):
        tried(proxy, mock.key, cases, limits)
        entries = mock.journal.entries()
    requests = [entry.time * FACTOR for entry in entries if is_request(entry)]
    connections = [entry.time * FACTOR for entry in entries if entry.kind == "handshake_request"]
    assert len(requests) > 80, "enough to reach the limit"
    assert most_in_a_minute(requests) < 40, "a few that are late on their way come closer to the next"
    assert most_in_a_minute(connections) < 25
    assert not [entry for entry in entries if "Rate limit" in (entry.text or "")]


def test_not_one_character_more_is_spoken_than_the_budget_has() -> None:
    for budget in (0, 100, 1000):
        with live(seed=budget) as (mock, proxy):
            results = tried(proxy, mock.key, planned(budget=budget), replace(UNHURRIED, characters=budget))
            assert spoken(mock) <= budget
            assert sum(result.spent.characters for result in results) <= budget
    with live() as (mock, proxy):
        tried(proxy, mock.key, planned()[:40], replace(UNHURRIED, characters=300))
        assert 0 < spoken(mock) <= 300, "also where more is tried than was planned"


def most_in_a_minute(times: Sequence[float]) -> int:
    """The largest number of times that lie within 60 seconds."""
    return max(sum(begin <= time < begin + 60 for time in times) for begin in times)
