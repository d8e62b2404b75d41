"""Hamsa, as a provider of the mock."""

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.provider import Hamsa
from hamsa_mock.providers.hamsa.session import HamsaSession
from hamsa_schemas import BehaviourValue, load_behaviours


def provider(**changes: BehaviourValue) -> Hamsa:
    slugs = {f"hamsa.{name.replace('__', '.')}": value for name, value in changes.items()}
    return Hamsa(World(Clock(lambda: 0), load_behaviours("instant", slugs)))


def only_route(provider: Hamsa) -> Route:
    (route,) = provider.websocket_routes().values()
    return route


def test_hamsa_is_served_at_its_documented_path_up_to_32_mib_a_message() -> None:
    hamsa = provider()
    assert list(hamsa.websocket_routes()) == [hamsa.websocket_path] == ["/v1/realtime/ws"]
    route = only_route(hamsa)
    assert route.message_bytes == 32 * 2**20
    assert not route.compression
    assert isinstance(route.make(), HamsaSession)
    assert route.make() is not route.make()


def test_size_of_messages_and_compression_can_be_chosen() -> None:
    route = only_route(provider(limit__message_bytes=4096, websocket__compression="accepted"))
    assert route.message_bytes == 4096
    assert route.compression


def test_rest_routes_have_the_same_limit_and_share_one_front_door() -> None:
    routes = provider(limit__message_bytes=4096).http_routes()
    assert {"/v1/realtime/tts", "/v1/realtime/tts-stream", "/v2/tts/voices/custom/preload"} <= set(routes)
    assert {route.body_bytes for route in routes.values()} == {4096}
    for path, route in routes.items():
        assert route.handle(HttpRequest("PATCH", path), 0).status == 405


def test_test_keys_are_told_the_usual_one_first() -> None:
    keys = provider().keys
    assert keys[0] == "hamsa-test-key"
    assert len(keys) == 10
