"""Listens on TCP, and stops in good order."""

import asyncio

from uvicorn.config import Config
from uvicorn.server import ServerState

from hamsa_mock.mock import Mock
from hamsa_mock.shell.app import make_app
from hamsa_mock.shell.connection import Connection
from hamsa_mock.shell.http import Http, check_contract
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.sockets import LOOPBACK, bind

BACKLOG = 2048


class Listener:
    """One mock on one port, on one or two addresses, bound to the running loop."""

    def __init__(self, mock: Mock, host: str = LOOPBACK, port: int = 0) -> None:
        """Binds at once, so that an address that is taken is found out here.

        Raises CannotListen and UnfitUvicorn.
        """
        check_contract()
        self.sockets = bind(host, port)
        self.host, self.port = self.sockets[0].getsockname()[:2]
        self._hub = Hub(mock, asyncio.get_running_loop())
        self._state = ServerState()
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        """Take connections from now on."""
        config = Config(
            make_app(self._hub),
            ws=Connection,  # only tells uvicorn that upgrades are possible
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
        config.load()
        for sock in self.sockets:
            server = await self._hub.loop.create_server(
                lambda: Http(self._hub, config, self._state), sock=sock, backlog=BACKLOG
            )
            self._servers.append(server)

    async def stop(self, grace: float = 2.0) -> None:
        """Take no more connections, close the open ones with 1001, let HTTP requests finish.

        After `grace` seconds of real time what is left is aborted.
        """
        for server in self._servers:
            server.close()
        for http in list(self._state.connections):
            http.shutdown()
        await self._hub.shut_down(grace)
        await self._finish_requests(grace)
        for http in list(self._state.connections):
            http.transport.abort()
        await self._finish_requests(grace)  # those that were waiting see now that their client is gone
        for task in self._state.tasks:
            task.cancel()
        self._hub.alarm.stop()
        for server in self._servers:
            await server.wait_closed()
        for sock in self.sockets:
            sock.close()

    async def _finish_requests(self, seconds: float) -> None:
        """Wait for HTTP requests, for so many seconds of real time at most."""
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=seconds)
