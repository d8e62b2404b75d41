"""The services that the mock plays."""

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.providers.registry import PROVIDERS
from hamsa_schemas import load_behaviours


def test_every_provider_has_a_name_keys_and_an_endpoint_of_its_own() -> None:
    world = World(Clock(lambda: 0), load_behaviours("instant"))
    providers = [make(world) for make in PROVIDERS]
    assert len({provider.name for provider in providers}) == len(providers) > 0
    paths = [path for provider in providers for path in (*provider.websocket_routes(), *provider.http_routes())]
    assert len(set(paths)) == len(paths)
    for provider in providers:
        assert provider.websocket_path in provider.websocket_routes()
        assert provider.keys
