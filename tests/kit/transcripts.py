"""Entries for tests, and a strategy that makes any that a recorder could write."""

from typing import Any

from hypothesis import strategies as st

from hamsa_kit.transcript import Entry, Header

SCALARS = st.text() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
FIELDS = st.dictionaries(st.text(), st.text(), max_size=3)
NUMBERS = st.integers(1, 2**40)
TIMES = st.floats(0, 1e9)
HASHES = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
DIRECTIONS = st.sampled_from(["to_server", "to_client"])
NAMES = st.text(min_size=1)
PAYLOAD = {"size": st.integers(0, 2**40), "hash": HASHES}
ANSWER = {"direction": DIRECTIONS, "status": st.integers(100, 999), "headers": FIELDS}
REQUEST = {"direction": DIRECTIONS, "path": st.text(), "query": FIELDS, "headers": FIELDS}
KINDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "handshake_request": {**REQUEST, "peer": st.text()},
    "handshake_answer": {**ANSWER, "text": st.text()},
    "message": {"direction": DIRECTIONS, "text": st.text(), "event": st.text(), "type": st.text(), "ordinal": NUMBERS},
    "ping": {"direction": DIRECTIONS, **PAYLOAD},
    "pong": {"direction": DIRECTIONS, **PAYLOAD},
    "raw": {"direction": DIRECTIONS, **PAYLOAD},
    "close": {"direction": DIRECTIONS, "code": st.integers(0, 4999), "reason": st.text()},
    "disconnect": {"direction": DIRECTIONS, "event": st.sampled_from(["fin", "reset", "abort"])},
    "lost": {},
    "http_request": {**REQUEST, "method": st.text(), **PAYLOAD},
    "http_answer": {**ANSWER, **PAYLOAD},
    "note": {"event": st.text(), "text": st.text(), "data": st.dictionaries(st.text(), SCALARS, max_size=3)},
}
HEADERS = st.builds(
    Header,
    vantage=st.sampled_from(["client", "server", "proxy"]),
    providers=st.lists(NAMES, unique=True, max_size=2).map(tuple),
    seed=st.none() | st.integers(-(2**53), 2**53),
    canonical=st.booleans(),
    dropped=st.integers(0, 2**40),
    redacted=st.lists(st.text(), max_size=2).map(tuple),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry."""
    kind = draw(st.sampled_from(list(KINDS)))
    fields = {name: draw(values) for name, values in KINDS[kind].items()}
    return Entry(
        **fields,
        kind=kind,  # type: ignore[arg-type]
        position=draw(st.none() | NUMBERS),
        time=draw(TIMES),
        real=draw(st.none() | TIMES),
        connection=draw(st.none() | NUMBERS),
        sequence=draw(NUMBERS),
        provider=draw(st.none() | NAMES),
        request=draw(st.none() | NUMBERS),
        redacted=tuple(draw(st.lists(st.text(), max_size=2))),
    )
