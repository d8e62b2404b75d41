"""What the command prints."""

import io
import json
import os

import pytest

from hamsa_mock.cli.console import Console, complain
from hamsa_mock.stages.request_log import LogLine

LINE = LogLine(1.23456789, 3, "closed", "#3 closed", {"code": 1000})


def test_text_log_is_for_people() -> None:
    stream = io.StringIO()
    Console(stream, "text").log(LINE)
    assert stream.getvalue() == "    1.235  #3 closed\n"


def test_control_characters_of_a_client_cannot_forge_a_line_or_steer_the_terminal() -> None:
    stream = io.StringIO()
    Console(stream, "text").log(LogLine(0, None, "http", "GET /\n0 forged\x1b[2J\x9b: 404", {}))
    assert stream.getvalue() == "    0.000  GET /\\x0a0 forged\\x1b[2J\\x9b: 404\n"


def test_json_log_is_for_programs() -> None:
    stream = io.StringIO()
    Console(stream, "json").log(LINE)
    assert json.loads(stream.getvalue()) == {"time": 1.234568, "connection": 3, "event": "closed", "code": 1000}


def test_text_that_the_console_cannot_show_is_escaped() -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="cp1252")
    Console(stream, "text").say("غ", {})
    assert buffer.getvalue().split() == [rb"\u063a"]


def test_console_that_nobody_reads_falls_silent() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        console = Console(stream, "text")
        console.say("one", {})
        console.say("two", {})


def test_complaint_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    complain("no such port")
    assert capsys.readouterr().err == "hamsa-mock: no such port\n"
