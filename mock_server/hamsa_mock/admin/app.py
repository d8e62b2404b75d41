"""The admin API over HTTP: guard, bodies up to a bound, errors in the shape of all others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hamsa_mock.admin.behaviours import behaviour_endpoints
from hamsa_mock.admin.clock import clock_endpoints
from hamsa_mock.admin.configuration import configuration_endpoints
from hamsa_mock.admin.connections import connection_endpoints
from hamsa_mock.admin.controls import Controls
from hamsa_mock.admin.endpoints import Call, Content, Endpoint, Refused, body_of, judge_query
from hamsa_mock.admin.faults import fault_endpoints
from hamsa_mock.admin.guard import Guard
from hamsa_mock.admin.journal import journal_endpoints
from hamsa_mock.admin.lifecycle import lifecycle_endpoints
from hamsa_mock.admin.metrics import metrics_endpoints
from hamsa_mock.admin.openapi import document
from hamsa_mock.admin.resources import resource_endpoints
from hamsa_mock.shell.app import error_response
from hamsa_mock.stages.request_log import LogLine

PREFIX = "/__mock__"

BODY_BYTES = 64 * 2**20
"""Bodies are at most so long: recordings come in them."""

TOLD_CHARACTERS = 200
"""So much of an order is told."""


def admin_endpoints(controls: Controls) -> Sequence[Endpoint]:
    """All endpoints of one mock, the last of which describe the others."""
    endpoints = [
        *lifecycle_endpoints(controls),
        *clock_endpoints(controls),
        *behaviour_endpoints(controls),
        *configuration_endpoints(controls),
        *connection_endpoints(controls),
        *fault_endpoints(controls),
        *journal_endpoints(controls),
        *metrics_endpoints(controls),
        *resource_endpoints(controls),
    ]

    async def describe(call: Call) -> object:
        return described

    endpoints.append(Endpoint("GET", "/openapi.json", "Describe this API", describe, answer="OpenAPI 3.1."))
    described = document(PREFIX, endpoints)
    return endpoints


def admin_routes(controls: Controls, guard: Guard) -> list[Route]:
    """Starlette's routes of the whole API."""
    by_path: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in admin_endpoints(controls):
        by_path[endpoint.path].append(endpoint)
    return [Route(PREFIX + path, _Resource(controls, guard, path, endpoints)) for path, endpoints in by_path.items()]


class _Resource:
    """An ASGI application for one path, whatever the method."""

    def __init__(self, controls: Controls, guard: Guard, path: str, endpoints: Iterable[Endpoint]) -> None:
        self._controls = controls
        self._guard = guard
        self._path = path
        self._endpoints = {endpoint.method: endpoint for endpoint in endpoints}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._judge(request)
        except ClientDisconnect:
            self._tell(request.method, "the client went before its request was whole")
        else:
            await response(scope, receive, send)

    async def _judge(self, request: Request) -> Response:
        denied = self._guard.judge(self._path, request.headers)
        if denied is not None:
            return self._refuse(request, Refused(denied.status, denied.message), denied.headers)
        endpoint = self._endpoints.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            allowed = ", ".join(self._endpoints)
            return self._refuse(request, Refused(405, f"{self._path} takes {allowed}"), {"Allow": allowed})
        try:
            data = await _read(request)
            judge_query(endpoint, request.query_params)
            content = await endpoint.handle(Call(request.path_params, request.query_params, body_of(endpoint, data)))
        except Refused as error:
            return self._refuse(request, error)
        response = _response(content)
        if endpoint.method != "GET" and not endpoint.silent:
            order = f" {' '.join(data.decode().split())[:TOLD_CHARACTERS]}" if endpoint.tells_body else ""
            self._tell(request.method, f"{response.status_code}{order}", response.status_code)
        return response

    def _refuse(self, request: Request, error: Refused, headers: Mapping[str, str] | None = None) -> Response:
        self._tell(request.method, f"{error.status} {error}", error.status)
        return error_response(error.status, str(error), headers)

    def _tell(self, method: str, words: str, status: int | None = None) -> None:
        mock = self._controls.mock
        words = f"{method} {PREFIX}{self._path}: {words}"
        data: dict[str, str | int | float] = {"method": method, "path": PREFIX + self._path}
        data |= {} if status is None else {"status": status}
        mock.tell(LogLine(mock.world.clock.now(), None, "admin", words, data))


async def _read(request: Request) -> bytes:
    """The body. Raises Refused where there is too much of it."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > BODY_BYTES:
            raise Refused(413, f"the body is larger than {BODY_BYTES} bytes")
    return bytes(read)


def _response(content: object) -> Response:
    match content:
        case None:
            return Response(status_code=204)
        case Content(data, media_type):
            return Response(data, media_type=media_type)
        case _:
            return JSONResponse(content)
