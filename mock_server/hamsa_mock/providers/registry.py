"""The services that the mock plays. To add one: a folder here, and a line in `PROVIDERS`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from hamsa_mock.core.http import HttpRoute
from hamsa_mock.core.resources import Resource
from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.provider import Hamsa


class Provider(Protocol):
    """One service as it lives in one World."""

    name: str
    websocket_path: str
    """The endpoint that the ready line and the ready file name."""
    resources: tuple[Resource, ...]
    """What users can read and change, those in front to which others refer."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The test keys that there are now, which are no secrets."""
        ...

    @property
    def secrets(self) -> Iterable[str]:
        """All other keys that there are now, which no journal shows."""
        ...

    def environment(self, ws_url: str, http_url: str) -> Mapping[str, str]:
        """Variables from which clients of the service read their URLs and their key."""
        ...

    def websocket_routes(self) -> Mapping[str, Route]:
        """The paths that take an upgrade, as behaviours have it now."""
        ...

    def http_routes(self) -> Mapping[str, HttpRoute]:
        """The paths that answer REST requests, as behaviours have them now."""
        ...

    def reset(self) -> None:
        """Forget what was counted and spent, and what was changed since the start. Connections stay open."""
        ...


PROVIDERS: tuple[Callable[[World], Provider], ...] = (Hamsa,)
