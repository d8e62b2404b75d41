"""Transcripts as JSON Lines: the header, then an entry a line. See `meta/transcript.schema.json`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from hamsa_kit.transcript import VERSION, Entry, Header, entry_of
from hamsa_schemas import default_catalogue
from hamsa_schemas.refusal import refusal_of

SCHEMA = "meta/transcript.schema.json"


class BadTranscript(ValueError):
    """A file that is no transcript, or one of a version that is not known. The message names the line."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a file holds."""

    header: Header
    entries: tuple[Entry, ...]


def write_transcript(header: Header, entries: Iterable[Entry]) -> Iterator[str]:
    """The lines of a file, each with its end."""
    yield _line(header.json())
    for entry in entries:
        yield _line(entry.json())


def read_transcript(lines: Iterable[str]) -> Transcript:
    """Take the lines of a file, with or without their ends. An empty line is nothing.

    Raises BadTranscript.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    number, line = next(numbered, (1, ""))
    header = _header(number, line)
    return Transcript(header, tuple(_entry(number, line) for number, line in numbered))


def _line(content: dict[str, Any]) -> str:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE).decode()


def _header(number: int, line: str) -> Header:
    content = _object(number, line) if line else {}
    if "vantage" not in content or "version" not in content:
        raise BadTranscript(f"line {number}: not the header of a transcript, which has a version and a vantage")
    if content["version"] != VERSION:
        raise BadTranscript(f"line {number}: version {content['version']!r} is not known; this reads version {VERSION}")
    _check(number, content)
    for name in ("providers", "redacted"):
        content[name] = tuple(content[name])
    return Header(**content)


def _entry(number: int, line: str) -> Entry:
    content = _object(number, line)
    if "vantage" in content:
        raise BadTranscript(f"line {number}: a second header; a file holds one transcript")
    _check(number, content)
    return entry_of(content)


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        content = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadTranscript(f"line {number}: not JSON: {error.msg}") from error
    if not isinstance(content, dict):
        raise BadTranscript(f"line {number}: not a JSON object")
    return content


def _check(number: int, content: dict[str, Any]) -> None:
    try:
        if _is_valid()(content):
            return
    except ValueError as error:  # of earlier versions of the validator, which give up on deep nesting
        raise BadTranscript(f"line {number}: {error}") from error
    refusal = refusal_of(default_catalogue().schemas.validator(SCHEMA), content)
    assert refusal is not None, "both validators judge alike"
    raise BadTranscript(f"line {number}: {refusal.text}")


@cache
def _is_valid() -> Callable[[Any], bool]:
    return default_catalogue().schemas.compiled(SCHEMA)
