"""Shows how a run goes: a line that changes on a terminal, plain lines elsewhere, and what is wrong in full."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from hamsa_conformance.case import Case, Cost
from hamsa_conformance.cli.transcript_lines import lines_around
from hamsa_conformance.report.markup import shortened
from hamsa_conformance.report.sent_keys import sent_keys
from hamsa_conformance.result import Finding, Result
from hamsa_conformance.running.budget import shown_cost
from hamsa_conformance.running.run import Listener
from hamsa_conformance.verdict import Verdict
from hamsa_kit.console import ESCAPES
from hamsa_kit.redaction import Redactor

TEXT_CHARACTERS = 400
"""So much of what a server says is shown. The JSON report has more."""

FULL = (Verdict.FAIL, Verdict.NON_STRICT, Verdict.INCONCLUSIVE)
"""What is shown in full."""


class Progress(Listener):
    """Collects the results, by slug, and why something could not be judged that should have been."""

    def __init__(
        self, cases: Sequence[Case], hide: Callable[[str], str], *, verbose: bool = False, out: TextIO | None = None
    ) -> None:
        """`cases`: those that are tried. `hide` takes the keys out of a text. `verbose`: each case has its line.
        `out`: where to; standard output unless given."""
        self.results: dict[str, Result] = {}
        self.unjudged: list[str] = []
        self._cases = {case.slug: case for case in cases}
        self._left = Counter(case.section for case in cases)
        self._hide = hide
        self._verbose = verbose
        self._attempts: Counter[str] = Counter()
        self._repeated: Counter[str] = Counter()
        self._out = out or sys.stdout
        self._rewrites = self._out.isatty()
        self._line = ""

    def say(self, text: str) -> None:
        """A line that stays."""
        self._rewrite("")
        self._print(f"{clean(self._hide(text))}\n")
        self._rewrite(self._line)

    def skipped(self, slug: str, reason: str) -> None:
        """A case that is not tried."""
        if self._verbose:
            self.say(f"{Verdict.SKIPPED:12} {slug}: {reason}")

    def begun(self, slug: str) -> None:
        self._attempts[slug] += 1
        self._show(slug)

    def waits(self, seconds: float, why: str) -> None:
        if self._rewrites:
            self._show(f"waiting {seconds:.0f} s: {why}")
        else:
            self.say(f"waiting {seconds:.0f} s: {why}")

    def incomplete(self, why: str) -> None:
        self.unjudged.append(why)

    def result(self, result: Result) -> None:
        self.results[result.slug] = result
        self._attempts.pop(result.slug, None)
        case = self._cases[result.slug]
        if result.verdict in FULL and not self._is_repeated(result):
            for line in told(result, case):
                self.say(Redactor(sent_keys(result)).text(line))
        elif self._verbose:
            self.say(f"{result.verdict:12} {result.slug}{f': {last_line(result.reason)}' if result.reason else ''}")
        self._left[case.section] -= 1
        if not self._left[case.section] and not self._rewrites:
            self.say(f"{case.section:28} {counted(self._of(case.section))}")
        self._show("")

    def interrupted(self) -> None:
        """The run is ended before all cases were tried, some of them in the middle, of which nothing more is heard."""
        for slug, attempts in self._attempts.items():
            spent = sum((self._cases[slug].takes for _ in range(attempts)), Cost())
            cost = f", and has spent {shown_cost(spent)} at most" if spent != Cost() else ""
            reason = f"the run was ended in the middle of it{cost}"
            self.results[slug] = Result(
                slug=slug, verdict=Verdict.INCONCLUSIVE, reason=reason, attempts=attempts, spent=spent
            )
            self.say(f"{Verdict.INCONCLUSIVE:12} {slug}: {reason}")
        self._attempts.clear()
        self.say("interrupted")

    def end(self) -> None:
        """No more comes."""
        self._line = ""
        self._rewrite("")
        for reason, times in self._repeated.items():
            if times > 1:
                self.say(f"{Verdict.INCONCLUSIVE:12} {times - 1} more cases: {reason}")

    def _is_repeated(self, result: Result) -> bool:
        """Whether a case before could not be judged for the same reason, which is then told once, with a number."""
        if result.verdict is not Verdict.INCONCLUSIVE or result.reason is None or result.findings:
            return False
        reason = last_line(result.reason)
        self._repeated[reason] += 1
        return self._repeated[reason] > 1

    def _of(self, section: str) -> list[Verdict]:
        """What is known of a section."""
        return [result.verdict for slug, result in self.results.items() if self._cases[slug].section == section]

    def _show(self, what: str) -> None:
        """What goes on, in the line that changes."""
        bad = counted(result.verdict for result in self.results.values() if result.verdict in FULL)
        done = f"[{len(self.results)}/{len(self._cases)}]"
        self._line = "  ".join(part for part in (done, bad, what) if part)
        self._rewrite(self._line)

    def _rewrite(self, line: str) -> None:
        if self._rewrites:
            width = shutil.get_terminal_size().columns - 1
            self._print(f"\r\x1b[K{clean(line)[:width]}")

    def _print(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except OSError:  # nobody reads any more, but the reports are still to be written
            with open(os.devnull, "wb") as nothing:
                os.dup2(nothing.fileno(), self._out.fileno())


def counted(verdicts: Iterable[Verdict]) -> str:
    """How many there are of each, the gravest first."""
    counts = Counter(verdicts)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])


def clean(text: str) -> str:
    """A text that steers no terminal."""
    return text.translate(ESCAPES)


def told(result: Result, case: Case) -> Iterator[str]:
    """A result in full: what was required, what was seen, and the transcript around it."""
    yield f"{result.verdict:12} {result.slug}: {case.title}"
    if result.findings:
        yield f"    {case.expects}"
        for id, says in case.quotation.items():
            yield f"    {id}: {says}"
    if result.reason:
        yield f"    {shortened(last_line(result.reason), TEXT_CHARACTERS)}"
    for finding in result.findings:
        of = "close, " if finding.axis == "close" else ""
        yield f"    {finding.verdict}: {of}expected {shortened(finding.expected, TEXT_CHARACTERS)}"
        yield f"    {'':{len(finding.verdict)}}  got {shortened(finding.actual, TEXT_CHARACTERS)}"
        yield from _around(result, finding)


def last_line(reason: str) -> str:
    """Of a defect of the suite, what was raised."""
    return reason.rstrip().rpartition("\n")[2]


def _around(result: Result, finding: Finding) -> Iterator[str]:
    if finding.verdict is Verdict.FAIL:
        yield from (f"      {line}" for line in lines_around(result.transcript, finding.position))
