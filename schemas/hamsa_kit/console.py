"""What commands print: text that a console cannot show is printed as escapes, never a reason to fail."""

import io
import os
import sys
from contextlib import suppress

HARMFUL = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *(0x061C, 0x200E, 0x200F),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
)
"""Characters by which clients could forge lines, steer a terminal, or make text appear in another order: controls, line
and paragraph separators, and the marks, embeddings, overrides and isolates of bidirectional text."""

ESCAPES = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in HARMFUL}


def complain(program: str, message: str) -> None:
    """One line on standard error."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    with suppress(OSError):  # the exit code still tells
        print(f"{program}: {message}", file=sys.stderr)


def open_missing_streams() -> None:
    """Give the process the standard streams that it was started without (`>&-`): otherwise the next file or socket
    that is opened would get their number, and be written to."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - stays open
