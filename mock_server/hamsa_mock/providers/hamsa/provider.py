"""Hamsa, as a provider of the mock."""

from collections.abc import Iterable, Mapping

from hamsa_mock.core.actions import Why
from hamsa_mock.core.http import HttpRoute
from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.resources import hamsa_resources
from hamsa_mock.providers.hamsa.rest import HamsaRest
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.session import HamsaSession


class Hamsa:
    """Hamsa as it lives in one World."""

    name = "hamsa"

    def __init__(self, world: World) -> None:
        self._service = HamsaService(world)
        self._rest = HamsaRest(self._service)
        self.resources = hamsa_resources(self._service)
        self.websocket_path = self._service.facts.text("endpoint.realtime")

    @property
    def keys(self) -> tuple[str, ...]:
        """The test keys that there are now."""
        return self._service.accounts.test_keys

    @property
    def secrets(self) -> Iterable[str]:
        """All keys but the test keys."""
        test_keys = set(self.keys)
        return [key for key in self._service.accounts.keys if key not in test_keys]

    def environment(self, ws_url: str, http_url: str) -> Mapping[str, str]:
        """The variables that the examples and public clients read."""
        return {"HAMSA_WS_URL": ws_url, "HAMSA_BASE_URL": http_url, "HAMSA_API_KEY": next(iter(self.keys), "")}

    def websocket_routes(self) -> Mapping[str, Route]:
        """WST-1: the one endpoint, as behaviours have it now."""
        behaviours = self._service.behaviours
        message_bytes = int(behaviours.number("hamsa.limit.message_bytes"))
        too_large = Why(f"a message is larger than {message_bytes} bytes", "hamsa.limit.message_bytes")
        compression = behaviours.choice("hamsa.websocket.compression") == "accepted"
        return {self.websocket_path: Route(lambda: HamsaSession(self._service), message_bytes, too_large, compression)}

    def http_routes(self) -> Mapping[str, HttpRoute]:
        """PRE-1, PRE-11, and the routes that public clients call, as behaviours have them now."""
        body_bytes = int(self._service.behaviours.number("hamsa.limit.message_bytes"))
        return {path: HttpRoute(self._rest.handle, body_bytes) for path in self._rest.routes}

    def reset(self) -> None:
        """Forget limits and loaded voices; all resources are what they were at the start."""
        self._service.reset()
