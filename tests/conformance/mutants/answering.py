"""REST requests that a mutant answers in its own way."""

from collections.abc import Callable
from typing import Any, TypeAlias

from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.providers.hamsa.rest import HamsaRest
from tests.conformance.mutants.mutant import Change, replaced

Usual: TypeAlias = Callable[[HttpRequest], HttpAnswer]
"""What the mock answers."""

Answering: TypeAlias = Callable[[HttpRequest, Usual], HttpAnswer]


def answering(path: str, answer: Answering) -> Change:
    """Requests to a path are answered otherwise. `answer` gets the request and the usual way."""

    def apply(original: Any) -> Any:
        def handle(self: HamsaRest, request: HttpRequest, now: float) -> Any:
            if request.path != path or request.method == "OPTIONS":
                return original(self, request, now)
            return answer(request, lambda other: original(self, other, now))

        return handle

    return replaced(HamsaRest, "handle", apply)
