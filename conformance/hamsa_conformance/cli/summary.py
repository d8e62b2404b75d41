"""What is printed when a run has ended."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from hamsa_conformance.cli.progress import counted
from hamsa_conformance.result import Run
from hamsa_conformance.running.budget import shown_cost
from hamsa_conformance.verdict import Verdict

FEW_REASONS = 12

REST, PRELOAD = "hamsa.rest", "hamsa.preload"

UNKNOWN = {400, 404, 405, 426, 501}
"""How servers answer what they do not know: a bad request, a path, a method, no upgrade (RFC 9110, 15)."""

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def summary(run: Run, unjudged: Sequence[str]) -> Iterator[str]:
    """The lines. `unjudged`: why something could not be judged that should have been."""
    for why, number in reasons(run):
        yield f"skipped {number}: {why}"
    for why in unjudged:
        yield f"incomplete: {why}"
    if is_without_rest(run):
        yield f"nothing answers over REST; for a server with the WebSocket alone: --exclude {REST} --exclude {PRELOAD}"
    yield f"{counted(result.verdict for result in run.results)} in {run.seconds:.1f} s"
    if not run.target.is_mock:
        yield f"spent {shown_cost(run.spent)}"


def reasons(run: Run) -> list[tuple[str, int]]:
    """Why cases were skipped, the commonest reason first, and how many were. Reasons that differ in numbers only are
    one, with the least and the greatest of each."""
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for result in run.results:
        if result.verdict is Verdict.SKIPPED:
            reason = result.reason or ""
            groups[tuple(_NUMBER.split(reason))].append(reason)
    counts = Counter({_in_one(words, alike): len(alike) for words, alike in groups.items()})
    return counts.most_common(FEW_REASONS)


def _in_one(words: Sequence[str], alike: Sequence[str]) -> str:
    """`words`: what stands between the numbers."""
    places = zip(*(_NUMBER.findall(reason) for reason in alike), strict=True)
    ranges = [_range(sorted(set(numbers), key=lambda number: float(number.replace(",", "")))) for numbers in places]
    return "".join(word + number for word, number in zip(words, [*ranges, ""], strict=True))


def _range(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def is_without_rest(run: Run) -> bool:
    """Whether the target seems to have the WebSocket alone: cases of REST fail, and no request of theirs was answered
    by anything but what any server of HTTP says to what it does not know."""
    results = [result for result in run.results if result.slug.startswith((f"{REST}.", f"{PRELOAD}."))]
    answers = [entry.status for result in results for entry in result.transcript if entry.kind == "http_answer"]
    return any(result.verdict is Verdict.FAIL for result in results) and set(answers) <= UNKNOWN
