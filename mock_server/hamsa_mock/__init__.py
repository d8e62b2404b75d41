"""A faithful offline mock of the Hamsa realtime voice API."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hamsa_mock.server import MockServer

__all__ = ["MockServer"]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is: pytest imports this package in every suite, for its plugin."""
    if name == "MockServer":
        from hamsa_mock.server import MockServer

        return MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
