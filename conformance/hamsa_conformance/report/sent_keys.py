"""What a case sent as a key, whether somebody has it or not: servers echo what they refuse, and no report shows it."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from hamsa_conformance.result import Result
from hamsa_kit.redaction import keys_in
from hamsa_kit.transcript import Entry

KEY_CHARACTERS = 8
"""What is shorter is no key: hiding it would hide words."""


def sent_keys(result: Result) -> frozenset[str]:
    """The values of headers and query parameters by which keys are given."""
    sent = (key for entry in result.transcript if entry.direction == "to_server" for key in _keys_of(entry))
    return frozenset(key for key in sent if len(key) >= KEY_CHARACTERS)


def _keys_of(entry: Entry) -> Iterator[str]:
    yield from keys_in(entry.headers)
    yield from keys_in(entry.query)
    yield from keys_in(dict(parse_qsl(urlsplit(entry.path or "").query)))
