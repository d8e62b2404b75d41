"""The services that the mock plays. To add one: a folder here, and a line in `PROVIDERS`."""

from collections.abc import Callable, Mapping
from typing import Protocol

from hamsa_mock.core.http import HttpRoute
from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.provider import Hamsa


class Provider(Protocol):
    """One service as it lives in one World."""

    name: str
    keys: tuple[str, ...]
    """The keys that are accepted: test keys, no secrets."""
    websocket_path: str
    """The endpoint that the ready line and the ready file name."""

    def websocket_routes(self) -> Mapping[str, Route]:
        """The paths that take an upgrade."""
        ...

    def http_routes(self) -> Mapping[str, HttpRoute]:
        """The paths that answer REST requests."""
        ...


PROVIDERS: tuple[Callable[[World], Provider], ...] = (Hamsa,)
