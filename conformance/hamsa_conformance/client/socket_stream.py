"""A TCP or TLS connection that never blocks for longer than it is told to."""

import selectors
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

READ_BYTES = 1 << 18
READS = 4
HTTP_PORT, HTTPS_PORT = 80, 443


class CannotConnect(OSError):
    """Nobody answers, or not as TCP and TLS demand. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a URL leads. `context`: for TLS; None: without."""

    host: str
    port: int
    context: ssl.SSLContext | None

    @classmethod
    def of(cls, url: str, ca_file: str | None = None) -> "Address":
        """`url`: of ws, wss, http or https."""
        parts = urlsplit(url)
        secure = parts.scheme in ("wss", "https")
        context = ssl.create_default_context(cafile=ca_file) if secure else None
        return cls(parts.hostname or "", parts.port or (HTTPS_PORT if secure else HTTP_PORT), context)

    @property
    def default_port(self) -> int:
        """The one that no header names (RFC 9110, 4.2)."""
        return HTTP_PORT if self.context is None else HTTPS_PORT

    def connect(self, timeout: float) -> socket.socket:
        """A connected socket. Errors: CannotConnect."""
        where = f"{self.host}:{self.port}"
        try:
            plain = socket.create_connection((self.host, self.port), timeout)
        except OSError as error:
            raise CannotConnect(f"cannot connect to {where}: {error.strerror or error}") from error
        # Otherwise a message that follows a pong waits for its acknowledgment, up to 40 ms (RFC 896, RFC 1122).
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.context is None:
            return plain
        try:
            return self.context.wrap_socket(plain, server_hostname=self.host)
        except OSError as error:
            plain.close()
            raise CannotConnect(f"no TLS with {where}: {_tls_words(error)}") from error


def _tls_words(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); name its CA by --ca-file"
    if isinstance(error, ssl.SSLError) and error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST"):
        return "what answers speaks none; is it ws:// or http:// instead?"
    return str(error.strerror or error)


class SocketStream:
    """Hands what arrives to `receive`, b"" at the end. What is to be sent waits in here until the peer takes it."""

    def __init__(self, connected: socket.socket, receive: Callable[[bytes], None]) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._receive = receive
        self._out = bytearray()
        self.ended = False
        self.was_reset = False

    def fileno(self) -> int:
        """-1 once it has ended."""
        return -1 if self.ended else self._socket.fileno()

    def pump(self) -> bool:
        """Take in what has arrived; whether anything had."""
        arrived = False
        for _ in range(READS):  # not without end: a peer may send faster than this reads
            if self.ended:
                break
            try:
                data = self._socket.recv(READ_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError:
                self.was_reset = True
                data = b""
            arrived = True
            self.ended = not data
            self._receive(data)
        return arrived

    def write(self, data: bytes, timeout: float) -> None:
        """Send everything, and take in what arrives meanwhile. Errors: TimeoutError where the peer does not read."""
        self._out += data
        end = time.monotonic() + timeout
        while self._out and not self.ended:
            try:
                del self._out[: self._socket.send(self._out)]
                end = time.monotonic() + timeout
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                self._wait(end)
            except OSError:  # the peer has gone; what it sent before can still be read
                self._out.clear()

    def end_sending(self) -> None:
        """Half-close, where there is such a thing."""
        try:
            if not isinstance(self._socket, ssl.SSLSocket):
                self._socket.shutdown(socket.SHUT_WR)
        except OSError:  # it is gone already
            self.was_reset = True

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()
        self.ended = True

    def _wait(self, end: float) -> None:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server does not read what it is sent")
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
            selector.select(left)
        self.pump()
