"""What the command prints."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TextIO

import pytest

from hamsa_mock.cli import console as module
from hamsa_mock.cli.console import Console
from hamsa_mock.stages.request_log import LogLine

LINE = LogLine(1.23456789, 3, "closed", "#3 closed", {"code": 1000})


def printed(log_format: str, *lines: LogLine) -> str:
    """What a console makes of lines."""
    stream = io.StringIO()
    with Console(stream, log_format) as console:
        for line in lines:
            console.log(line)
    return stream.getvalue()


def test_text_log_is_for_people() -> None:
    assert printed("text", LINE, LINE) == "    1.235  #3 closed\n" * 2


def test_control_characters_of_a_client_cannot_forge_a_line_or_steer_the_terminal() -> None:
    line = LogLine(0, None, "http", "GET /\n0 forged\x1b[2J\x9b: 404", {})
    assert printed("text", line) == "    0.000  GET /\\x0a0 forged\\x1b[2J\\x9b: 404\n"


LINE_ENDS_AND_ORDER = "a\x85b\u2028c\u2029d\u202ee\u2066f\u200fg\u061ch\u200cx"


def test_clients_cannot_forge_lines_or_reorder_them_by_characters_of_unicode() -> None:
    """For readers who split at all that Unicode calls the end of a line. The joiners of Persian words stay."""
    line = LogLine(0, None, "http", LINE_ENDS_AND_ORDER, {"said": LINE_ENDS_AND_ORDER})
    shown = printed("text", line)
    assert shown.split() == ["0.000", r"a\x85b\u2028c\u2029d\u202ee\u2066f\u200fg\u061ch" + "\u200cx"]
    data = printed("json", line)
    assert len(data.splitlines()) == 1
    assert set(data).isdisjoint(set(LINE_ENDS_AND_ORDER) - set("abcdefghx\u200c"))
    assert json.loads(data)["said"] == LINE_ENDS_AND_ORDER


def test_json_log_is_for_programs() -> None:
    assert json.loads(printed("json", LINE)) == {"time": 1.234568, "connection": 3, "event": "closed", "code": 1000}


def test_text_that_the_console_cannot_show_is_escaped() -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="cp1252")
    with Console(stream, "text") as console:
        console.say("غ\ud800", {})
    assert buffer.getvalue().split() == [rb"\u063a\ud800"]


def broken_pipe() -> TextIO:
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "w", encoding="utf-8")


def full_disk() -> TextIO:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    return open("/dev/full", "w", encoding="utf-8")


@pytest.mark.parametrize("make", [broken_pipe, full_disk])
def test_console_that_cannot_write_falls_silent(make: Callable[[], TextIO]) -> None:
    with make() as stream, Console(stream, "text") as console:
        console.say("one", {})
        console.close(20)
        console.say("two", {})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot wait for a pipe")
def test_console_waits_for_a_terminal_that_is_non_blocking() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with os.fdopen(writing, "w", encoding="utf-8") as stream, Console(stream, "text") as console:
        console.say("x" * 200_000, {})
        received = 0
        while received < 200_001:
            received += len(os.read(reading, 65536))
    os.close(reading)


class Held(io.StringIO):
    """A stream that takes nothing before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = Event()
        self.let_go = Event()

    def write(self, text: str, /) -> int:
        self.entered.set()
        assert self.let_go.wait(20)
        return super().write(text)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_lines_that_nobody_reads_are_lost_and_counted(monkeypatch: pytest.MonkeyPatch, log_format: str) -> None:
    monkeypatch.setattr(module, "WAITING_CHARACTERS", 30)
    stream = Held()
    console = Console(stream, log_format)
    console.say("first", {"number": 0})
    assert stream.entered.wait(20)
    for number in range(1, 10):
        console.say(f"line number {number}", {"number": number})
    stream.let_go.set()
    console.close(20)
    lines = stream.getvalue().splitlines()
    if log_format == "text":
        assert lines == [
            "first",
            "line number 1",
            "line number 2",
            "line number 3",
            "6 lines lost, because nobody read them in time",
        ]
    else:
        assert [json.loads(line) for line in lines] == [
            *({"number": number} for number in range(4)),
            {"event": "lines_lost", "lines": 6},
        ]


def test_console_that_nobody_reads_does_not_hold_up_the_end() -> None:
    stream = Held()
    console = Console(stream, "text")
    console.say("first", {})
    console.close(0.01)
    assert stream.getvalue() == ""
    stream.let_go.set()
    console.close(20)
