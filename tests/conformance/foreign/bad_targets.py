"""Servers that nobody can work with: they stay silent, flood, break off, or speak something else.

Each is a function that is given an accepted connection; a thread of its own serves it until the target is stopped.
"""

import base64
import hashlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conformance.foreign.documents import ACK, END, INFO

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_PIECE = bytes(4096)


class Guest:
    """An accepted connection. `over` is set when the target is being stopped."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self.connection = connection
        self.over = over
        self._stream = connection.makefile("rb")

    def send(self, data: bytes) -> None:
        """Errors: OSError once the client has gone."""
        self.connection.sendall(data)

    def stay(self) -> None:
        """Do nothing more, and do not close."""
        self.over.wait()

    def read_request(self) -> dict[bytes, bytes]:
        """The headers of an HTTP request, names in lower case."""
        headers: dict[bytes, bytes] = {}
        while (line := self._stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        return headers

    def upgrade(self, extensions: str | None = None) -> None:
        """Take the WebSocket. `extensions`: what is agreed to."""
        key = self.read_request().get(b"sec-websocket-key", b"")
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
        upgrade = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        agreed = b"" if extensions is None else b"\r\nSec-WebSocket-Extensions: " + extensions.encode()
        self.send(b"HTTP/1.1 101 Switching Protocols\r\n" + upgrade + accept + agreed + b"\r\n\r\n")

    def say(self, type: str, text: str) -> None:
        """A message of the protocol."""
        self.send(frame(1, json.dumps({"type": type, "payload": {"message": text}}).encode()))

    def hear(self) -> int:
        """Wait for a frame; its opcode. Errors: OSError at the end of the connection."""
        head = self._read(2)
        length = head[1] & 127
        if length > 125:
            length = int.from_bytes(self._read(2 if length == 126 else 8), "big")
        self._read(4 + length)
        return head[0] & 15

    def close(self) -> None:
        """Give the socket back."""
        self._stream.close()
        self.connection.close()

    def _read(self, nbytes: int) -> bytes:
        data = self._stream.read(nbytes)
        if len(data) < nbytes:
            raise OSError("the client has gone")
        return data


def frame(opcode: int, data: bytes, final: bool = True) -> bytes:
    """A frame without a mask, as servers send it."""
    size = len(data)
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    return bytes([opcode | (128 if final else 0)]) + length + data


def closes_at_once(guest: Guest) -> None:
    """The connection is taken and ended."""


def silent(guest: Guest) -> None:
    """The connection is taken, and nothing is ever said."""
    guest.stay()


def garbage(guest: Guest) -> None:
    """What comes is no HTTP."""
    guest.read_request()
    guest.send(bytes(range(256)) * 8)


def http_500(guest: Guest) -> None:
    """The upgrade is answered with an error."""
    guest.read_request()
    guest.send(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops")


def http_200(guest: Guest) -> None:
    """The upgrade is answered with a page."""
    guest.read_request()
    page = b"<html><body>Welcome</body></html>"
    guest.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))


def key_refused(guest: Guest) -> None:
    """No key is good."""
    guest.read_request()
    guest.send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")


def drips(guest: Guest) -> None:
    """An answer that comes by one byte a second."""
    for byte in b"HTTP/1.1 101 Switching Protocols\r\n" * 10:
        guest.send(bytes([byte]))
        if guest.over.wait(1):
            return


def endless_headers(guest: Guest) -> None:
    """Headers that never end."""
    guest.read_request()
    guest.send(b"HTTP/1.1 101 Switching Protocols\r\n")
    while not guest.over.is_set():
        guest.send(b"X-More: and more\r\n" * 1000)


def endless_body(guest: Guest) -> None:
    """An error whose words never end."""
    guest.read_request()
    guest.send(b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
    while not guest.over.is_set():
        guest.send(_PIECE)


def mute(guest: Guest) -> None:
    """The WebSocket is opened, and nothing is ever said on it."""
    guest.upgrade()
    guest.stay()


def endless_frames(guest: Guest) -> None:
    """Audio that nobody asked for, and that never ends."""
    guest.upgrade()
    guest.say("info", INFO)
    while not guest.over.is_set():
        guest.send(frame(2, _PIECE))


def endless_message(guest: Guest) -> None:
    """A message of ever more frames."""
    guest.upgrade()
    guest.say("info", INFO)
    guest.hear()
    guest.send(frame(1, _PIECE, final=False))
    while not guest.over.is_set():
        guest.send(frame(0, _PIECE, final=False))


def dies_in_the_middle(guest: Guest) -> None:
    """The connection is cut between two chunks of an answer."""
    guest.upgrade()
    guest.say("info", INFO)
    guest.hear()
    guest.say("ack", ACK)
    guest.send(frame(2, _PIECE))


def never_ends_an_answer(guest: Guest) -> None:
    """An answer begins and stops."""
    guest.upgrade()
    guest.say("info", INFO)
    guest.hear()
    guest.say("ack", ACK)
    guest.stay()


def always_cuts(guest: Guest) -> None:
    """Every answer is a moment of silence."""
    guest.upgrade()
    guest.say("info", INFO)
    while guest.hear() == 1:
        guest.say("ack", ACK)
        guest.send(frame(2, bytes(640)))
        guest.say("end", END)


def never_closes(guest: Guest) -> None:
    """All is well until the end: the closing handshake is not answered."""
    guest.upgrade()
    guest.say("info", INFO)
    while guest.hear() == 1:
        guest.say("ack", ACK)
        for _ in range(25):
            guest.send(frame(2, _PIECE))
        guest.say("end", END)
    guest.stay()


BAD_TARGETS: dict[str, Callable[[Guest], None]] = {
    serve.__name__: serve
    for serve in (
        closes_at_once,
        silent,
        garbage,
        http_500,
        http_200,
        key_refused,
        drips,
        endless_headers,
        endless_body,
        mute,
        endless_frames,
        endless_message,
        dies_in_the_middle,
        never_ends_an_answer,
        always_cuts,
        never_closes,
    )
}


class Target:
    """Listens on a free port of loopback and serves each connection by a thread of its own."""

    def __init__(self, serve: Callable[[Guest], None], context: ssl.SSLContext | None) -> None:
        self._serve = serve
        self._context = context
        self._over = threading.Event()
        self._connections: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._receive, name="bad target")]
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> "Target":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes who accepts
        self._threads[0].join()
        self._listening.close()
        for connection in self._connections:
            with suppress(OSError):  # it has gone already
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _receive(self) -> None:
        while not self._over.is_set():
            connection, _ = self._listening.accept()
            self._connections.append(connection)
            self._threads.append(threading.Thread(target=self._attend, args=(connection,), name="guest"))
            self._threads[-1].start()

    def _attend(self, connection: socket.socket) -> None:
        """Whatever the client does, it ends with the connection."""
        with suppress(OSError), connection:
            if self._context is None:
                self._entertain(connection)
            else:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self._entertain(secure)

    def _entertain(self, connection: socket.socket) -> None:
        guest = Guest(connection, self._over)
        try:
            self._serve(guest)
        finally:
            guest.close()


@contextmanager
def bad_target(name: str, certificate: Path | None = None) -> Iterator[str]:
    """Host and port of one of BAD_TARGETS. `certificate`: with its key, as PEM; the target then speaks TLS."""
    context: ssl.SSLContext | None = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with Target(BAD_TARGETS[name], context) as target:
        yield f"127.0.0.1:{target.port}"


@contextmanager
def nobody() -> Iterator[str]:
    """Host and port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"
