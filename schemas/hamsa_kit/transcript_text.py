"""Entries of a transcript for people: a line each."""

import json

from hamsa_kit.transcript import Entry

ARROWS = {"to_server": "→", "to_client": "←", None: " "}
TEXT_CHARACTERS = 120


def shown(entry: Entry, quoted: bool = True) -> str:
    """Time, connection and request, direction, and what it was.

    Texts are JSON strings, so that none breaks a line. `quoted` False: as they are, for whoever replaces what could.
    """
    where = "http" if entry.connection is None else f"#{entry.connection}"
    if entry.request is not None:
        where += f".{entry.request}"
    return f"{entry.time:10.3f} {where:7} {ARROWS[entry.direction]} {_what(entry, where, quoted)}"


def _what(entry: Entry, where: str, quoted: bool) -> str:
    match entry.kind:
        case "message":
            name = entry.event or entry.type or "message"
            return f"{name} {_content(entry, quoted)}"
        case "handshake_request" | "http_request":
            return f"{entry.method or 'GET'} {entry.path}"
        case "handshake_answer" | "http_answer":
            return f"HTTP {entry.status} {_content(entry, quoted)}".rstrip()
        case "close":
            return f"close {entry.code} {json.dumps(entry.reason or '', ensure_ascii=False)}"
        case "note":
            return f"{entry.event}: {(entry.text or '').removeprefix(f'{where} ')}"
        case "disconnect":
            return f"{entry.event}"
        case _:
            return f"{entry.kind} {_content(entry, quoted)}".rstrip()


def _content(entry: Entry, quoted: bool) -> str:
    if entry.text is None:
        return "" if entry.size is None else f"{entry.size:,} bytes, hash {entry.hash}"
    text = entry.text if len(entry.text) <= TEXT_CHARACTERS else f"{entry.text[:TEXT_CHARACTERS]}…"
    return json.dumps(text, ensure_ascii=False) if quoted else text
