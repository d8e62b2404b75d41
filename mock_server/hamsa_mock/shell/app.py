"""The HTTP side of the mock: its health, and JSON for everything that is not there."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hamsa_mock.mock import Mock
from hamsa_mock.stages.request_log import LogLine


def make_app(mock: Mock) -> Starlette:
    """An ASGI application. Errors have the shape of the services' REST errors: `{"code", "message"}`."""

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status, message, headers = error.status_code, error.detail, dict(error.headers or {})
        path = request.url.path
        if status == 404 and mock.route(path) is not None:
            status, message = 426, "Only WebSocket clients are answered here"
            headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
        elif status == 404:
            message = mock.nothing_at(path)
        if mock.log is not None:
            words = f"{request.method} {path}: {status} {message}"
            data: dict[str, str | int | float] = {"method": request.method, "path": path, "status": status}
            mock.log(LogLine(mock.world.clock.now(), None, "http", words, data))
        return JSONResponse({"code": status, "message": message}, status, headers)

    return Starlette(
        routes=[Route("/__mock__/health", health)],
        exception_handlers={HTTPException: refuse},
    )
