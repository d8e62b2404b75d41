"""A report as one HTML page that needs nothing else: no network, no file beside it, no JavaScript to be read.

The page's Content-Security-Policy lets nothing run but its own script, whatever a server sent.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from string import Template

from hamsa_conformance.report.content import Report, counts
from hamsa_conformance.report.html_case import anchor, case_html, meaning, shown_value
from hamsa_conformance.report.markup import css_class, escaped, number, plural, scrolling
from hamsa_conformance.result import Run
from hamsa_conformance.verdict import Verdict

DRAWN = (60, 32, 16, 8, 4)
"""So many entries of a transcript are drawn at most: the first of these numbers with which the page is small enough."""
DRAWN_OF_PASSED = 16
BYTES_OF_CASES = 3_000_000
FACT_CHARACTERS = 300


def html_page(report: Report) -> str:
    """The text of a file, about 3 MB at most for 250 cases."""
    run = report.run
    style, script = _part("page.css"), _part("page.js")
    tone, headline = verdict_of(run)
    return Template(_part("page.html")).substitute(
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'",
        style=style,
        script=script,
        version=escaped(report.tool_version),
        tone=tone,
        headline=escaped(headline),
        target=escaped(run.target.url, FACT_CHARACTERS),
        bar=bar(run.counts),
        legend="".join(_legend(run.counts)),
        facts="".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _facts(report)),
        sections="".join(_section_cards(report)),
        observed=_observed(report),
        filters="".join(_filters(run.counts)),
        total=len(report.cases),
        cases=_cases(report),
    )


def verdict_of(run: Run) -> tuple[str, str]:
    """The whole run in a few words, and the class of their colour."""
    count = run.counts
    judged = count[Verdict.PASS] + count[Verdict.NON_STRICT] + count[Verdict.FAIL]
    if count[Verdict.FAIL]:
        fails = count[Verdict.FAIL]
        return "fail", f"{fails:,} of {plural(judged, 'case')} {'fails' if fails == 1 else 'fail'}"
    if not judged:
        return "inconclusive", "Nothing could be judged"
    if count[Verdict.NON_STRICT] and run.strict:
        return "fail", f"{count[Verdict.NON_STRICT]:,} of {plural(judged, 'case')} not strictly met"
    if count[Verdict.INCONCLUSIVE]:
        return "inconclusive", f"No case fails, {count[Verdict.INCONCLUSIVE]:,} could not be judged"
    return "pass", f"No case fails, of {judged:,}"


def bar(count: Mapping[Verdict, int]) -> str:
    """An SVG of how many cases have each verdict, side by side."""
    pieces: list[str] = []
    x = 0
    for verdict, cases in count.items():
        if cases:
            pieces.append(f'<rect class="{css_class(verdict)}" x="{x}" width="{cases}" height="1"/>')
            x += cases
    label = ", ".join(f"{cases} {verdict}" for verdict, cases in count.items() if cases)
    return (
        f'<svg class="bar" role="img" aria-label="{label or "no cases"}" viewBox="0 0 {max(x, 1)} 1"'
        f' preserveAspectRatio="none">{"".join(pieces)}</svg>'
    )


def _legend(count: Mapping[Verdict, int]) -> Iterator[str]:
    for verdict, cases in count.items():
        if cases:
            yield f'<li class="{css_class(verdict)}"><b>{cases:,}</b> {verdict}</li>'


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    run = report.run
    yield "steered", "yes, it is a mock" if run.target.is_mock else "no, time passed as it does"
    for name, fact in run.target.facts.items():
        yield escaped(name, FACT_CHARACTERS), f"<bdi>{escaped(fact, FACT_CHARACTERS)}</bdi>"
    yield "provider", escaped(run.provider)
    yield "started", f"{escaped(run.started)}, took {run.seconds:.1f} s"
    yield "options", escaped(", ".join([f"seed {run.seed}", *(["strict"] if run.strict else []), *run.options]), 1000)
    requests = sum(result.requests for result in run.results)
    connections = sum(result.connections for result in run.results)
    yield "traffic", f"{plural(connections, 'connection')}, {plural(requests, 'request')}"
    spent, most = run.spent, run.estimated
    yield (
        "cost",
        (
            f"{plural(spent.characters, 'character')} spoken (at most {most.characters:,} were expected),"
            f" {number(round(spent.seconds, 1))} s of audio heard (at most {number(round(most.seconds, 1))})"
        ),
    )


def _section_cards(report: Report) -> Iterator[str]:
    for name, cases in report.sections.items():
        count = counts(cases)
        worst = next(verdict for verdict, number in count.items() if number)
        short = escaped(name.partition(".")[2] or name)
        trouble = [f"{count[each]} {each}" for each in (Verdict.FAIL, Verdict.INCONCLUSIVE) if count[each]]
        yield (
            f'<li><a class="{css_class(worst)}" href="#section-{anchor(name)}"><span class="name">{short}</span>'
            f'<span class="count">{", ".join(trouble) or plural(len(cases), "case")}</span>{bar(count)}</a></li>'
        )


def _observed(report: Report) -> str:
    """All that was observed of behaviours, at one place."""
    rows = [(slug, value, case.slug) for case in report.cases for slug, value in case.result.observations.items()]
    if not rows:
        return ""
    lines = "".join(
        f"<tr><th scope=row><code>{escaped(slug)}</code></th>"
        f"<td><b>{shown_value(value)}</b> {escaped(meaning(slug, value)[0])}</td>"
        f'<td><a href="#{anchor(case)}">{escaped(case)}</a></td></tr>'
        for slug, value, case in sorted(rows, key=lambda row: (row[0], row[2]))
    )
    head = "<tr><th scope=col>Behaviour</th><th scope=col>Seen</th><th scope=col>Case</th></tr>"
    table = scrolling("What was observed", f"<table><thead>{head}</thead><tbody>{lines}</tbody></table>")
    summary = f"What was observed: {plural(len(rows), 'behaviour')}"
    return f'<details class="observed"><summary>{summary}</summary>{table}</details>'


def _filters(count: Mapping[Verdict, int]) -> Iterator[str]:
    for verdict, cases in count.items():
        if cases:
            yield (
                f'<label class="{css_class(verdict)}"><input type="checkbox" value="{verdict}" checked>'
                f"{verdict} <b>{cases:,}</b></label>"
            )


def _cases(report: Report) -> str:
    """All cases, in so much detail that browsers open the page at once."""
    cases = ""
    for drawn in DRAWN:
        cases = "".join(_sections(report, drawn))
        if len(cases.encode()) <= BYTES_OF_CASES:
            break
    return cases


def _sections(report: Report, drawn: int) -> Iterator[str]:
    for name, cases in report.sections.items():
        yield f'<section id="section-{anchor(name)}">'
        yield f"<h3>{escaped(name)} <span>{plural(len(cases), 'case')}</span></h3>\n"
        for case in cases:
            yield case_html(case, drawn if case.result.verdict in _TROUBLE else min(drawn, DRAWN_OF_PASSED))
        yield "</section>\n"


_TROUBLE = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NON_STRICT)


def _part(name: str) -> str:
    return (files("hamsa_conformance.report") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
