"""The part of a transcript that a terminal shows: what came before something was seen, and a little behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from hamsa_kit.transcript import Entry
from hamsa_kit.transcript_text import shown

BEFORE, BEHIND = 8, 3
"""So many lines are shown before the one that is marked, and behind it."""

FEW = 2
"""More messages of a kind than this in a row are shown as one line."""


def lines_around(entries: Sequence[Entry], position: int | None) -> Iterator[str]:
    """The lines around the entry with this number, counted from 1. None: the end. Times are seconds since the first
    entry. Texts are as they were sent, and may steer a terminal."""
    focus = len(entries) if position is None else position
    rows = list(_rows(entries, focus))
    at = next((row for row, (_, stop) in enumerate(rows) if stop >= focus), 0)
    for start, stop in rows[max(at - BEFORE, 0) : at + BEHIND + 1]:
        entry = entries[start]
        line = shown(replace(entry, time=entry.time - entries[0].time), quoted=False)
        more = f"  (and {stop - start - 1} more like it)" if stop - start > 1 else ""
        mark = "   ◀ here it was seen" if stop == position else ""
        yield f"{line}{more}{mark}"


def _rows(entries: Sequence[Entry], focus: int) -> Iterator[tuple[int, int]]:
    """Which entries make a line: from the first index to before the second."""
    for _, group in groupby(range(len(entries)), key=lambda index: (index + 1 == focus, _kind(entries[index]))):
        indices = list(group)
        if len(indices) > FEW and entries[indices[0]].kind == "message":
            yield indices[0], indices[-1] + 1
        else:
            yield from ((index, index + 1) for index in indices)


def _kind(entry: Entry) -> tuple[object, ...]:
    """What entries have in common that are not worth a line each."""
    return entry.kind, entry.connection, entry.direction, entry.request, entry.event or entry.type, entry.text is None
