"""What went over a connection: the entries that the mock, the conformance suite and the load tests all write.

`meta/transcript.schema.json` of `hamsa_schemas` publishes the same for other languages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any, Literal, TypeAlias

VERSION = 1
"""Of the format. It grows when a reader of the version before would misunderstand a file."""

TEXT_CHARACTERS = 16_384
"""So much of a text is shown; of a longer one also the size and the hash of all of it."""

Vantage: TypeAlias = Literal["client", "server", "proxy"]
Direction: TypeAlias = Literal["to_server", "to_client"]
Kind: TypeAlias = Literal[
    "handshake_request",
    "handshake_answer",
    "message",
    "ping",
    "pong",
    "raw",
    "close",
    "disconnect",
    "lost",
    "http_request",
    "http_answer",
    "note",
]
Scalar: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of a file: who saw it, and what holds for all entries.

    `vantage`: whose side was recorded. `dropped`: entries that were recorded and are not in the file, because the
    ring was full. `redacted`: what was hidden wherever it stood. `canonical`: whether everything is left out that
    differs from run to run.
    """

    version: int = VERSION
    vantage: Vantage
    providers: tuple[str, ...] = ()
    seed: int | None = None
    canonical: bool = False
    dropped: int = 0
    redacted: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """As it stands in a file."""
        return {name: value for name, value in _values(self).items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was seen. What does not apply is None or empty, and left out of a file.

    `position`: number in the whole recording, from 1. `time`: seconds of the recorder's clock, which may be
    virtual; `real`: seconds since the epoch. `connection`: its number, None for plain HTTP; `sequence`: number
    within the connection, from 1, right also where earlier entries are missing. `request`: number of the request
    that it belongs to, on its connection, or number of the HTTP exchange.

    `event`: the name of a message (`tts`, `ack`, `chunk`, ...), of how a connection was cut (`fin`, `reset`,
    `abort`), or of what a note tells; `type`: what the JSON of a text message says of itself; `ordinal`: which of
    the events of this name within the request.

    `text`: a text message, the body of an answer, or the words of a note, up to TEXT_CHARACTERS. `size` and
    `hash` (see `digest`): of binary payloads, and of texts that are longer. Where something in a text was
    redacted, they are those of the redacted text. `redacted`: the fields in which something was hidden.
    """

    position: int | None = None
    kind: Kind
    time: float
    real: float | None = None
    connection: int | None = None
    sequence: int
    provider: str | None = None
    direction: Direction | None = None
    request: int | None = None
    event: str | None = None
    type: str | None = None
    ordinal: int | None = None
    text: str | None = None
    size: int | None = None
    hash: str | None = None
    code: int | None = None
    reason: str | None = None
    method: str | None = None
    path: str | None = None
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    status: int | None = None
    peer: str | None = None
    data: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])
    redacted: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        """As it stands in a file. `connection` is always there: null says that it was plain HTTP."""
        values = {name: value for name, value in _values(self).items() if value not in (None, (), {})}
        return {**values, "connection": self.connection}


def entry_of(content: Mapping[str, Any]) -> Entry:
    """The entry of which `content` is the JSON. It is not checked; `transcript_file` reads what may be wrong."""
    return Entry(**{**content, "redacted": tuple(content.get("redacted", ()))})


def digest(payload: bytes) -> str:
    """The hash of a payload: BLAKE2b of 128 bits, in hexadecimal digits."""
    return start_digest([payload]).hexdigest()


def start_digest(pieces: Iterable[bytes]) -> blake2b:
    """The same of a payload of which more may come."""
    hashed = blake2b(digest_size=16)
    for piece in pieces:
        hashed.update(piece)
    return hashed


def _values(record: Header | Entry) -> dict[str, Any]:
    return {each.name: getattr(record, each.name) for each in fields(record)}
