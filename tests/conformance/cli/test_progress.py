"""What is shown while a run goes on."""

import io
import os
from collections.abc import Sequence
from dataclasses import replace

from hamsa_conformance.case import Case, Cost, case
from hamsa_conformance.cli.progress import TEXT_CHARACTERS, Progress, told
from hamsa_conformance.client.server import Server
from hamsa_conformance.result import Finding, Result
from hamsa_conformance.verdict import Verdict
from hamsa_kit.redaction import Redactor
from hamsa_kit.transcript import Entry

KEY = "5ca1ab1e-0000"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def made(name: str) -> Case:
    @case(f"hamsa.{name}", title=f"About {name}", expects="The server acks.", statements=("WST-5",))
    def run(server: Server) -> None:
        """Never tried."""

    return run


CASES = [made("tts.one"), made("tts.two"), made("rest.one")]
PASSES = [Result(slug=case.slug, verdict=Verdict.PASS) for case in CASES]


def shown(results: Sequence[Result], out: io.StringIO, verbose: bool = False) -> str:
    """What is printed for results."""
    progress = Progress(CASES, Redactor([KEY]).text, verbose=verbose, out=out)
    for result in results:
        progress.begun(result.slug)
        progress.result(result)
    progress.end()
    return out.getvalue()


def entries(number: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            kind="message",
            time=float(place),
            connection=1,
            sequence=place,
            provider="hamsa",
            direction="to_client",
            text=f"message {place}",
        )
        for place in range(number)
    )


def test_pipe_gets_a_line_for_each_section() -> None:
    assert shown(PASSES, io.StringIO()).splitlines() == [
        "hamsa.tts                    2 PASS",
        "hamsa.rest                   1 PASS",
    ]


def test_every_case_is_shown_if_so_asked() -> None:
    assert "PASS         hamsa.tts.two\n" in shown(PASSES, io.StringIO(), verbose=True)


def test_what_is_not_tried_is_shown_with_its_reason_if_so_asked() -> None:
    for verbose in (True, False):
        out = io.StringIO()
        progress = Progress(CASES, Redactor([KEY]).text, verbose=verbose, out=out)
        progress.skipped("hamsa.tts.three", "needs --slow")
        progress.result(Result(slug="hamsa.tts.one", verdict=Verdict.SKIPPED, reason="no custom voice"))
        lines = ["SKIPPED      hamsa.tts.three: needs --slow", "SKIPPED      hamsa.tts.one: no custom voice"]
        assert out.getvalue().splitlines() == (lines if verbose else [])


def test_case_that_was_under_way_at_the_end_is_told_with_what_it_may_have_spent() -> None:
    out = io.StringIO()
    progress = Progress([*CASES[:2], replace(CASES[2], takes=Cost(characters=37))], str, out=out)
    for each in CASES:
        progress.begun(each.slug)
    progress.begun("hamsa.rest.one")
    progress.result(PASSES[0])
    progress.interrupted()
    two, three = progress.results["hamsa.tts.two"], progress.results["hamsa.rest.one"]
    assert (two.verdict, two.reason) == (Verdict.INCONCLUSIVE, "the run was ended in the middle of it")
    assert (three.attempts, three.spent.characters) == (2, 74)
    assert out.getvalue().splitlines() == [
        "INCONCLUSIVE hamsa.tts.two: the run was ended in the middle of it",
        "INCONCLUSIVE hamsa.rest.one: the run was ended in the middle of it, and has spent 74 characters and 0 s of"
        " audio at most",
        "interrupted",
    ]


def test_terminal_gets_one_line_that_changes() -> None:
    out = shown(PASSES, Terminal())
    assert "\n" not in out
    assert "[1/3]  hamsa.tts.two" in out
    assert out.endswith("\r\x1b[K"), "nothing of it is left"


def test_waiting_is_told() -> None:
    for out in (io.StringIO(), Terminal()):
        progress = Progress(CASES, str, out=out)
        progress.waits(41.3, "no more than 2 requests a minute")
        assert "waiting 41 s: no more than 2 requests a minute" in out.getvalue()


def test_finding_is_told_with_what_was_required_and_the_transcript_around_it() -> None:
    finding = Finding(axis="close", verdict=Verdict.FAIL, expected="a close with 4001", actual="nothing", position=50)
    result = Result(slug=CASES[0].slug, verdict=Verdict.FAIL, findings=(finding,), transcript=entries(100))
    lines = list(told(result, CASES[0]))
    assert lines[0] == "FAIL         hamsa.tts.one: About tts.one"
    assert "    The server acks." in lines
    assert any(line.startswith("    WST-5: ") for line in lines)
    assert "    FAIL: close, expected a close with 4001" in lines
    assert "          got nothing" in lines
    assert [line for line in lines if line.endswith("◀ here it was seen")]


def test_text_of_a_server_is_cut() -> None:
    finding = Finding(axis="messages", verdict=Verdict.FAIL, expected="e" * 401, actual="a" * 12_000)
    result = Result(slug=CASES[0].slug, verdict=Verdict.FAIL, reason="r" * 500, findings=(finding,))
    lines = list(told(result, CASES[0]))
    assert f"          got {'a' * TEXT_CHARACTERS}… (12,000 characters in all)" in lines
    assert f"    FAIL: expected {'e' * TEXT_CHARACTERS}… (401 characters in all)" in lines
    assert f"    {'r' * TEXT_CHARACTERS}… (500 characters in all)" in lines


def test_defect_is_told_by_its_last_line_alone() -> None:
    result = Result(slug=CASES[0].slug, verdict=Verdict.INCONCLUSIVE, reason="defect: Traceback\n  File\nKeyError: 1")
    assert list(told(result, CASES[0]))[1:] == ["    KeyError: 1"]


def test_no_key_and_nothing_that_steers_a_terminal_is_printed() -> None:
    finding = Finding(axis="messages", verdict=Verdict.FAIL, expected="ack", actual=f"\x1b[2J\u202e{KEY}")
    result = Result(slug=CASES[0].slug, verdict=Verdict.FAIL, findings=(finding,))
    out = shown([result], io.StringIO())
    assert "got \\x1b[2J\\u202e***" in out


def test_reader_that_has_gone_does_not_end_the_run() -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

        def fileno(self) -> int:
            return descriptor

    descriptor = os.open(os.devnull, os.O_WRONLY)
    try:
        shown(PASSES, Gone())
    finally:
        os.close(descriptor)
