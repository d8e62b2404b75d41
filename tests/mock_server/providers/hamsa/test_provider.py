"""Hamsa, as a provider of the mock."""

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.provider import Hamsa
from hamsa_mock.providers.hamsa.session import HamsaSession
from hamsa_schemas import load_behaviours


def test_hamsa_is_served_at_its_documented_path_up_to_32_mib_a_message() -> None:
    provider = Hamsa(World(Clock(lambda: 0), load_behaviours("instant")))
    ((path, route),) = provider.websocket_routes().items()
    assert path == provider.websocket_path == "/v1/realtime/ws"
    assert route.message_bytes == 32 * 2**20
    assert isinstance(route.make(), HamsaSession)
    assert provider.keys == ("hamsa-test-key",)
