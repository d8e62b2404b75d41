"""All that users can change of Hamsa, together."""

from typing import Any

from hamsa_mock.core.resources import Resource, Sources, put_all
from hamsa_mock.providers.hamsa.resources import hamsa_resources
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_schemas import default_catalogue
from tests.mock_server.providers.hamsa.virtual import VirtualHamsa, names

SOURCES = Sources(lambda name: (name, b""), lambda name: None)


def test_each_resource_has_a_schema_of_its_name() -> None:
    resources = hamsa_resources(VirtualHamsa().service)
    schemas = default_catalogue().schemas
    assert [f"hamsa/resources/{one.name}.schema.json" for one in resources] == [one.schema for one in resources]
    assert {one.schema for one in resources} == {path for path in schemas if path.startswith("hamsa/resources/")}


def state(resources: tuple[Resource, ...]) -> list[list[Any]]:
    return [resource.read() for resource in resources]


def test_everything_can_be_put_at_once_and_goes_back_with_the_service() -> None:
    service: HamsaService = VirtualHamsa().service
    resources = hamsa_resources(service)
    start = state(resources)
    given = {
        "audio": [{"text": "a", "base64": "UklGRigAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQQAAAAAAAEA"}],
        "transcripts": [{"key": "hamsa-test-shop", "sequence": ["1"]}],
        "voices": [{"id": "7d0c5a52-6d1e-4b7a-9c58-2e7d41f0a6b3", "user": "maha"}],
        "keys": [{"key": "hamsa-test-shop", "project": "shop"}],
        "projects": [{"id": "shop", "user": "maha"}],
        "users": [{"id": "maha"}],
    }
    put_all(resources, given, SOURCES)
    assert [len(after) - len(before) for before, after in zip(start, state(resources), strict=True)] == [1] * 6
    service.reset()
    assert state(resources) == start


# Open connections


def resource(hamsa: VirtualHamsa, name: str) -> Resource:
    [found] = [one for one in hamsa_resources(hamsa.service) if one.name == name]
    return found


def test_connection_outlives_its_key_and_project() -> None:
    hamsa = VirtualHamsa()
    resource(hamsa, "projects").put([{"id": "shop", "wallet": 100}])
    resource(hamsa, "keys").put([{"key": "hamsa-test-shop", "project": "shop"}])
    client = hamsa.connect("hamsa-test-shop")
    resource(hamsa, "keys").remove("hamsa-test-shop")
    resource(hamsa, "projects").remove("shop")
    assert names(client.ask())[-1] == "end"
    assert names(hamsa.connect("hamsa-test-shop").all)[-1] == "close 4001"


def test_wallet_that_is_emptied_counts_from_the_next_request_on() -> None:
    hamsa = VirtualHamsa()
    resource(hamsa, "projects").put([{"id": "shop", "wallet": 100}])
    resource(hamsa, "keys").put([{"key": "hamsa-test-shop", "project": "shop"}])
    client = hamsa.connect("hamsa-test-shop")
    assert names(client.ask())[-1] == "end"
    resource(hamsa, "projects").put([{"id": "shop", "wallet": 100, "balance": 0}])
    assert names(client.ask())[-1] == "close 4003"
