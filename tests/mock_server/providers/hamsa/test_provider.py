"""Hamsa, as a provider of the mock."""

import pytest

from hamsa_mock.core.clock import Clock
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.core.session import Route
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.provider import Hamsa
from hamsa_mock.providers.hamsa.session import HamsaSession
from hamsa_schemas import BehaviourValue
from tests.mock_server.changed import behaviours


def provider(**changes: BehaviourValue) -> Hamsa:
    return Hamsa(World(Clock(lambda: 0), behaviours("instant", **changes)))


def only_route(provider: Hamsa) -> Route:
    (route,) = provider.websocket_routes().values()
    return route


@pytest.mark.statement("WST-1")
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


def test_test_keys_that_users_add_are_told_too_and_secrets_are_not() -> None:
    hamsa = provider()
    [keys] = [resource for resource in hamsa.resources if resource.name == "keys"]
    keys.put([{"key": "hamsa-test-mine"}, {"key": "sk_live"}])
    assert hamsa.keys[-1] == "hamsa-test-mine"
    assert len(hamsa.keys) == 11


def test_all_keys_but_the_test_keys_are_secrets_of_the_journal() -> None:
    hamsa = provider()
    (keys,) = [resource for resource in hamsa.resources if resource.name == "keys"]
    keys.put([{"key": "mine", "project": keys.read()[0]["project"]}])
    assert list(hamsa.secrets) == ["mine"]


def test_environment_has_the_variables_that_clients_read() -> None:
    assert provider().environment("ws://here/ws", "http://here") == {
        "HAMSA_WS_URL": "ws://here/ws",
        "HAMSA_BASE_URL": "http://here",
        "HAMSA_API_KEY": "hamsa-test-key",
    }


def test_reset_forgets_what_was_put() -> None:
    hamsa = provider()
    (users,) = [resource for resource in hamsa.resources if resource.name == "users"]
    before = users.read()
    users.put([{"id": "new"}])
    hamsa.reset()
    assert users.read() == before
