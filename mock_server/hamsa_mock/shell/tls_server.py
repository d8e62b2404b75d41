"""Accepts TLS connections.

`loop.create_server(ssl=...)` tells nobody of a handshake that fails, and its handshakes cannot be ended before their
time. Here each is a task: it can be cancelled, and its failure is known with the client's address.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress

from hamsa_mock.shell.http import refusal, shown_address, tell_refusal
from hamsa_mock.shell.hub import Hub
from hamsa_mock.stages.request_log import LogLine

HANDSHAKE_SECONDS = 10.0
"""Of real time, for a client to finish its handshake."""

SHUTDOWN_SECONDS = 5.0
"""Of real time, for a client to say that it has seen the end of the stream."""

RETRY_SECONDS = 1.0
"""Of real time, until connections are taken again when the system had no descriptor or memory left for one."""

SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

PLAIN_HTTP = "this looks like plain HTTP; the mock speaks wss:// and https://"

DISTRUST = ("UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN", "CERTIFICATE_EXPIRED")
"""How the alerts end by which clients refuse a certificate."""


class TlsServer:
    """One listening socket, which stays open when the server is closed."""

    def __init__(
        self,
        hub: Hub,
        listening: socket.socket,
        context: ssl.SSLContext,
        make_protocol: Callable[[], asyncio.Protocol],
    ) -> None:
        self._hub = hub
        self._listening = listening
        self._context = context
        self._make_protocol = make_protocol
        self._handshakes: set[asyncio.Task[None]] = set()
        self._accepting = hub.loop.create_task(self._accept())

    def close(self) -> None:
        """Take no more connections, and end the handshakes that are not finished."""
        for task in (self._accepting, *self._handshakes):
            task.cancel()

    async def wait_closed(self) -> None:
        """Return when nothing is accepted any more and no handshake is left."""
        await asyncio.wait((self._accepting, *self._handshakes))

    async def _accept(self) -> None:
        while True:
            try:
                sock, address = await self._hub.loop.sock_accept(self._listening)
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in SHORTAGES:
                    raise
                await asyncio.sleep(RETRY_SECONDS)
                continue
            task = self._hub.loop.create_task(self._shake_hands(sock, address[:2]))
            self._handshakes.add(task)
            task.add_done_callback(self._handshakes.discard)

    async def _shake_hands(self, sock: socket.socket, client: tuple[str, int]) -> None:
        try:
            spare = sock.dup()  # the loop closes the other one where the handshake fails
        except OSError:
            sock.close()
            return
        with closing(spare):
            try:
                await self._hub.loop.connect_accepted_socket(
                    self._make_protocol,
                    sock,
                    ssl=self._context,
                    ssl_handshake_timeout=HANDSHAKE_SECONDS,
                    ssl_shutdown_timeout=SHUTDOWN_SECONDS,
                )
            except ssl.SSLError as error:
                self._refuse(spare, client, error.reason or str(error))
            except ConnectionAbortedError:
                self._tell(client, f"no TLS handshake in {HANDSHAKE_SECONDS:g} s")
            except OSError:
                pass  # it has gone, as those do that only look whether the port is open

    def _refuse(self, spare: socket.socket, client: tuple[str, int], reason: str) -> None:
        """Say what was wrong: to a client that speaks HTTP in its own words, else in the log alone."""
        shown = reason.replace("_", " ").lower()
        if reason == "HTTP_REQUEST":
            with suppress(OSError):  # it has gone
                spare.send(refusal(400, PLAIN_HTTP))
                spare.shutdown(socket.SHUT_WR)
            tell_refusal(self._hub, client, 400, PLAIN_HTTP)
        elif reason.endswith(DISTRUST):
            self._tell(client, f"the client refused the certificate ({shown}); does it trust the CA, and the name?")
        else:
            self._tell(client, f"no TLS handshake: {shown}")

    def _tell(self, client: tuple[str, int], words: str) -> None:
        peer = shown_address(client)
        self._hub.mock.tell(LogLine(self._hub.now(), None, "tls", f"{peer}: {words}", {"peer": peer, "why": words}))
