"""The JUnit report, as CI services read it."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from hamsa_conformance.report.content import report_of
from hamsa_conformance.report.junit import junit_xml
from hamsa_conformance.result import Result
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.sample import HOSTILE, fail, sample_cases, sample_run
from tests.conformance.report.wire import KEY, Wire


def parsed(strict: bool = False, **changes: object) -> Element:
    return fromstring(junit_xml(report_of(sample_run(strict=strict, **changes), sample_cases(), [KEY])))


def test_of(tree: Element, slug: str) -> Element:
    return next(test for test in tree.iter("testcase") if test.get("name") == slug)


def outcome(test: Element) -> str:
    return next((part.tag for part in test if part.tag in ("failure", "error", "skipped")), "passed")


test_of.__test__ = False  # type: ignore[attr-defined]


def test_suites_are_sections_and_tests_are_cases() -> None:
    tree = parsed()
    assert [suite.get("name") for suite in tree] == list(
        dict.fromkeys(f"hamsa.{name}" for name in ("connect", "auth", "tts", "errors", "rest", "keepalive"))
    )
    slugs = [test.get("name") for test in tree.iter("testcase")]
    assert slugs == list(sample_cases())
    assert all(test.get("name", "").startswith(test.get("classname", "?")) for test in tree.iter("testcase"))


def test_totals_agree_with_the_tests() -> None:
    tree = parsed()
    for suite in (tree, *tree):
        tests = list(suite.iter("testcase"))
        outcomes = [outcome(test) for test in tests]
        assert suite.get("tests") == str(len(tests))
        assert suite.get("failures") == str(outcomes.count("failure"))
        assert suite.get("errors") == str(outcomes.count("error"))
        assert suite.get("skipped") == str(outcomes.count("skipped"))
    assert float(tree.get("time", "")) == pytest.approx(15.244)


@pytest.mark.parametrize(
    ("slug", "verdict", "ends"),
    [
        ("hamsa.connect.greeting", "PASS", "passed"),
        ("hamsa.tts.overlap", "INFO", "passed"),
        ("hamsa.auth.no_key", "FAIL", "failure"),
        ("hamsa.tts.long_text", "INCONCLUSIVE", "error"),
        ("hamsa.auth.wrong_keys", "SKIPPED", "skipped"),
        ("hamsa.tts.end_wording", "NON-STRICT", "passed"),
    ],
)
def test_verdict_decides_how_a_test_ends(slug: str, verdict: str, ends: str) -> None:
    test = test_of(parsed(), slug)
    assert outcome(test) == ends
    assert {each.get("name"): each.get("value") for each in test.iter("property")}["verdict"] == verdict


def test_not_strict_is_a_failure_where_strictness_was_asked_for() -> None:
    test = test_of(parsed(strict=True), "hamsa.tts.end_wording")
    assert outcome(test) == "failure"
    assert parsed(strict=True).get("failures") == "4"


def test_failure_tells_requirement_statements_findings_and_transcript() -> None:
    test = test_of(parsed(), "hamsa.auth.no_key")
    properties = {each.get("name"): each.get("value") for each in test.iter("property")}
    assert properties == {"kind": "required", "basis": "documented", "statements": "API-17 API-21", "verdict": "FAIL"}
    failure = test.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected close code 4001; got close code 1008 with the reason 'policy violation'"
    assert failure.text is not None
    assert "requirement: An error names both places" in failure.text
    assert "API-17 (documented): A connection without a key" in failure.text
    assert "NON-STRICT (messages): expected the words of the error" in failure.text
    assert '← close 1008 "policy violation"' in failure.text
    assert KEY not in failure.text


def test_skipped_and_inconclusive_tests_say_why() -> None:
    tree = parsed()
    skipped = test_of(tree, "hamsa.auth.wrong_keys").find("skipped")
    error = test_of(tree, "hamsa.tts.long_text").find("error")
    assert skipped is not None
    assert (skipped.get("message"), skipped.text) == ("only with --intrusive", None)
    assert error is not None
    assert error.get("message", "").startswith("the answer was cut short")


def test_passed_test_tells_what_was_noticed() -> None:
    output = test_of(parsed(), "hamsa.tts.overlap").find("system-out")
    assert output is not None
    assert output.text == "observed: hamsa.tts.overlap = interleave\nobserved: hamsa.tts.chunk_gap = 0.02"
    output = test_of(parsed(), "hamsa.tts.end_wording").find("system-out")
    assert output is not None
    assert "NON-STRICT (messages)" in (output.text or "")
    assert test_of(parsed(), "hamsa.connect.greeting").find("system-out") is None


def test_arabic_survives_and_what_xml_forbids_is_written_as_escapes() -> None:
    text = junit_xml(report_of(sample_run(), sample_cases(), [KEY]))
    assert "مرحباً بكم في خدمة العملاء" in text
    failure = test_of(fromstring(text), "hamsa.errors.unknown_type").find("failure")
    assert failure is not None
    shown = HOSTILE.replace("\x00", "\\u0000").replace("\x1b", "\\u001b")
    assert failure.get("message") == f"expected an error that names the type; got {shown}"
    assert shown in (failure.text or "")


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_every_forbidden_character_is_escaped(character: str) -> None:
    result = Result(slug="hamsa.tts.overlap", verdict=Verdict.FAIL, reason=f"a{character}b")
    failure = test_of(parsed(results=(result,)), "hamsa.tts.overlap").find("failure")
    assert failure is not None
    assert failure.get("message") == f"a\\u{ord(character):04x}b"


def test_failure_without_a_finding_has_the_title_and_of_long_transcripts_the_end() -> None:
    transcript = Wire().greeted().asked().spoke(80).done()
    result = Result(slug="hamsa.tts.overlap", verdict=Verdict.FAIL, transcript=transcript)
    failure = test_of(parsed(results=(result,)), "hamsa.tts.overlap").find("failure")
    assert failure is not None
    assert failure.get("message") == "Two requests at the same time"
    lines = (failure.text or "").split("transcript:\n")[1].strip().splitlines()
    assert lines[0] == f"({len(transcript) - 60} entries before)"
    assert len(lines) == 61
    assert "→" not in lines[1]


def test_message_is_a_line_that_test_views_can_show() -> None:
    result = Result(slug="hamsa.tts.overlap", verdict=Verdict.FAIL, findings=(fail("a", "b" * 10_000),))
    failure = test_of(parsed(results=(result,)), "hamsa.tts.overlap").find("failure")
    assert failure is not None
    assert len(failure.get("message", "")) == 500
    assert "b" * 10_000 in (failure.text or "")
    assert "transcript" not in (failure.text or "")
