"""The OpenAPI document that a mock serves of its admin API."""

import json
import urllib.request

from openapi_spec_validator import validate

from hamsa_mock import MockServer


def test_openapi_document_is_valid_and_names_every_route() -> None:
    with (
        MockServer(profile="instant") as mock,
        urllib.request.urlopen(f"{mock.http_url}/__mock__/openapi.json") as answer,
    ):
        document = json.load(answer)
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert {"/__mock__/clock", "/__mock__/faults/{id}", "/__mock__/providers/hamsa/keys"} <= set(document["paths"])
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))
