"""What the command prints. Text that a console cannot show is printed as escapes, never a reason to fail."""

import io
import json
import select
from collections.abc import Callable
from threading import Condition, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from hamsa_kit.console import ESCAPES, HARMFUL

if TYPE_CHECKING:  # main.py says why
    from hamsa_mock.stages.request_log import LogLine

JSON_ESCAPES = {code: f"\\u{code:04x}" for code in HARMFUL}

WAITING_CHARACTERS = 4 * 2**20
"""When so much waits for a reader that does not read, further lines are lost."""

SECONDS_TO_END = 1.0
"""So long the last lines have to be taken by the reader."""


class Console:
    """Writes lines to a stream, as text or as JSON objects, one a line. Ended by `close` or as a context manager.

    A thread writes, so that a reader who does not read (an open pipe, a terminal held by Ctrl-S) holds up nobody
    else. When writing fails (`hamsa-mock serve | head -1`, a full disk), the console falls silent.
    """

    def __init__(self, stream: TextIO, log_format: str) -> None:
        self._json = log_format == "json"
        self._write = _writer(stream)
        self._changed = Condition()
        self._waiting: list[str] = []
        self._characters = 0
        self._lost = 0
        self._ends = False
        # A daemon: a thread that hangs in a write must not keep the process from ending.
        self._thread = Thread(target=self._work, name="hamsa-mock-console", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def log(self, line: "LogLine") -> None:
        """A line of the mock's log."""
        data = {"time": round(line.time, 6), "connection": line.connection, "event": line.event, **line.data}
        self.say(f"{line.time:9.3f}  {line.words.translate(ESCAPES)}", data)

    def say(self, words: str, data: dict[str, Any]) -> None:
        """The same thing in words for people and as data for programs: one of them is printed, sooner or later."""
        line = self._line(words, data)
        with self._changed:
            if self._characters > WAITING_CHARACTERS:
                self._lost += 1
                return
            self._waiting.append(line)
            self._characters += len(line)
            self._changed.notify()

    def close(self, seconds: float = SECONDS_TO_END) -> None:
        """Print what waits, for so many seconds at most."""
        with self._changed:
            self._ends = True
            self._changed.notify()
        self._thread.join(seconds)

    def _work(self) -> None:
        """Write until the end, or until that fails; then take lines and forget them."""
        silent = False
        while (text := self._next()) is not None:
            try:
                if not silent:
                    self._write(text)
            except OSError:
                silent = True

    def _next(self) -> str | None:
        """All that waits, as soon as something does. None: nothing will come any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ends)
            text = "".join(self._waiting)
            if self._lost:
                text += self._line(
                    f"{self._lost} lines lost, because nobody read them in time",
                    {"event": "lines_lost", "lines": self._lost},
                )
            self._waiting.clear()
            self._characters = self._lost = 0
            return text or None

    def _line(self, words: str, data: dict[str, Any]) -> str:
        return f"{json.dumps(data, ensure_ascii=False).translate(JSON_ESCAPES) if self._json else words}\n"


def _writer(stream: TextIO) -> Callable[[str], object]:
    """What writes text to a stream. A file is written to directly: Python's own buffers have a lock that a thread
    which hangs in a write would hold, and the interpreter fails to end without it."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream.write
    encoding = stream.encoding
    raw: Any = getattr(stream.buffer, "raw", stream.buffer)

    def write(text: str) -> None:
        data = memoryview(text.encode(encoding, "backslashreplace"))
        while data:
            written = raw.write(data)
            if written is None:  # another program has made the terminal non-blocking
                select.select([], [raw], [])
            else:
                data = data[written:]

    return write
