"""The whole suite at mocks that do what the documents say: nothing may be found."""

from collections.abc import Mapping

import pytest

from hamsa_conformance.result import Result
from hamsa_conformance.running.finding_cases import load_cases
from hamsa_conformance.running.run import run_cases
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from hamsa_schemas import BehaviourValue
from tests.conformance.bench import place_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CASES = {case.slug: case for case in load_cases()}
GOOD = {Verdict.PASS, Verdict.INFO}

# Each of them is a server as a document describes it, or as somebody has seen it.
MOCKS: Mapping[str, tuple[str, Mapping[str, BehaviourValue]]] = {
    "documented": ("documented", {}),
    "instant": ("instant", {}),
    "as assumed otherwise": (
        "documented",
        {
            "hamsa.auth.info": "before_key",
            "hamsa.auth.failure": "close_only",
            "hamsa.error.end": "end",
            "hamsa.tts.overlap": "interleave",
            "hamsa.tts.audio_header": "streaming",
            "hamsa.tts.unknown_speaker": "invalid",
            "hamsa.tts.long_text": "cut",
            "hamsa.stt.empty": "error",
            "hamsa.rest.stt_shape": "flat",
            "hamsa.rest.tts_stream_header": "streaming",
            "hamsa.rest.cors": "deny",
            "hamsa.websocket.compression": "accepted",
            "hamsa.keepalive.activity": "frames",
        },
    ),
}


def results_at(mock: MockServer) -> list[Result]:
    """What comes of all cases."""
    return run_cases(list(CASES.values()), [place_of(mock)])


def shown(result: Result) -> str:
    """What is wrong, in a line."""
    found = [f"expected {finding.expected}; got {finding.actual}" for finding in result.findings]
    return f"{result.verdict} {result.slug}: {result.reason or ''} {' | '.join(found)}"


@pytest.mark.parametrize("name", MOCKS)
def test_suite_finds_nothing_at_a_healthy_mock(name: str) -> None:
    profile, behaviours = MOCKS[name]
    with MockServer(profile=profile, behaviours=behaviours) as mock:
        results = results_at(mock)
    assert len(results) == len(CASES)
    fails = [shown(result) for result in results if result.verdict not in {*GOOD, Verdict.SKIPPED}]
    assert not fails, "\n".join(fails)
    over = [
        f"{result.slug}: {result.spent} of {CASES[result.slug].takes}"
        for result in results
        if result.spent.characters > CASES[result.slug].takes.characters
    ]
    assert not over, "\n".join(["these cases cost more than they say:", *over])
    if name == "documented":
        skipped = [shown(result) for result in results if result.verdict is Verdict.SKIPPED]
        assert not skipped, "\n".join(skipped)
