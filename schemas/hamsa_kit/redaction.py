"""What may be shown of a path that a client asked for: clients mistype URLs, and then a key stands in the path."""

import re

PATH_CHARACTERS = 200
"""So much of a path is shown."""

_KEY = re.compile(r"(api_key(?:=|%3d))[^&]*", re.IGNORECASE)


def shown_path(path: str) -> str:
    """A decoded path as it may stand in a log or an answer: no key in it, and cut after PATH_CHARACTERS."""
    shown = _KEY.sub(r"\1***", path)
    return shown if len(shown) <= PATH_CHARACTERS else f"{shown[:PATH_CHARACTERS]}…"


def holds_key(path: str) -> bool:
    """Whether a key stands in a decoded path, so that the query does not begin where it should."""
    return _KEY.search(path) is not None
