"""Makes an entry fit to be kept and shown: no key in any of its fields, and long texts cut."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hamsa_kit.redaction import Redactor
from hamsa_kit.transcript import TEXT_CHARACTERS, Entry, Scalar, digest

_TEXTS = ("event", "type", "text", "reason", "method", "path", "peer")


def redacted(entry: Entry, redactor: Redactor) -> Entry:
    """The entry with every secret hidden, and the fields named in which one was; then its text is cut."""
    texts = {name: getattr(entry, name) for name in _TEXTS if getattr(entry, name) is not None}
    shown: dict[str, Any] = {name: redactor.text(text) for name, text in texts.items()}
    changed = [name for name in shown if shown[name] != texts[name]]
    query, changed_query = redactor.fields(entry.query)
    headers, changed_headers = redactor.fields(entry.headers)
    data = _data(entry.data, redactor)
    changed += [f"query.{name}" for name in changed_query]
    changed += [f"headers.{name}" for name in changed_headers]
    changed += [f"data.{name}" for name in data if data[name] != entry.data[name]]
    hidden = replace(entry, **shown, query=query, headers=headers, data=data, redacted=(*entry.redacted, *changed))
    return _cut(hidden)


def _data(data: Mapping[str, Scalar], redactor: Redactor) -> dict[str, Scalar]:
    return {name: redactor.text(value) if isinstance(value, str) else value for name, value in data.items()}


def _cut(entry: Entry) -> Entry:
    if entry.text is None or len(entry.text) <= TEXT_CHARACTERS:
        return entry
    whole = entry.text.encode()
    return replace(entry, text=entry.text[:TEXT_CHARACTERS], size=len(whole), hash=digest(whole))
