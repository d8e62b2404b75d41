"""Entries of a transcript for people."""

import pytest

from hamsa_kit.transcript import Entry
from hamsa_kit.transcript_text import shown


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (
            Entry(
                kind="message",
                time=1.5,
                sequence=3,
                connection=2,
                request=1,
                direction="to_server",
                event="tts",
                text="{}",
            ),
            '     1.500 #2.1    → tts "{}"',
        ),
        (
            Entry(
                kind="message",
                time=0,
                sequence=4,
                connection=2,
                request=1,
                direction="to_client",
                event="chunk",
                size=32000,
                hash="ab",
            ),
            "     0.000 #2.1    ← chunk 32,000 bytes, hash ab",
        ),
        (
            Entry(kind="message", time=0, sequence=4, connection=2, direction="to_client", type="info", text="ا"),
            '     0.000 #2      ← info "ا"',
        ),
        (Entry(kind="message", time=0, sequence=4, connection=2), "     0.000 #2        message "),
        (
            Entry(kind="handshake_request", time=0, sequence=1, connection=1, direction="to_server", path="/v1"),
            "     0.000 #1      → GET /v1",
        ),
        (
            Entry(kind="http_request", time=0, sequence=1, direction="to_server", method="POST", path="/v2"),
            "     0.000 http    → POST /v2",
        ),
        (
            Entry(kind="http_answer", time=0, sequence=2, direction="to_client", status=204),
            "     0.000 http    ← HTTP 204",
        ),
        (
            Entry(kind="close", time=0, sequence=2, connection=1, direction="to_client", code=4001, reason="no"),
            '     0.000 #1      ← close 4001 "no"',
        ),
        (
            Entry(kind="close", time=0, sequence=2, connection=1, direction="to_server", code=1005),
            '     0.000 #1      → close 1005 ""',
        ),
        (
            Entry(kind="note", time=0, sequence=2, connection=1, event="cut", text="why"),
            "     0.000 #1        cut: why",
        ),
        (Entry(kind="disconnect", time=0, sequence=2, connection=1, event="reset"), "     0.000 #1        reset"),
        (Entry(kind="ping", time=0, sequence=2, connection=1, direction="to_client"), "     0.000 #1      ← ping"),
    ],
)
def test_entry_is_one_line(entry: Entry, line: str) -> None:
    assert shown(entry) == line


def test_long_text_is_cut_and_cannot_break_the_line() -> None:
    line = shown(Entry(kind="message", time=0, sequence=1, connection=1, event="tts", text="a\n" * 500))
    assert "\n" not in line
    assert line.endswith('…"')
    assert len(line) < 400


def test_text_is_as_it_was_sent_for_whoever_asks() -> None:
    entry = Entry(kind="message", time=0, sequence=1, connection=1, direction="to_server", event="tts", text='{"a": 1}')
    assert shown(entry, quoted=False) == '     0.000 #1      → tts {"a": 1}'
