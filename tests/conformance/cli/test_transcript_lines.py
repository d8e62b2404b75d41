"""The part of a transcript that a terminal shows."""

from dataclasses import replace

from hamsa_conformance.cli.transcript_lines import BEFORE, BEHIND, lines_around
from hamsa_kit.transcript import Entry

MARK = "   ◀ here it was seen"
TEXT = Entry(kind="message", time=100.5, sequence=0, connection=1, direction="to_client", type="info", text='{"a": 1}')
CHUNK = replace(TEXT, type=None, event="chunk", text=None, size=640, hash="ab")


def alternating(number: int) -> list[Entry]:
    """Entries of which no two in a row are alike."""
    return [replace(TEXT, time=100.5 + place, type=f"type{place}") for place in range(number)]


def test_times_are_those_since_the_first_entry_and_texts_as_they_were_sent() -> None:
    assert list(lines_around([TEXT, replace(TEXT, time=102)], None)) == [
        '     0.000 #1      ← info {"a": 1}',
        '     1.500 #1      ← info {"a": 1}',
    ]


def test_few_lines_around_what_was_found_are_shown() -> None:
    lines = list(lines_around(alternating(100), 50))
    assert len(lines) == BEFORE + 1 + BEHIND == 12
    assert lines[0].split()[3] == f"type{49 - BEFORE}"
    assert [line for line in lines if line.endswith(MARK)] == [lines[BEFORE]]
    assert lines[BEFORE].split()[3] == "type49", "entries are counted from 1"
    assert lines[-1].split()[3] == f"type{49 + BEHIND}"


def test_end_is_shown_where_no_entry_is_known_and_nothing_is_marked() -> None:
    lines = list(lines_around(alternating(100), None))
    assert (len(lines), lines[-1].split()[3]) == (BEFORE + 1, "type99")
    assert not any(MARK in line for line in lines)


def test_begin_is_shown_where_something_was_found_before_all() -> None:
    assert len(list(lines_around(alternating(100), 0))) == 1 + BEHIND
    assert list(lines_around([], 0)) == []
    assert list(lines_around([], None)) == []


def test_chunks_in_a_row_are_one_line_but_for_the_one_that_is_marked() -> None:
    entries = [TEXT, *[CHUNK] * 30, replace(TEXT, type="end")]
    assert [line[21:] for line in lines_around(entries, None)] == [
        'info {"a": 1}',
        "chunk 640 bytes, hash ab  (and 29 more like it)",
        'end {"a": 1}',
    ]
    assert [line[21:] for line in lines_around(entries, 11)] == [
        'info {"a": 1}',
        "chunk 640 bytes, hash ab  (and 8 more like it)",
        f"chunk 640 bytes, hash ab{MARK}",
        "chunk 640 bytes, hash ab  (and 19 more like it)",
        'end {"a": 1}',
    ]


def test_two_in_a_row_and_other_connections_have_lines_of_their_own() -> None:
    assert len(list(lines_around([CHUNK] * 2, None))) == 2
    assert len(list(lines_around([CHUNK, replace(CHUNK, connection=2)] * 4, None))) == 8
