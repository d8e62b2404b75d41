"""Listens on TCP, and stops in good order."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import ServerState

from hamsa_mock.mock import Mock
from hamsa_mock.shell.connection import Connection
from hamsa_mock.shell.http import Http, check_contract
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.sockets import LOOPBACK, bind
from hamsa_mock.shell.tls_server import TlsServer

BACKLOG = 2048

TURNS_TO_ATTACH = 2
"""Turns of the loop in which a connection that was accepted gets its protocol."""


class Listener:
    """One mock, on one or two addresses of each of its ports, bound to the running loop."""

    def __init__(self, mock: Mock, host: str = LOOPBACK, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Binds at once, so that an address that is taken is found out here. With `tls` nothing is served without it.

        Raises CannotListen and UnfitLibrary.
        """
        check_contract()
        self.sockets = bind(host, port)
        self.host, self.port = self.sockets[0].getsockname()[:2]
        self.hub = Hub(mock, asyncio.get_running_loop())
        self._state = ServerState()
        self._tls = tls
        self._servers: list[asyncio.Server | TlsServer] = []

    def bind_also(self, host: str, port: int) -> tuple[list[socket.socket], int]:
        """Sockets for another port, which `stop` closes, and the port. Raises CannotListen."""
        sockets = bind(host, port)
        self.sockets += sockets
        return sockets, int(sockets[0].getsockname()[1])

    async def start(self, app: ASGIApp, sockets: Sequence[socket.socket], websockets: bool = True) -> None:
        """Take connections on these sockets from now on; `app` answers the HTTP requests. `websockets`: whether the
        endpoints of providers are here.
        """
        config = Config(
            app,
            ws=Connection,  # only tells uvicorn that upgrades are possible
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        config.load()
        for sock in sockets:
            self._servers.append(await self._serve(sock, lambda: Http(self.hub, config, self._state, websockets)))

    async def _serve(self, sock: socket.socket, make: Callable[[], Http]) -> asyncio.Server | TlsServer:
        if self._tls is None:
            return await self.hub.loop.create_server(make, sock=sock, backlog=BACKLOG)
        sock.listen(BACKLOG)
        return TlsServer(self.hub, sock, self._tls, make)

    async def stop(self, grace: float = 2.0) -> None:
        """Take no more connections, close the open ones with 1001, let HTTP requests finish.

        After `grace` seconds of real time what is left is aborted.
        """
        for sock in self.sockets:
            with suppress(NotImplementedError):  # Windows' own loop has no readers
                self.hub.loop.remove_reader(sock)
        # asyncio forgets connections that it accepted in the turn in which the server is closed, and leaves them open.
        for _ in range(TURNS_TO_ATTACH):
            await asyncio.sleep(0)
        for server in self._servers:
            server.close()
        for http in list(self._state.connections):
            http.shutdown()
        await self.hub.shut_down(grace)
        await self._finish_requests(grace)
        self.hub.stopped = True
        for http in list(self._state.connections):
            http.transport.abort()
        await self._finish_requests(grace)  # those that were waiting see now that their client is gone
        for task in self._state.tasks:
            task.cancel()
        self.hub.alarm.stop()
        for server in self._servers:
            await server.wait_closed()
        for sock in self.sockets:
            sock.close()

    async def _finish_requests(self, seconds: float) -> None:
        """Wait for HTTP requests, for so many seconds of real time at most."""
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=seconds)
