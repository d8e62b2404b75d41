"""How a case says that something is not as it should be, or that it cannot say."""

from typing import Never

from hamsa_conformance.result import Axis


class Unmet(Exception):
    """The server does something else than it has to."""

    def __init__(self, expected: str, actual: str, axis: Axis = "messages") -> None:
        super().__init__(f"expected {expected}; got {actual}")
        self.expected = expected
        self.actual = actual
        self.axis: Axis = axis


class CannotTell(Exception):
    """Something else came in between, such as an answer that was cut short: worth another attempt."""


class NotTried(Exception):
    """What the case needs is not there. The text says what."""


def require(met: bool, expected: str, actual: object) -> None:
    """Errors: Unmet."""
    if not met:
        unmet(expected, actual)


def require_equal(actual: object, expected: object, what: str) -> None:
    """Errors: Unmet. `what`: of what the values are."""
    if actual != expected:
        unmet(f"{what} {expected!r}", f"{actual!r}")


def unmet(expected: str, actual: object, axis: Axis = "messages") -> Never:
    """Errors: Unmet, always."""
    raise Unmet(expected, str(actual), axis)
