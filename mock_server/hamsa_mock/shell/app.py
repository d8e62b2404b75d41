"""The HTTP side of the mock: REST routes, its health, and JSON for everything that is not there."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hamsa_kit.redaction import shown_path
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.rest import RestEndpoint
from hamsa_mock.stages.request_log import LogLine


def make_app(hub: Hub) -> Starlette:
    """An ASGI application. Errors have the shape of the services' REST errors: `{"code", "message"}`."""
    mock = hub.mock

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status, message, headers = error.status_code, error.detail, dict(error.headers or {})
        path = request.scope["path"]  # request.url would end it at an encoded question mark
        if status == 404 and mock.route(path) is not None:
            status, message = 426, "Only WebSocket clients are answered here"
            headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
        elif status == 404:
            message = mock.nothing_at(path)
        if mock.log is not None:
            path = shown_path(path)
            words = f"{request.method} {path}: {status} {message}"
            data: dict[str, str | int | float] = {"method": request.method, "path": path, "status": status}
            mock.log(LogLine(mock.world.clock.now(), None, "http", words, data))
        return JSONResponse({"code": status, "message": message}, status, headers)

    rest = [Route(path, RestEndpoint(hub, route)) for path, route in mock.http_routes.items()]
    app = Starlette(
        routes=[Route("/__mock__/health", health), *rest],
        exception_handlers={HTTPException: refuse},
    )
    app.router.redirect_slashes = False  # a path with a slash too many is not there
    return app
