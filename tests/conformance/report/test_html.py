"""The HTML page as text: what stands on it, that nothing of a server becomes part of it, and how large it grows."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from hamsa_conformance.report import html
from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.html import html_page
from hamsa_conformance.result import Target
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.parsed import CASES, Page, page, page_of, result
from tests.conformance.report.sample import HOSTILE, fail, sample_run
from tests.conformance.report.wire import KEY, Wire, sound


def test_every_case_is_a_details_element_with_its_verdict() -> None:
    cases = [found for found in page().of("details") if "data-verdict" in found]
    assert [(found["id"], found["data-verdict"]) for found in cases] == [
        (result.slug, result.verdict) for result in sample_run().results
    ]


def test_page_tells_target_facts_costs_and_options() -> None:
    text = page().text
    for words in (
        "wss://staging.example.com/v1/realtime/ws?api_key=***",
        "steered no, time passed as it does",
        "203.0.113.7",
        "ميناء ٨٧٦٥",
        "2026-11-21T16:02:11Z, took 15.2 s",
        "seed 7, --exclude hamsa.limit, --budget-chars 9000",
        "8,322 characters spoken (at most 9,600 were expected), 0 s of audio heard (at most 30)",
        "15 connections, 12 requests",
    ):
        assert words in text
    assert "seed 7, strict, " in page(strict=True).text
    mock = Target(url="ws://127.0.0.1:1", is_mock=True)
    assert "steered yes, it is a mock" in page(target=mock).text


def test_nothing_of_a_server_becomes_part_of_the_page() -> None:
    everywhere = page_of(
        result(
            verdict=Verdict.FAIL,
            reason=HOSTILE,
            findings=(fail(HOSTILE, HOSTILE, 1),),
            observations={HOSTILE: HOSTILE, "hamsa.tts.overlap": HOSTILE},
            measured={HOSTILE: (1.0, 2.0)},
            transcript=Wire().says("to_client", HOSTILE).closed(1000, "to_client", HOSTILE).done(),
            sounds=(sound(1.0, format=HOSTILE),),
        ),
        target=Target(url=HOSTILE, is_mock=False, facts={HOSTILE: HOSTILE}),
        options=(HOSTILE,),
        started=HOSTILE,
    )
    calm = page_of(
        result(
            verdict=Verdict.FAIL,
            reason="x",
            findings=(fail("x", "x", 1),),
            observations={"x": "x", "hamsa.tts.overlap": "x"},
            measured={"x": (1.0, 2.0)},
            transcript=Wire().says("to_client", "x").closed(1000, "to_client", "x").done(),
            sounds=(sound(1.0, format="x"),),
        ),
        target=Target(url="x", is_mock=False, facts={"x": "x"}),
        options=("x",),
        started="x",
    )
    assert [tag for tag, _ in everywhere.elements] == [tag for tag, _ in calm.elements]
    assert everywhere.scripts == calm.scripts
    assert not re.search("[\x00\x1b\u202e]", everywhere.html)


def test_page_allows_its_own_script_and_style_and_nothing_else() -> None:
    made = page()
    (policy,) = made.of("meta", **{"http-equiv": "Content-Security-Policy"})
    (script,), (style,) = made.scripts, made.styles
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script)]
    assert policy["content"] == f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}"
    assert not any(name == "style" or name.startswith("on") for _, found in made.elements for name in found)


def test_page_asks_for_nothing() -> None:
    made = page()
    addresses = [found[name] for _, found in made.elements for name in ("src", "href", "action") if name in found]
    assert addresses
    assert all(address is not None and address.startswith("#") for address in addresses)
    assert not re.search(r"url\(|@import", made.styles[0])
    assert not re.search(r"fetch|XMLHttp|import|https?:", made.scripts[0])


def test_every_link_leads_to_something_on_the_page() -> None:
    made = page()
    ids = [found["id"] for _, found in made.elements if "id" in found]
    assert len(set(ids)) == len(ids)
    assert {link["href"] for link in made.of("a")} <= {f"#{id}" for id in ids}


def test_key_is_nowhere_on_the_page() -> None:
    assert KEY not in page().html


@pytest.mark.parametrize(
    ("verdicts", "strict", "tone", "words"),
    [
        ("FAIL PASS", False, "fail", "1 of 2 cases fails"),
        ("FAIL FAIL", False, "fail", "2 of 2 cases fail"),
        ("FAIL INCONCLUSIVE", False, "fail", "1 of 1 case fails"),
        ("NON-STRICT PASS", False, "pass", "No case fails, of 2"),
        ("NON-STRICT PASS", True, "fail", "1 of 2 cases not strictly met"),
        ("INCONCLUSIVE SKIPPED INFO", False, "inconclusive", "Nothing could be judged"),
        ("INCONCLUSIVE PASS", False, "inconclusive", "No case fails, 1 could not be judged"),
        ("PASS", True, "pass", "No case fails, of 1"),
        ("", False, "inconclusive", "Nothing could be judged"),
    ],
)
def test_headline_says_how_the_run_went(verdicts: str, strict: bool, tone: str, words: str) -> None:
    slugs = [*CASES]
    results = [result(slugs[index], Verdict(name)) for index, name in enumerate(verdicts.split())]
    made = page_of(*results, strict=strict)
    assert made.text.split(" ·")[0] == words
    assert made.of("header", class_=tone)


def test_bars_show_how_many_cases_have_each_verdict() -> None:
    made = page()
    bars = made.of("svg", class_="bar")
    assert bars[0]["aria-label"] == "3 FAIL, 1 INCONCLUSIVE, 1 NON-STRICT, 5 PASS, 2 INFO, 2 SKIPPED"
    assert len(bars) == 7
    assert made.of("rect", class_="pass", x="5", width="5")
    assert page_of().of("svg", class_="bar")[0]["aria-label"] == "no cases"


def test_slug_with_a_space_in_its_parameter_can_be_linked() -> None:
    report = report_of(sample_run(results=(result(),)), CASES, [])
    report = replace(report, cases=(replace(report.cases[0], slug="hamsa.tts.ack_first[no text]"),))
    made = Page(html_page(report))
    assert made.of("details", id="hamsa.tts.ack_first[no_text]")
    assert made.of("a", href="#hamsa.tts.ack_first[no_text]")


@pytest.mark.parametrize(("failing", "entries"), [(0, 14), (75, 100), (250, 100)])
def test_page_of_250_cases_has_about_3_mb_at_most(failing: int, entries: int) -> None:
    """Though every character of the answers is one that HTML needs five for."""
    wire = Wire().greeted()
    while len(wire.entries) < entries:
        wire.asked("س" * 2000).says("to_client", {"type": "error", "payload": {"message": "<&>" * 5000}})
    transcript = wire.done()
    made = report_of(sample_run(results=(result(transcript=transcript, sounds=(sound(3.6),)),)), CASES, [])
    passed = made.cases[0]
    failed = replace(passed.result, verdict=Verdict.FAIL, findings=(fail("x" * 100, "<" * 400, 50),))
    cases = [
        replace(passed, slug=f"{passed.slug}[{index}]", result=failed if index < failing else passed.result)
        for index in range(250)
    ]
    assert len(html_page(replace(made, cases=tuple(cases))).encode()) < 3_100_000


def test_page_that_cannot_be_small_has_little_of_each_transcript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "BYTES_OF_CASES", 0)
    made = page_of(result(verdict=Verdict.FAIL, transcript=Wire().greeted().asked().spoke(3).closed().done()))
    assert "12 entries, 4 of them shown" in made.text
