"""A case on the page: a line that says how it went, and all that is known of it when that is opened."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from statistics import median

from hamsa_conformance.report.content import Judged
from hamsa_conformance.report.lanes import chosen, drawing, focus_of, left_out
from hamsa_conformance.report.markup import chip, css_class, escaped, number, plural, scrolling
from hamsa_conformance.report.waveform import strip, waveform
from hamsa_conformance.result import Finding, Sound
from hamsa_conformance.verdict import Verdict
from hamsa_kit.transcript import Entry
from hamsa_kit.transcript_text import shown
from hamsa_schemas import Behaviours, BehaviourValue, Choice, load_behaviours

TEXT_CHARACTERS = 800
HINT_CHARACTERS = 200
LINE_CHARACTERS = 240
SOUNDS = 4
FINDINGS = 20
"""So much is shown. The JSON report has all of it."""


def case_html(case: Judged, most_entries: int) -> str:
    """A `details` element. `most_entries`: so much of the transcript is drawn at most."""
    result = case.result
    parts = "".join(
        (_about(case), _findings(case), _observations(case), _sounds(result.sounds), _transcript(case, most_entries))
    )
    return (
        f'<details class="case {css_class(result.verdict)}" id="{anchor(case.slug)}" data-verdict="{result.verdict}">'
        f"<summary>{chip(result.verdict)}"
        f'<span class="what"><span class="title">{escaped(case.title)}</span>'
        f"<code>{escaped(case.slug)}</code>{_hint(case)}</span>"
        f'<span class="tags">{"".join(_tags(case))}</span></summary><div class="body">{parts}</div></details>\n'
    )


def anchor(name: str) -> str:
    """The id of an element, which may hold no space."""
    return escaped(name.replace(" ", "_"))


def meaning(slug: str, value: BehaviourValue) -> tuple[str, str]:
    """What is known of an observed behaviour: the meaning of the option or the unit of the number, and how sure it was.

    Nothing of one that this version does not have.
    """
    if slug not in _behaviours():
        return "", ""
    entry = _behaviours().entry(slug)
    if isinstance(entry, Choice):
        return entry.options.get(str(value), ""), entry.certainty
    return entry.unit, entry.certainty


@cache
def _behaviours() -> Behaviours:
    return load_behaviours()


def shown_value(value: BehaviourValue) -> str:
    """An option, or a number."""
    return escaped(value, HINT_CHARACTERS) if isinstance(value, str) else number(value)


def _hint(case: Judged) -> str:
    """Why it has not passed, in a line."""
    result = case.result
    if result.reason is not None:
        return f'<span class="hint">{_text(result.reason, HINT_CHARACTERS)}</span>'
    finding = case.gravest_finding
    if finding is None or result.verdict not in (Verdict.FAIL, Verdict.NON_STRICT):
        return ""
    return (
        f'<span class="hint">expected {_text(finding.expected, HINT_CHARACTERS)},'
        f" got <b>{_text(finding.actual, HINT_CHARACTERS)}</b></span>"
    )


def _tags(case: Judged) -> Iterator[str]:
    if case.kind != "required":
        yield f"<span>{case.kind}</span>"
    if case.result.attempts > 1:
        yield f"<span>{plural(case.result.attempts, 'attempt')}</span>"
    if case.result.sounds:
        yield '<span title="with audio">audio</span>'
    yield f'<span class="seconds">{case.result.seconds:.2f} s</span>'


def _about(case: Judged) -> str:
    quotes = "".join(
        f"<blockquote><p>{escaped(each.says)}</p><footer><b>{each.id}</b> {each.basis}: {escaped(each.source)}</footer>"
        "</blockquote>"
        for each in case.statements
    )
    does = f'<p class="does"><b>What it does to the service:</b> {escaped(case.does)}</p>' if case.does else ""
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _facts(case))
    return (
        f'<div class="about"><div><h4>Expectation</h4><p>{escaped(case.expects)}</p>{does}{quotes}</div>'
        f"<dl>{rows}</dl></div>"
    )


def _facts(case: Judged) -> Iterator[tuple[str, str]]:
    result = case.result
    if result.messages is not None:
        yield "messages", chip(result.messages)
    if result.close is not None:
        yield "close", chip(result.close)
    yield "kind", case.kind
    yield "basis", case.basis
    if case.needs:
        yield "needs", escaped(", ".join(case.needs))
    yield "attempts", number(result.attempts)
    yield "connections", number(result.connections)
    yield "requests", number(result.requests)
    if result.spent.characters:
        yield "spoken", plural(result.spent.characters, "character")
    if result.spent.seconds:
        yield "heard", f"{number(result.spent.seconds)} s of audio"
    yield "took", f"{result.seconds:.3f} s"
    yield "link", f'<a href="#{anchor(case.slug)}">this case</a>'


def _findings(case: Judged) -> str:
    result = case.result
    reason = ""
    if result.reason is not None:
        reason = f'<p class="reason"><b>{result.verdict}:</b> {_text(result.reason, TEXT_CHARACTERS)}</p>'
    found = "".join(_finding(case, finding) for finding in result.findings[:FINDINGS])
    rest = len(result.findings) - FINDINGS
    more = f"<p>{plural(rest, 'more finding')} in the JSON report.</p>" if rest > 0 else ""
    return f'<div class="findings">{reason}{found}{more}</div>' if reason or found else ""


def _finding(case: Judged, finding: Finding) -> str:
    return (
        f'<div class="finding {css_class(finding.verdict)}"><p>{chip(finding.verdict, finding.axis)}</p><dl>'
        f"<div><dt>Requirement</dt><dd>{escaped(case.expects)}</dd></div>"
        f"<div><dt>Expected</dt><dd>{_text(finding.expected, TEXT_CHARACTERS)}</dd></div>"
        f'<div class="actual"><dt>Actual</dt><dd>{_text(finding.actual, TEXT_CHARACTERS)}</dd></div></dl></div>'
    )


def _text(text: str, most: int) -> str:
    """In an element of its own, so that its direction is its own."""
    return f"<bdi>{escaped(text, most)}</bdi>"


def _observations(case: Judged) -> str:
    rows: list[str] = []
    for slug, value in case.result.observations.items():
        means, basis = meaning(slug, value)
        rows.append(
            f"<tr><th scope=row><code>{escaped(slug)}</code></th><td><b>{shown_value(value)}</b> {escaped(means)}</td>"
            f"<td>{escaped(basis)}</td></tr>"
        )
    for name, samples in case.result.measured.items():
        if samples:
            rows.append(
                f"<tr><th scope=row><code>{escaped(name)}</code></th><td>{_spread(samples)}</td>"
                f"<td>{plural(len(samples), 'sample')}</td></tr>"
            )
    if not rows:
        return ""
    head = "<tr><th scope=col>Behaviour</th><th scope=col>Seen</th><th scope=col>How sure</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<h4>Observed and measured</h4>{scrolling('Observed and measured', table)}"


def _spread(samples: Sequence[float]) -> str:
    low, high = min(samples), max(samples)
    if low == high:
        return f"<b>{number(low)}</b>" if len(samples) == 1 else f"always <b>{number(low)}</b>"
    return f"<b>{number(median(samples))}</b> in the middle, from {number(low)} to {number(high)} {strip(samples)}"


def _sounds(sounds: Sequence[Sound]) -> str:
    figures = "".join(
        f"<figure>{waveform(sound)}<figcaption>{_source(sound)}{escaped(sound.format)}, {plural(sound.nbytes, 'byte')},"
        f" {number(sound.seconds)} s</figcaption></figure>"
        for sound in sounds[:SOUNDS]
    )
    more = f"<p>{plural(len(sounds) - SOUNDS, 'more answer')} with audio.</p>" if len(sounds) > SOUNDS else ""
    return f"<h4>Audio</h4>{figures}{more}" if figures else ""


def _source(sound: Sound) -> str:
    names = {"connection": sound.connection, "request": sound.request}
    return "".join(f"{name} {value}, " for name, value in names.items() if value is not None)


def _transcript(case: Judged, most: int) -> str:
    entries = case.result.transcript
    if not entries:
        return ""
    focus = focus_of(finding.position for finding in case.result.findings)
    kept = chosen(entries, most, focus)
    lines = "\n".join(_lines(entries, kept, focus))
    cut = f", {len(kept)} of them shown; the JSON report has all" if len(kept) < len(entries) else ""
    return (
        f"<h4>Transcript</h4><p>{plural(len(entries), 'entry', 'entries')}{cut}. Times are seconds since the first.</p>"
        f"{scrolling('Transcript as a drawing', drawing(entries, kept, focus))}"
        '<details class="words"><summary>In words</summary>'
        f'<pre tabindex="0" role="group" aria-label="Transcript in words">{lines}</pre></details>'
    )


def _lines(entries: Sequence[Entry], kept: Iterable[int], focus: int | None) -> Iterator[str]:
    following = 0
    for index in kept:
        if index > following:
            yield f"    ({left_out(entries[following:index])})"
        line = shown(entries[index])
        mark = "   ◀ here it was seen" if index + 1 == focus else ""
        yield f"{escaped(line[:LINE_CHARACTERS])}{'…' if len(line) > LINE_CHARACTERS else ''}{mark}"
        following = index + 1
