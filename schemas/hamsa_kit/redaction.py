"""Keeps keys out of everything that is shown: logs, answers, transcripts."""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

PATH_CHARACTERS = 200
"""So much of a path is shown."""

HIDDEN = "***"
"""Stands where a key was."""

SECRET_CHARACTERS = 6
"""A shorter key is hidden only in the fields that carry keys: looked for everywhere it would hide half of all words."""

_KEY = re.compile(r"(api_key(?:=|%3d))[^&]*", re.IGNORECASE)
_SECRET_NAME = re.compile(r"key|token|secret|auth|cookie|passw|credential|signature|session", re.IGNORECASE)
_PLAIN_NAMES = frozenset({"sec-websocket-key", "sec-websocket-accept"})  # nonces of the handshake (RFC 6455, 4)
_PROTOCOLS = "sec-websocket-protocol"  # browsers can set no other header, so keys are sent in it
_KEY_NAMES = frozenset({"authorization", "proxy-authorization", "x-api-key", "api_key", "api-key", "apikey"})
_WRITTEN_KEY = re.compile(
    r"""((?:api[_-]?key|access_token|authorization)(?:\\?["'])?\s*(?:[=:]|%3d)\s*(?:\\?["'])?"""
    r"""(?:(?:token|bearer)\s+)?)([^\s"'\\&,;}]+)""",
    re.IGNORECASE,
)


def shown_path(path: str) -> str:
    """A decoded path as it may stand in a log or an answer: no key in it, and cut after PATH_CHARACTERS."""
    shown = _KEY.sub(rf"\1{HIDDEN}", path)
    return shown if len(shown) <= PATH_CHARACTERS else f"{shown[:PATH_CHARACTERS]}…"


def holds_key(path: str) -> bool:
    """Whether a key stands in a decoded path, so that the query does not begin where it should."""
    return _KEY.search(path) is not None


def is_secret(name: str) -> bool:
    """Whether a header or query parameter of this name carries, or may carry, a key."""
    name = name.lower()
    return name == _PROTOCOLS or (_SECRET_NAME.search(name) is not None and name not in _PLAIN_NAMES)


def keys_in(fields: Mapping[str, str]) -> frozenset[str]:
    """The keys that headers or query parameters carry, without the scheme in front (`Token`, `Bearer`)."""
    values = (value.split()[-1:] for name, value in fields.items() if name.lower() in _KEY_NAMES)
    return frozenset(word for words in values for word in words)


class Redactor:
    """Hides what carries a key by its name, and known secrets wherever they stand."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets`: keys to hide in any text, also as they look inside JSON and URLs. Those with less than
        SECRET_CHARACTERS are not looked for."""
        long = {secret for secret in secrets if len(secret) >= SECRET_CHARACTERS}
        forms = {form for secret in long for form in _forms(secret)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """A text without known secrets, and without what it names as a key itself (`api_key=...`)."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _WRITTEN_KEY.sub(rf"\1{HIDDEN}", text)

    def fields(self, fields: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        """Headers or query parameters without secrets, and the names of those that were changed."""
        shown: dict[str, str] = {}
        changed: list[str] = []
        for name, value in fields.items():
            shown_name = self.text(name)
            shown[shown_name] = HIDDEN if is_secret(name) and value else self.text(value)
            if shown_name != name or shown[shown_name] != value:
                changed.append(shown_name)
        return shown, changed


def _forms(secret: str) -> set[str]:
    escaped = {json.dumps(secret, ensure_ascii=ascii)[1:-1] for ascii in (True, False)}
    return {secret, quote(secret), quote(secret, safe=""), *escaped}
