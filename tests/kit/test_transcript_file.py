"""Transcripts as files: what is written is read, what is wrong is named with its line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsa_kit import transcript_file
from hamsa_kit.transcript import TEXT_CHARACTERS, Entry, Header
from hamsa_kit.transcript_file import BadTranscript, read_transcript, write_transcript
from tests.kit.transcripts import HEADERS, entries

HEADER = {"version": 1, "vantage": "server", "providers": [], "canonical": False, "dropped": 0, "redacted": []}
LOST = {"kind": "lost", "time": 0, "connection": 1, "sequence": 1}


def lines(*contents: Any) -> list[str]:
    return [content if isinstance(content, str) else json.dumps(content) for content in contents]


@given(HEADERS, st.lists(entries(), max_size=5))
def test_transcript_that_was_written_is_read_as_it_was(header: Header, recorded: list[Entry]) -> None:
    transcript = read_transcript(write_transcript(header, recorded))
    assert transcript.header == header
    assert list(transcript.entries) == recorded


def test_text_full_of_brackets_is_read() -> None:
    entry = Entry(kind="message", time=0, connection=1, sequence=1, direction="to_server", text="[" * TEXT_CHARACTERS)
    assert read_transcript(write_transcript(Header(vantage="client"), [entry])).entries == (entry,)


def test_every_entry_is_a_line_in_utf_8() -> None:
    entry = Entry(kind="note", time=0, sequence=1, event="x", text="مرحبا\n\u2028")
    written = list(write_transcript(Header(vantage="server"), [entry]))
    assert [line.count("\n") for line in written] == [1, 1]
    assert "مرحبا" in written[1]


def test_empty_lines_are_nothing() -> None:
    assert len(read_transcript(lines("", HEADER, " \n", LOST, "")).entries) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "line 1: not the header of a transcript, which has a version and a vantage"),
        ([LOST], "line 1: not the header of a transcript, which has a version and a vantage"),
        (["", "["], "line 2: not JSON: "),
        (["[]"], "line 1: not a JSON object"),
        ([HEADER | {"version": 2}], "line 1: version 2 is not known; this reads version 1"),
        ([HEADER | {"vantage": "moon"}], 'line 1: vantage must be one of "client", "server", "proxy"'),
        ([HEADER, HEADER], "line 2: a second header; a file holds one transcript"),
        ([HEADER, LOST, "{"], "line 3: not JSON: "),
        ([HEADER, LOST | {"kind": "gone"}], "line 2: kind must be one of "),
        ([HEADER, {"kind": "lost"}], "line 2: time is missing"),
        ([HEADER, LOST | {"sequence": 0}], "line 2: sequence is below the minimum of 1"),
        ([HEADER, LOST | {"kind": "close"}], "line 2: direction is missing"),
        ([HEADER, LOST | {"kind": "message", "direction": "to_client"}], "line 2: the message needs at least one of: "),
        ([HEADER, LOST | {"evnt": "x"}], "line 2: there is no 'evnt'; did you mean 'event'?"),
        ([HEADER, LOST | {"hash": "x"}], "line 2: hash "),
        ([HEADER, LOST | {"text": "x" * (TEXT_CHARACTERS + 1)}], "line 2: text has 16385 characters, at most 16384"),
        ([HEADER, "[" * 500 + "]" * 500], "line 2: not a JSON object"),
        ([HEADER, '{"kind":' + "[" * 500 + "]" * 500 + "}"], "line 2: "),
    ],
)
def test_reader_names_the_line_and_what_is_wrong_with_it(content: list[Any], words: str) -> None:
    with pytest.raises(BadTranscript) as caught:
        read_transcript(lines(*content))
    assert str(caught.value).startswith(words)


def test_line_that_the_validator_gives_up_on_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As versions of it do that are allowed, for deep nesting."""

    def give_up(content: object) -> bool:
        raise ValueError("Recursion limit reached")

    monkeypatch.setattr(transcript_file, "_is_valid", lambda: give_up)
    with pytest.raises(BadTranscript, match="line 1: Recursion limit reached"):
        read_transcript(['{"version": 1, "vantage": "server"}'])
