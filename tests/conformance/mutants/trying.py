"""Cases tried at mutants, in this process."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from hamsa_conformance.case import Case
from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.timekeeping import RealTime
from hamsa_conformance.running.bench import Bench, Place, bench_at
from hamsa_conformance.running.finding_cases import fits, load_cases
from hamsa_conformance.running.judging import judge
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from hamsa_schemas import load_facts
from tests.conformance.mutants.mutant import Mutant

ADMIN = "/__mock__"


@contextmanager
def bench_for(mutant: Mutant) -> Iterator[Bench]:
    """Where cases are tried at a mutant. They look for the endpoint where the documents say that it is."""
    with mutant.applied(), mutant.mock() as mock:
        place = Place(ws_url=_ws_url(mock), http_url=mock.http_url, admin_url=mock.http_url + ADMIN)
        with bench_at(place) as bench:
            bench.endpoint = replace(bench.endpoint, spare=lambda: _spare(mutant, bench.endpoint))
            yield bench


@contextmanager
def _spare(mutant: Mutant, endpoint: Endpoint) -> Iterator[Endpoint]:
    """One more, in real time, while the mistake is applied."""
    with mutant.mock() as mock:
        yield replace(endpoint, ws_url=_ws_url(mock), http_url=mock.http_url, time=RealTime(), mock=mock.client)


def _ws_url(mock: MockServer) -> str:
    return mock.http_url.replace("http", "ws", 1) + load_facts("hamsa").text("endpoint.realtime")


@cache
def judging_cases() -> tuple[Case, ...]:
    """The cases that can find something wrong: all but those which only observe."""
    return tuple(case for case in load_cases() if case.kind != "observe")


def verdicts(mutant: Mutant, cases: Iterable[Case]) -> Iterator[tuple[Case, Verdict]]:
    """What each case says of a mutant, one after the other, in one attempt: a mistake is no matter of chance."""
    with bench_for(mutant) as bench:
        for case in cases:
            yield case, judge(case, bench.server, pauses=()).verdict


def cases_for(mutant: Mutant, known: Iterable[str] = ()) -> list[Case]:
    """The cases one of which has to see a mutant: those which rest on the statement that it breaks, or it names.

    `known`: slugs of cases that saw it before; they come first.
    """
    before = frozenset(known)
    found = [
        case
        for case in judging_cases()
        if mutant.statement in case.statements or any(fits(case.slug, choice) for choice in mutant.cases)
    ]
    return sorted(found, key=lambda case: case.slug not in before)


def sees(mutant: Mutant, verdict: Verdict) -> bool:
    """Whether this verdict tells the mutant from the mock as it should be."""
    return verdict is mutant.verdict


def required(cases: Iterable[Case]) -> Mapping[str, Case]:
    """Those which a server must not fail, by slug."""
    return {case.slug: case for case in cases if case.kind == "required"}
