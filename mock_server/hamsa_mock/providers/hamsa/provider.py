"""Hamsa, as a provider of the mock."""

from collections.abc import Mapping

from hamsa_mock.core.http import HttpRoute
from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.rest import HamsaRest
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.session import HamsaSession


class Hamsa:
    """Hamsa as it lives in one World."""

    name = "hamsa"

    def __init__(self, world: World) -> None:
        self._service = HamsaService(world)
        self.keys = self._service.accounts.test_keys
        self.websocket_path = self._service.facts.text("endpoint.realtime")

    def websocket_routes(self) -> Mapping[str, Route]:
        """WST-1: the one endpoint."""
        behaviours = self._service.behaviours
        message_bytes = int(behaviours.number("hamsa.limit.message_bytes"))
        compression = behaviours.choice("hamsa.websocket.compression") == "accepted"
        return {self.websocket_path: Route(lambda: HamsaSession(self._service), message_bytes, compression)}

    def http_routes(self) -> Mapping[str, HttpRoute]:
        """PRE-1, PRE-11, and the routes that public clients call."""
        rest = HamsaRest(self._service)
        body_bytes = int(self._service.behaviours.number("hamsa.limit.message_bytes"))
        return {path: HttpRoute(rest.handle, body_bytes) for path in rest.routes}
