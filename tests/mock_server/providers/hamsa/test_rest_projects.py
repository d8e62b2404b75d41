"""The project of a key."""

from tests.mock_server.providers.hamsa.rest_client import PROJECT, VirtualRest


def test_project_of_the_key_is_told() -> None:
    rest = VirtualRest()
    assert rest.get(PROJECT).json == {"success": True, "data": {"id": "00000000-0000-4000-8000-000000000001"}}
    other = rest.get(PROJECT, "hamsa-test-no-funds")
    assert (other.status, other.json["data"]["id"]) == (200, "00000000-0000-4000-8000-000000000003")
