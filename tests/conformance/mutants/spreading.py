"""Mistakes by which one client suffers for another."""

from collections.abc import Callable
from typing import Any

from hamsa_mock.providers.hamsa.session import HamsaSession
from tests.conformance.mutants.mutant import Change, replaced


def ungreeted_behind(target: type, name: str, is_bad: Callable[[Any], bool]) -> tuple[Change, Change]:
    """A method that is called of something bad costs the next client its greeting. `is_bad` gets the object before."""
    costly = False

    def spread(original: Any) -> Any:
        def called(self: Any, *arguments: Any) -> Any:
            nonlocal costly
            costly = costly or is_bad(self)
            return original(self, *arguments)

        return called

    def greet(original: Any) -> Any:
        def greeted(self: HamsaSession, now: float) -> Any:
            nonlocal costly
            was_costly, costly = costly, False
            return [] if was_costly else original(self, now)

        return greeted

    return replaced(target, name, spread), replaced(HamsaSession, "_greet", greet)
