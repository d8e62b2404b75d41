"""A transcript as a drawing: a lane for the client, one for the server, and an arrow for whatever went between them."""

from collections.abc import Iterable, Sequence

from hamsa_conformance.report.markup import escaped, in_a_line, number, plural
from hamsa_kit.transcript import Entry

WIDTH = 900
CLIENT, SERVER = 104, 864
"""Where the lanes are."""
HEAD, ROW, BREAK = 38, 34, 26
"""Heights: of the names of the lanes, of an arrow, and of a line about what is not drawn."""
LABEL_CHARACTERS = 88
ROW_SIDE = 2
"""Of more binary messages in a row than twice this, the middle is not drawn."""
CALM_CODES = (1000, 1001, 1005)
"""The close codes that say of no mistake (RFC 6455, 7.4.1)."""
GAP_SECONDS = 1.0
"""When nothing happened for so long, the drawing says so."""


def chosen(entries: Sequence[Entry], most: int, focus: int | None) -> list[int]:
    """Which entries to show, as indices from 0: not the middle of a row of binary messages, and no more than `most`.

    Where there are more, the first, the last, and those around the entry with the number `focus`, if one is given.
    """
    kept = [index for index in range(len(entries)) if index + 1 == focus or not _in_a_row(entries, index)]
    if len(kept) <= most:
        return kept
    part = most // (2 if focus is None else 3)
    around = 0 if focus is None else max(kept.index(focus - 1) - part // 2, 0)
    middle = [] if focus is None else kept[around : around + part]
    return sorted({*kept[:part], *middle, *kept[-part:]})


def _in_a_row(entries: Sequence[Entry], index: int) -> bool:
    """Whether an entry and both on each side of it are binary messages of the same connection and direction."""
    if index < ROW_SIDE or index + ROW_SIDE >= len(entries):
        return False
    around = entries[index - ROW_SIDE : index + ROW_SIDE + 1]
    return len({(each.kind, each.text, each.direction, each.connection) for each in around}) == 1 and _is_binary(
        around[0]
    )


def _is_binary(entry: Entry) -> bool:
    return entry.kind == "message" and entry.text is None


def drawing(entries: Sequence[Entry], kept: Sequence[int], focus: int | None) -> str:
    """An SVG of a transcript. `kept`: the indices of the entries to draw. `focus`: the number of the one to be marked.

    Times are seconds since the first entry.
    """
    tagged = len({entry.connection for entry in entries}) > 1
    rows: list[str] = []
    y, following = HEAD, 0
    for index in kept:
        entry = entries[index]
        pause = entry.time - entries[index - 1].time if index else 0.0
        if index > following or pause >= GAP_SECONDS:
            later = f"{number(round(pause, 3))} s later"
            rows.append(_break(y, left_out(entries[following:index]) if index > following else later))
            y += BREAK
        rows.append(_row(y, entry, entries[0].time, tagged, is_focus=index + 1 == focus))
        y += ROW
        following = index + 1
    height = y + 8
    lanes = f'<path class="lane" d="M{CLIENT} {HEAD - 12}V{height}M{SERVER} {HEAD - 12}V{height}"/>'
    heads = f'<text class="head" x="{CLIENT}" y="16">client</text><text class="head" x="{SERVER}" y="16">server</text>'
    label = f"What went between client and server: {plural(len(entries), 'entry', 'entries')}. The words follow below."
    return (
        f'<svg class="lanes" role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}">{lanes}{heads}{"".join(rows)}</svg>'
    )


def left_out(entries: Sequence[Entry]) -> str:
    """What is said in the place of entries."""
    if all(map(_is_binary, entries)):
        size = sum(entry.size or 0 for entry in entries)
        return f"{plural(len(entries), 'more binary message')}, {plural(size, 'byte')}"
    return f"{plural(len(entries), 'entry', 'entries')} left out"


def _row(y: int, entry: Entry, start: float, tagged: bool, is_focus: bool) -> str:
    name, detail = _label(entry)
    where = "http" if entry.connection is None else f"#{entry.connection}"
    tag = f'<text class="tag" x="4" y="26">{where}</text>' if tagged else ""
    mark = f'<rect class="here" width="{WIDTH}" height="{ROW}"/>' if is_focus else ""
    rest = max(LABEL_CHARACTERS - len(name), 8)
    words = f'<tspan class="name">{in_a_line(name, LABEL_CHARACTERS)}</tspan>'
    if detail:
        words += f" {in_a_line(detail, rest)}"
    return (
        f'<g class="{_class(entry)}" transform="translate(0 {y})">{mark}{tag}'
        f'<text class="time" x="{CLIENT - 12}" y="26">{entry.time - start:.3f}</text>'
        f'<text x="{CLIENT + 14}" y="16">{words}</text>{_arrow(entry)}</g>'
    )


def _arrow(entry: Entry) -> str:
    """From lane to lane; a note is a point, because nothing was sent."""
    if entry.kind == "note" or entry.direction is None:
        return f'<circle cx="{CLIENT}" cy="22" r="4"/>'
    if entry.direction == "to_server":
        return f'<path d="M{CLIENT} 22H{SERVER - 2}m-7-4 7 4-7 4"/>'
    return f'<path d="M{SERVER} 22H{CLIENT + 2}m7-4-7 4 7 4"/>'


def _break(y: int, words: str) -> str:
    middle = (CLIENT + SERVER) // 2
    return f'<g class="break" transform="translate(0 {y})"><text x="{middle}" y="17">{escaped(words)}</text></g>'


def _class(entry: Entry) -> str:
    """How it is coloured."""
    match entry.kind:
        case "message" if entry.type == "error":
            return "error"
        case "message" if _is_binary(entry):
            return "binary"
        case "message":
            return "text"
        case "handshake_answer" | "http_answer" if entry.status is not None and entry.status >= 400:
            return "error"
        case "close" if entry.code not in CALM_CODES:
            return "error"
        case "ping" | "pong":
            return "beat"
        case "note":
            return "note"
        case _:
            return "plain"


def _label(entry: Entry) -> tuple[str, str]:
    """A name, and what there is beside it."""
    match entry.kind:
        case "message":
            name = entry.event or entry.type or ("binary" if entry.text is None else "text")
            return name, _content(entry)
        case "handshake_request" | "http_request":
            query = "&".join(f"{name}={value}" for name, value in entry.query.items())
            return entry.method or "GET", f"{entry.path}{'?' if query else ''}{query} {_content(entry)}"
        case "handshake_answer" | "http_answer":
            return f"HTTP {entry.status}", _content(entry)
        case "close":
            return f"close {entry.code}", entry.reason or ""
        case "note":
            return entry.event or "note", entry.text or ""
        case _:
            return entry.kind, " ".join(filter(None, (entry.event, _content(entry))))


def _content(entry: Entry) -> str:
    if entry.text is not None:
        return entry.text
    return "" if entry.size is None else plural(entry.size, "byte")


def focus_of(positions: Iterable[int | None]) -> int | None:
    """The number of the entry to be marked: the first that is known. 0 is before all of them."""
    return next((position for position in positions if position), None)
