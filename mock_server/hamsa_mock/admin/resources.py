"""What a provider knows: keys, users, voices, transcripts, audio and the like."""

import errno
from collections.abc import Sequence

from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Endpoint, Refused
from hamsa_mock.core.resources import BadResource, Resource, Sources, put_entries


def _no_file(name: str) -> tuple[str, bytes]:
    raise OSError(errno.EPERM, "a file can be named in a config file only; send its content as base64")


def _no_variable(name: str) -> str | None:
    return None


NOTHING_NAMED = Sources(_no_file, _no_variable)
"""Who steers a mock from outside may not make it read files or its environment."""


def resource_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """Reading and changing each resource of each provider."""
    return [
        endpoint
        for provider in controls.mock.providers
        for resource in provider.resources
        for endpoint in _endpoints(provider.name, resource)
    ]


def _endpoints(provider: str, resource: Resource) -> Sequence[Endpoint]:
    path = f"/providers/{provider}/{resource.name}"

    async def read(call: Call) -> object:
        return resource.read()

    async def put(call: Call) -> object:
        try:
            put_entries(resource, call.body, NOTHING_NAMED)
        except BadResource as error:
            raise Refused(400, str(error)) from error
        return resource.read()

    async def remove(call: Call) -> object:
        try:
            resource.remove(call.path["id"])
        except BadResource as error:
            raise Refused(404, str(error)) from error
        return None

    async def reset(call: Call) -> object:
        resource.reset()
        return None

    answer = "The entries, without those that hold a secret."
    return [
        Endpoint("GET", path, f"Read {resource.name}", read, answer=answer),
        Endpoint(
            "PATCH", path, f"Add {resource.name}, or replace those of the same id", put, resource.schema, answer=answer
        ),
        Endpoint("DELETE", path, f"Put {resource.name} back to those of the start", reset, media_type=None),
        Endpoint("DELETE", f"{path}/{{id}}", f"Remove one of the {resource.name}", remove, media_type=None),
    ]
