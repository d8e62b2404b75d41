"""What the command prints. Text that a console cannot show is printed as escapes, never a reason to fail."""

import io
import json
import os
import sys
from typing import Any, TextIO

from hamsa_mock.stages.request_log import LogLine

ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
"""Control characters from clients could forge lines, or steer a terminal."""


class Console:
    """Writes lines to a stream, as text or as JSON objects, one a line.

    When nobody reads any more (`hamsa-mock serve | head -1`), it falls silent, and the mock goes on.
    """

    def __init__(self, stream: TextIO, log_format: str) -> None:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        self._stream = stream
        self._json = log_format == "json"
        self._silent = False

    def log(self, line: LogLine) -> None:
        """A line of the mock's log."""
        data = {"time": round(line.time, 6), "connection": line.connection, "event": line.event, **line.data}
        self.say(f"{line.time:9.3f}  {line.words.translate(ESCAPES)}", data)

    def say(self, words: str, data: dict[str, Any]) -> None:
        """The same thing in words for people and as data for programs: one of them is printed."""
        if self._silent:
            return
        try:
            print(json.dumps(data, ensure_ascii=False) if self._json else words, file=self._stream, flush=True)
        except BrokenPipeError:
            self._silent = True
            # What is still buffered goes nowhere, or Python would complain about it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


def complain(message: str) -> None:
    """One line on standard error."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    print(f"hamsa-mock: {message}", file=sys.stderr)
