"""Values that a case sent as keys."""

from typing import Any

import pytest

from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.sent_keys import sent_keys
from hamsa_conformance.report.writing import FORMATS
from hamsa_conformance.result import Result
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import Entry
from tests.conformance.report.sample import fail, sample_cases, sample_run

MADE_UP = "made-up-by-a-case"
SLUG = "hamsa.tts.ack_first"


def sent(direction: Any = "to_server", **fields: Any) -> Result:
    entry = Entry(
        kind="http_request", time=0.0, connection=None, sequence=1, provider="hamsa", direction=direction, **fields
    )
    return Result(slug=SLUG, verdict=Verdict.FAIL, transcript=(entry,), findings=(fail("a refusal", f"no {MADE_UP}"),))


WAYS: dict[str, dict[str, Any]] = {
    "query": {"query": {"api_key": MADE_UP}},
    "header": {"headers": {"x-api-key": MADE_UP}},
    "scheme": {"headers": {"authorization": f"Token {MADE_UP}"}},
    "path": {"path": f"/v1/tts?api_key={MADE_UP}"},
}


@pytest.mark.parametrize("way", WAYS)
def test_key_that_nobody_has_is_in_no_report(way: str) -> None:
    result = sent(**WAYS[way])
    assert sent_keys(result) == {MADE_UP}
    report = report_of(sample_run(results=(result,)), sample_cases(), [])
    for make in FORMATS.values():
        assert MADE_UP not in make(report)


def test_words_and_what_the_server_sends_are_no_keys() -> None:
    assert not sent_keys(sent(headers={"authorization": "Bearer"}))
    assert not sent_keys(sent("to_client", headers={"x-api-key": MADE_UP}))
