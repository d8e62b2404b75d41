"""The admin API as an OpenAPI 3.1 document, made from its endpoints."""

import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from hamsa_mock.admin.endpoints import JSON_TYPE, Endpoint
from hamsa_schemas import default_catalogue

ERRORS = {
    "400": "The request is wrong; the message says how.",
    "401": "The token is missing or wrong, where the mock is reachable from other machines.",
    "403": "The request comes from a page of another site, or names a host that is not this mock's.",
    "404": "There is no such thing.",
    "405": "The path takes other methods; the header Allow names them.",
    "409": "The connection is not open any more.",
    "413": "The body is too large.",
    "503": "The clock could not be moved: what was due at one moment found no end.",
}
ERROR_SCHEMA = {
    "type": "object",
    "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
    "required": ["code", "message"],
    "additionalProperties": False,
}


def document(prefix: str, endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Describe endpoints below a path, such as `/__mock__`."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(prefix + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hamsa-mock admin API",
            "version": version("hamsa-harness"),
            "description": "Steers and asks a running mock.",
        },
        "paths": paths,
        "components": {
            "schemas": {"error": ERROR_SCHEMA},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": _id(endpoint), "summary": endpoint.summary}
    parameters = [_parameter(name, "path") for name in re.findall(r"{(\w+)}", endpoint.path)]
    parameters += [_parameter(name, "query", meaning) for name, meaning in endpoint.query.items()]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        content = {JSON_TYPE: {"schema": _schema(endpoint)}}
        operation["requestBody"] = {"required": not endpoint.optional, "content": content}
    error = {JSON_TYPE: {"schema": {"$ref": "#/components/schemas/error"}}}
    operation["responses"] = {
        **_success(endpoint),
        **{status: {"description": words, "content": error} for status, words in ERRORS.items()},
    }
    return operation


def _success(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.media_type is None:
        return {"204": {"description": endpoint.answer}}
    return {"200": {"description": endpoint.answer, "content": {endpoint.media_type: {}}}}


def _parameter(name: str, place: str, meaning: str = "") -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}}
    return {**parameter, "description": meaning} if meaning else parameter


def _schema(endpoint: Endpoint) -> dict[str, Any]:
    """The schema of the body. Published ones keep their `$id`, by which their own references are found."""
    if isinstance(endpoint.body, str):
        return default_catalogue().schemas[endpoint.body]
    assert endpoint.body is not None
    return dict(endpoint.body)


def _id(endpoint: Endpoint) -> str:
    words = re.findall(r"\w+", endpoint.path)
    return "_".join([endpoint.method.lower(), *words])
