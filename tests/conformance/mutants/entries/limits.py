"""Limits that are off by one, counted wrongly, or not there."""

from copy import copy
from typing import Any

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.actions import Send, Single, Why
from hamsa_mock.providers.hamsa.admission import Admission
from hamsa_mock.providers.hamsa.limits import SlidingWindow
from hamsa_mock.providers.hamsa.requests import RequestReader
from hamsa_mock.providers.hamsa.session import HamsaSession
from tests.conformance.mutants.mutant import Change, chosen, mutant, replaced
from tests.conformance.mutants.wire import closing, each

REQUESTS = "hamsa.limit.requests"
WINDOW = "hamsa.limit.requests_window"
CHARACTERS = "hamsa.limit.text_characters"


def _measured(length: Any) -> Change:
    """A text is measured in another way."""

    def apply(original: Any) -> Any:
        def apply_rules(self: Any, fields: dict[str, Any]) -> Any:
            if length(fields["text"]) > 2000:
                return self._invalid(Why("the text is too long, in another unit"))
            return original(self, fields)

        return apply_rules

    return replaced(RequestReader, "apply_rules", apply)


def _own_count(original: Any) -> Any:
    """Every connection has a count of its own."""

    def init(self: Any, hamsa: Any) -> None:
        own = copy(hamsa)
        own.admission = copy(hamsa.admission)
        own.admission._requests = SlidingWindow(lambda: hamsa.behaviours.number(WINDOW))
        original(self, own)

    return init


def _on_limit(*actions: Single) -> Change:
    """Something follows the error of the limit."""

    def of_error(error: Single) -> list[Single]:
        limited = isinstance(error, Send) and b"Rate limit" in error.message.payload
        return [error, *actions] if limited else [error]

    return each("error", of_error)


def _unanswered(error: Single) -> list[Single]:
    return [] if isinstance(error, Send) and b"Rate limit" in error.message.payload else [error]


def _uncounted(kind: str) -> Change:
    """Requests of a type are free."""

    def count(original: Any) -> Any:
        def counted(self: Any, request: Any, key: Any, now: float, *, valid: bool) -> Any:
            return None if request.type == kind else original(self, request, key, now, valid=valid)

        return counted

    return replaced(Admission, "count", count)


def _of_all(original: Any) -> Any:
    return lambda self, name, now: original(self, "everybody", now)


MUTANTS = (
    mutant(
        "limits.text_2001",
        "A text of 2001 characters is spoken.",
        "API-6",
        chosen(CHARACTERS, 2001),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("limits.text_1999", "A text of 2000 characters is refused.", "API-6", chosen(CHARACTERS, 1999)),
    mutant(
        "limits.text_in_utf8",
        "A text is measured in bytes of UTF-8.",
        "API-6",
        _measured(lambda text: len(text.encode())),
    ),
    mutant(
        "limits.text_in_utf16",
        "A text is measured in units of UTF-16.",
        "API-6",
        _measured(lambda text: len(text.encode("utf-16-le")) // 2),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("limits.requests_101", "A key may make 101 requests in 60 seconds.", "API-31", chosen(REQUESTS, 101)),
    mutant("limits.requests_99", "A key may make 99 requests in 60 seconds.", "API-31", chosen(REQUESTS, 99)),
    mutant("limits.requests_without", "A key may make any number of requests.", "API-31", chosen(REQUESTS, 1_000_000)),
    mutant(
        "limits.requests_per_connection",
        "The requests of each connection are counted by themselves.",
        "API-31",
        replaced(HamsaSession, "__init__", _own_count),
    ),
    mutant(
        "limits.requests_of_all_keys",
        "The requests of all keys are counted together.",
        "API-31",
        replaced(SlidingWindow, "add", _of_all),
        replaced(SlidingWindow, "count", _of_all),
    ),
    mutant("limits.window_30", "Requests are counted over 30 seconds.", "API-31", chosen(WINDOW, 30)),
    mutant("limits.window_90", "Requests are counted over 90 seconds.", "API-31", chosen(WINDOW, 90)),
    mutant("limits.stt_uncounted", "Requests for transcripts are not counted.", "API-31", _uncounted("stt")),
    mutant("limits.tts_uncounted", "Requests for speech are not counted.", "API-31", _uncounted("tts")),
    mutant(
        "limits.closes",
        "A request above the limit closes the connection.",
        "API-32",
        _on_limit(closing(1008)),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("limits.silent", "A request above the limit gets nothing.", "API-32", each("error", _unanswered)),
)
