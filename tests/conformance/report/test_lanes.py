"""The drawing of a transcript."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from hamsa_conformance.report.lanes import CLIENT, SERVER, chosen, drawing, focus_of, left_out
from hamsa_kit.transcript import Entry
from tests.conformance.report.sample import HOSTILE
from tests.conformance.report.wire import Wire


def note(kind: Any, direction: Any = "to_client", **fields: Any) -> Entry:
    return Wire().note(kind, direction, **fields).entries[0]


def drawn(*entries: Entry, kept: list[int] | None = None, focus: int | None = None) -> Element:
    return fromstring(drawing(entries, list(range(len(entries))) if kept is None else kept, focus))


def label(entry: Entry) -> str:
    """What stands above an arrow."""
    (group,) = drawn(entry).findall("g")
    return "".join(group.findall("text")[-1].itertext())


def texts(tree: Element) -> list[str]:
    return ["".join(text.itertext()) for text in tree.iter("text")]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (note("message", event="ack", type="ack", text='{"type": "ack"}'), 'ack {"type": "ack"}'),
        (note("message", text="مرحبا"), "text مرحبا"),
        (note("message", event="chunk", size=6400), "chunk 6,400 bytes"),
        (note("message", size=1), "binary 1 byte"),
        (note("handshake_request", "to_server", path="/v1", query={"a": "b", "c": "d"}), "GET /v1?a=b&c=d "),
        (note("http_request", "to_server", method="POST", path="/v2", text="{}"), "POST /v2 {}"),
        (note("handshake_answer", status=101), "HTTP 101"),
        (note("http_answer", status=404, text="no"), "HTTP 404 no"),
        (note("close", code=4001, reason="who?"), "close 4001 who?"),
        (note("close", code=1005), "close 1005"),
        (note("ping", size=4), "ping 4 bytes"),
        (note("raw", "to_server", event="cont", size=2), "raw cont 2 bytes"),
        (note("disconnect", event="fin"), "disconnect fin"),
        (note("lost", None), "lost"),
        (note("note", event="broken", text="not UTF-8"), "broken not UTF-8"),
        (note("note"), "note"),
    ],
)
def test_arrow_has_a_name_and_what_was_sent(entry: Entry, words: str) -> None:
    assert label(entry).strip() == words.strip()


@pytest.mark.parametrize(
    ("entry", "colour"),
    [
        (note("message", type="error", text="{}"), "error"),
        (note("message", type="ack", text="{}"), "text"),
        (note("message", size=2), "binary"),
        (note("http_answer", status=401), "error"),
        (note("http_answer", status=399), "plain"),
        (note("close", code=1000), "plain"),
        (note("close", code=4003), "error"),
        (note("ping", size=0), "beat"),
        (note("note"), "note"),
        (note("disconnect", event="reset"), "plain"),
    ],
)
def test_arrow_has_the_colour_of_what_it_is(entry: Entry, colour: str) -> None:
    (group,) = drawn(entry).findall("g")
    assert group.get("class") == colour


def test_arrow_begins_at_the_lane_of_the_sender() -> None:
    tree = drawn(note("ping", "to_server", size=0), note("ping", "to_client", size=0))
    paths = [group.find("path") for group in tree.findall("g")]
    assert [path is not None and path.get("d", "").split(" ")[0] for path in paths] == [f"M{CLIENT}", f"M{SERVER}"]


@pytest.mark.parametrize("entry", [note("note"), note("lost", None)])
def test_what_was_not_sent_is_a_point(entry: Entry) -> None:
    (group,) = drawn(entry).findall("g")
    assert group.find("circle") is not None
    assert group.find("path") is None


def test_times_are_seconds_since_the_first_entry() -> None:
    shown = texts(drawn(*Wire(begin=1000.0).opened().entries))
    assert [text for text in shown if text.startswith("0.")] == ["0.000", "0.004"]


def test_pause_is_told() -> None:
    entries = Wire().note("ping", "to_client", size=0).note("pong", "to_server", 29.9, size=0).entries
    assert "29.9 s later" in texts(drawn(*entries))
    entries = Wire().note("ping", "to_client", size=0).note("pong", "to_server", 0.9, size=0).entries
    assert not any("later" in text for text in texts(drawn(*entries)))


def test_connections_are_told_apart_where_there_are_several() -> None:
    one = Wire().opened()
    assert "#1" not in texts(drawn(*one.entries))
    one.opened(2)
    other = Wire(None).note("http_answer", "to_client", status=200).entries
    shown = texts(drawn(*one.entries, *other))
    assert [text for text in shown if text in ("#1", "#2", "http")] == ["#1", "#1", "#2", "#2", "http"]


def test_entry_at_which_something_was_found_is_marked() -> None:
    tree = drawn(*Wire().greeted().entries, focus=2)
    assert [group.find("rect") is not None for group in tree.findall("g")] == [False, True, False]


def test_hostile_text_stays_text() -> None:
    tree = drawn(note("message", type=HOSTILE, event=HOSTILE, text=HOSTILE))
    assert {element.tag for element in tree.iter()} == {"svg", "path", "text", "g", "tspan"}
    assert "\\u202e" in "".join(tree.itertext())


def test_long_text_is_cut() -> None:
    assert len(label(note("message", text="س" * 1_000_000))) < 100
    assert len(label(note("message", event="e" * 1_000_000, text="t" * 100))) < 110


def test_short_transcript_is_shown_whole() -> None:
    entries = Wire().greeted().asked().spoke(4).closed().entries
    assert chosen(entries, 60, None) == list(range(len(entries)))


def test_middle_of_a_row_of_binary_messages_is_not_shown() -> None:
    entries = Wire().greeted().asked().spoke(9).entries
    kept = chosen(entries, 60, None)
    assert [index for index in range(len(entries)) if index not in kept] == [7, 8, 9, 10, 11]
    assert chosen(entries, 60, 10) == sorted([*kept, 9])
    assert "5 more binary messages, 96,000 bytes" in texts(drawn(*entries, kept=kept))


def test_row_ends_where_connection_or_direction_changes() -> None:
    wire = Wire()
    for connection in (1, 2):
        wire.opened(connection)
        for _ in range(4):
            wire.note("message", "to_client", size=1)
    assert chosen(wire.entries, 60, None) == list(range(12))


def test_rows_of_other_entries_are_shown() -> None:
    wire = Wire()
    for _ in range(9):
        wire.note("ping", "to_client", size=0)
    assert chosen(wire.entries, 60, None) == list(range(9))
    entries = [note("message", text="a") for _ in range(9)]
    assert chosen(entries, 60, None) == list(range(9))


def test_of_a_long_transcript_the_ends_are_shown() -> None:
    entries = [note("ping", size=0) for _ in range(100)]
    kept = chosen(entries, 20, None)
    assert kept == [*range(10), *range(90, 100)]
    assert "80 entries left out" in texts(drawn(*entries, kept=kept))


@pytest.mark.parametrize("focus", [1, 12, 50, 95, 100])
def test_of_a_long_transcript_the_place_of_a_finding_is_shown(focus: int) -> None:
    entries = [note("ping", size=0) for _ in range(100)]
    kept = chosen(entries, 21, focus)
    assert focus - 1 in kept
    assert len(kept) <= 21
    assert (kept[0], kept[-1]) == (0, 99)
    assert {index for index in range(focus - 3, focus + 2) if 0 <= index < 100} <= set(kept)


def test_focus_is_the_first_known_position() -> None:
    assert focus_of([None, 0, 7, 3]) == 7
    assert focus_of([None]) is None


def test_left_out_entries_are_counted() -> None:
    assert left_out([note("ping", size=0)]) == "1 entry left out"
    assert left_out([note("message", size=3), note("message", text="a", size=3)]) == "2 entries left out"
    assert left_out([note("message", size=3)]) == "1 more binary message, 3 bytes"
