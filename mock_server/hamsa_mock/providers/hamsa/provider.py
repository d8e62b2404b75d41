"""Hamsa, as a provider of the mock."""

from collections.abc import Mapping

from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.session import HamsaSession


class Hamsa:
    """Hamsa as it lives in one World."""

    name = "hamsa"

    def __init__(self, world: World) -> None:
        self._service = HamsaService(world)
        self.keys = self._service.keys
        self.websocket_path = self._service.facts.text("endpoint.realtime")

    def websocket_routes(self) -> Mapping[str, Route]:
        """WST-1: the one endpoint."""
        message_bytes = int(self._service.facts.number("limit.message_bytes"))
        return {self.websocket_path: Route(lambda: HamsaSession(self._service), message_bytes)}
