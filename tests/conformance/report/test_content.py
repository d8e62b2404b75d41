"""A report is made of a run: what it holds, and that no key is in it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote

import pytest

from hamsa_conformance.report.content import counts, report_of
from hamsa_conformance.result import Finding, Result, Target
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import TEXT_CHARACTERS, Entry
from tests.conformance.report.sample import fail, sample_cases, sample_run
from tests.conformance.report.wire import KEY, Wire

CASES = sample_cases()
SLUG = "hamsa.tts.ack_first"


def texts(value: Any) -> Iterator[str]:
    """All texts in a value of any depth, names included."""
    match value:
        case str():
            yield value
        case dict():
            yield from texts([*value, *value.values()])
        case list() | tuple():
            for each in value:
                yield from texts(each)


def shown(result: Result, *secrets: str) -> Result:
    """A result as it is in a report."""
    run = sample_run(results=(replace(result, slug=SLUG),))
    return report_of(run, CASES, secrets).cases[0].result


def test_report_holds_what_each_case_says_of_itself() -> None:
    report = report_of(sample_run(), CASES, [KEY])
    judged = report.cases[3]
    assert (judged.slug, judged.section, judged.kind, judged.basis) == (
        "hamsa.auth.no_key",
        "hamsa.auth",
        "required",
        "documented",
    )
    assert [each.id for each in judged.statements] == ["API-17", "API-21"]
    assert judged.statements[0].says.startswith("A connection without a key")
    assert judged.statements[0].source.startswith("Hamsa documentation")
    assert judged.result.verdict is Verdict.FAIL
    assert judged.gravest_finding is judged.result.findings[1]
    assert report.cases[0].gravest_finding is None
    assert report.tool_version


def test_sections_keep_the_order_of_the_cases() -> None:
    results = sample_run().results
    report = report_of(sample_run(results=(*results[4:], *results[:4])), CASES, [KEY])
    sections = report.sections
    assert [*sections][:2] == ["hamsa.auth", "hamsa.tts"]
    assert [case.slug for case in sections["hamsa.auth"]] == [
        "hamsa.auth.expired_key",
        "hamsa.auth.wrong_keys",
        "hamsa.auth.no_key",
    ]
    assert counts(sections["hamsa.auth"])[Verdict.SKIPPED] == 2
    assert sum(counts(report.cases).values()) == len(report.cases)


def test_no_text_of_a_report_holds_the_key() -> None:
    assert any(KEY in text for text in texts(asdict(sample_run())))
    report = report_of(sample_run(options=(f"--key {KEY}",)), CASES, [KEY])
    assert [text for text in texts(asdict(report)) if KEY in text] == []


@pytest.mark.parametrize("key", ['quote"and\\backslash', "needs/quoting and+more&", "Schlüssel-mit-ü"])
def test_key_is_hidden_in_every_form_in_which_texts_hold_it(key: str) -> None:
    forms = [key, quote(key), quote(key, safe=""), json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]]
    entries = [
        Entry(kind="message", time=0.0, connection=1, sequence=1, direction="to_client", text=f"<{form}>")
        for form in forms
    ]
    result = shown(
        Result(
            slug=SLUG,
            verdict=Verdict.FAIL,
            reason=f"because of {forms[0]}",
            findings=tuple(fail(form, form) for form in forms),
            observations={"hamsa.tts.overlap": forms[0]},
            transcript=tuple(entries),
        ),
        key,
    )
    assert result.reason == "because of ***"
    assert {(finding.expected, finding.actual) for finding in result.findings} == {("***", "***")}
    assert result.observations == {"hamsa.tts.overlap": "***"}
    assert {entry.text for entry in result.transcript} == {"<***>"}


def test_headers_that_carry_keys_are_hidden_though_nobody_knows_the_key() -> None:
    headers = {"authorization": "Token somebody", "x-api-key": "else"}
    wire = Wire().note("handshake_request", "to_server", path="/", query={"api_key": "other"}, headers=headers)
    (entry,) = shown(Result(slug=SLUG, verdict=Verdict.PASS, transcript=wire.done())).transcript
    assert entry.headers == {"authorization": "***", "x-api-key": "***"}
    assert entry.query == {"api_key": "***"}


def test_target_and_its_facts_are_shown_without_the_key() -> None:
    target = Target(url=f"ws://u:{KEY}@h/?api_key={KEY}", is_mock=True, facts={f"key {KEY}": f"is {KEY}", "a": "b"})
    shown = report_of(sample_run(target=target), CASES, [KEY]).run.target
    assert shown == Target(url="ws://u:***@h/?api_key=***", is_mock=True, facts={"key ***": "is ***", "a": "b"})


def test_entries_are_numbered() -> None:
    transcript = shown(Result(slug=SLUG, verdict=Verdict.PASS, transcript=Wire().greeted().done())).transcript
    assert [entry.position for entry in transcript] == [1, 2, 3]


def test_bytes_that_are_no_utf_8_are_shown_as_escapes() -> None:
    """Header fields hold such bytes as lone surrogates, and values of JSON may hold any."""
    hidden = ("headers.x-\udcff",)
    wire = Wire().note("handshake_answer", "to_client", status=200, headers={"x-\udcff": "\udcfe!"}, redacted=hidden)
    finding = Finding(axis="messages", verdict=Verdict.FAIL, expected="text", actual="'\ud800'")
    result = shown(Result(slug=SLUG, verdict=Verdict.FAIL, transcript=wire.done(), findings=(finding,)))
    assert result.transcript[0].headers == {"x-\\udcff": "\\udcfe!"}
    assert result.transcript[0].redacted == ("headers.x-\\udcff",)
    assert result.findings[0].actual == "'\\ud800'"


def test_numbers_are_no_finer_than_clocks() -> None:
    entry = Entry(kind="note", time=11.909071439000225, connection=1, sequence=1, event="x")
    measured = {"hamsa.tts.chunk_gap": (0.040000000000873, 640)}
    result = shown(Result(slug=SLUG, verdict=Verdict.PASS, measured=measured, transcript=(entry,)))
    assert result.measured == {"hamsa.tts.chunk_gap": (0.04, 640)}
    assert result.transcript[0].time == 11.909071


def test_texts_without_end_are_cut() -> None:
    result = shown(
        Result(
            slug=SLUG,
            verdict=Verdict.FAIL,
            reason="x" * 20_000,
            findings=(fail("short", "y" * TEXT_CHARACTERS),),
            observations={"hamsa.tts.chunk_gap": 0.5},
            transcript=Wire().says("to_client", "z" * 20_000).done(),
        )
    )
    assert result.reason == "x" * TEXT_CHARACTERS + "… (20,000 characters)"
    assert result.findings[0].actual == "y" * TEXT_CHARACTERS
    assert result.observations == {"hamsa.tts.chunk_gap": 0.5}
    assert (result.transcript[0].text, result.transcript[0].size) == ("z" * TEXT_CHARACTERS, 20_000)
