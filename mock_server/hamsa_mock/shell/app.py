"""The HTTP side of the mock: REST routes, the admin API, and JSON for everything that is not there."""

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hamsa_kit.redaction import shown_path
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.mock import Mock
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.rest import RestEndpoint
from hamsa_mock.stages.request_log import LogLine
from hamsa_schemas.errors import suggestion


def rest_routes(hub: Hub) -> list[Route]:
    """The REST routes of all providers."""
    return [Route(path, RestEndpoint(hub)) for path in hub.mock.http_paths]


def make_app(mock: Mock, routes: Sequence[Route]) -> Starlette:
    """An ASGI application. Errors have the shape of the services' REST errors: `{"code", "message"}`."""
    steering = [route.path for route in routes if route.path not in mock.http_paths]

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status, message, headers = error.status_code, error.detail, dict(error.headers or {})
        path = request.scope["path"]  # request.url would end it at an encoded question mark
        if status == 404 and mock.route(path) is not None:
            status, message = 426, "Only WebSocket clients are answered here"
            headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
        elif status == 404:
            message = _nothing_steered(path, steering) or mock.nothing_at(path)
        answer = error_response(status, message, headers)
        now = mock.world.clock.now()
        number = mock.journal.next_exchange()
        asked = HttpRequest(request.method, path, dict(request.query_params), dict(request.headers), None, number)
        recorded = mock.journal.http_request(asked, now)
        recorded.answered(status, dict(answer.headers), now)
        recorded.sent(bytes(answer.body))
        recorded.ended()
        path = shown_path(path)
        words = f"{request.method} {path}: {status} {message}"
        data: dict[str, str | int | float] = {
            "request": number,
            "method": request.method,
            "path": path,
            "status": status,
        }
        mock.tell(LogLine(now, None, "http", words, data))
        return answer

    app = Starlette(routes=routes, exception_handlers={HTTPException: refuse})
    app.router.redirect_slashes = False  # a path with a slash too many is not there
    return app


def error_response(status: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error in the shape of the services' REST errors."""
    return JSONResponse({"code": status, "message": message}, status, headers)


def _nothing_steered(path: str, routes: Sequence[str]) -> str | None:
    """The message of a 404 beside some of these routes, below the same first folder; None: it is beside none."""
    folder = f"/{path.strip('/').partition('/')[0]}/"
    names = [route.removeprefix(folder) for route in routes if route.startswith(folder)]
    if not names:
        return None
    return f"Nothing at {shown_path(path)}; below {folder}: {suggestion(path.removeprefix(folder), names)}"
