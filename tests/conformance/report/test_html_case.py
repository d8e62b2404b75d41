"""A case on the HTML page."""

from hamsa_conformance.case import Cost
from hamsa_conformance.verdict import Verdict
from tests.conformance.report.parsed import page, page_of, result
from tests.conformance.report.sample import fail
from tests.conformance.report.wire import Wire, sound


def test_case_tells_expectation_quotation_and_findings() -> None:
    text = page().text
    for words in (
        "An error names both places of the key",
        "A connection without a key, or with one that is not accepted, is closed with 4001.",
        "API-17 documented: Hamsa documentation: guide to the realtime WebSocket API",
        "close FAIL Requirement An error names both places of the key; then the connection is closed with 4001."
        " Expected close code 4001 Actual close code 1008 with the reason 'policy violation'",
        "SKIPPED: only with --intrusive",
        "What it does to the service: Sends 20 wrong keys within a second from one address.",
        "needs key:expired",
        "hamsa.tts.overlap interleave It is answered at once, and the chunks of all answers take turns. assumed",
        "hamsa.tts.first_audio_delay 0.2155 in the middle, from 0.198 to 0.33 6 samples",
        "PCM_16000_16, 307,200 bytes, 9.6 s",
        "100 entries, 20 of them shown; the JSON report has all",
        "What was observed: 3 behaviours",
    ):
        assert words in text


def test_little_is_said_of_a_case_that_has_little() -> None:
    made = page_of(result())
    assert not made.of("svg", class_="lanes")
    assert not made.of("figure")
    assert "What was observed" not in made.text
    assert "Observed and measured" not in made.text
    assert "spoken " not in made.text.split("Cases", 1)[1]


def test_what_is_too_much_is_counted() -> None:
    made = page_of(
        result(
            verdict=Verdict.FAIL,
            findings=tuple(fail("a", "b") for _ in range(22)),
            sounds=tuple(sound(1.0, request) for request in range(1, 8)),
            measured={"hamsa.tts.chunk_gap": (0.02,) * 5, "hamsa.stt.delay": (0.7,), "nothing": ()},
            transcript=Wire().says("to_client", "x" * 1000).done(),
        )
    )
    assert len(made.of("div", class_="finding fail")) == 20
    assert "2 more findings in the JSON report." in made.text
    assert len(made.of("svg", class_="wave")) == 4
    assert "3 more answers with audio." in made.text
    assert "hamsa.tts.chunk_gap always 0.02 5 samples hamsa.stt.delay 0.7 1 sample" in made.text
    assert not made.of("svg", class_="strip")
    assert "nothing" not in made.text


def test_place_of_a_finding_is_marked_in_words_too() -> None:
    transcript = Wire().greeted().asked().spoke(9).done()
    made = page_of(result(verdict=Verdict.FAIL, findings=(fail("a", "b", 3),), transcript=transcript))
    marked = [line for text in made.texts for line in text.splitlines() if line.endswith("◀ here it was seen")]
    (line,) = marked
    assert '← info {"' not in line
    assert "info" in line
    assert "(5 more binary messages, 96,000 bytes)" in made.text


def test_heard_and_spoken_are_told_where_there_was_any() -> None:
    text = page_of(result(spent=Cost(characters=5, seconds=2.5))).text
    assert "spoken 5 characters" in text
    assert "heard 2.5 s of audio" in text
