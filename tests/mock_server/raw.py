"""A client that may break every rule: it writes bytes, and reads what comes back."""

import base64
import json
import os
import socket
import ssl
import struct
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

TIMEOUT = 20


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True) -> bytes:
    """A client's frame, also one that RFC 6455 forbids. The mask is zero, so that the payload is readable."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 1 << 16:
        head += bytes([bit | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", len(payload))
    return head + (bytes(4) if masked else b"") + payload


def speech(text: str = "مرحبا", padding: int = 0) -> bytes:
    """The frame of a request for speech, with so many bytes of white space behind it."""
    message = json.dumps({"type": "tts", "payload": {"text": text, "speaker": "Majd"}}).encode()
    return frame(1, message + b" " * padding)


class RawSocket:
    """A TCP connection to the mock at a URL, or one with TLS where there is a context for it: `server_name` is then the
    name that the certificate must have, by default the URL's host.
    """

    def __init__(self, url: str, context: ssl.SSLContext | None = None, server_name: str | None = None) -> None:
        parts = urlsplit(url)
        self.target = parts.path + (f"?{parts.query}" if parts.query else "")
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_hostname=server_name or parts.hostname)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def upgrade(self, method: str = "GET", version: str = "HTTP/1.1", **changes: str | None) -> None:
        """Ask for an upgrade. `changes`: headers by name, `_` for `-`; None leaves one out."""
        headers: dict[str, str | None] = {
            "Host": "mock",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
        }
        headers |= {name.replace("_", "-"): value for name, value in changes.items()}
        lines = [f"{method} {self.target} {version}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def read_http(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers in lower case, body: so long as the head says, or till the end."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, self.rest = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.rest) < length:
            self.rest += self._more()
        return int(first.split()[1]), headers, self.rest[:length]

    def _more(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the server ended the connection")
        return data


class RawWebSocket(RawSocket):
    """An open WebSocket on which any bytes may be sent."""

    def __init__(self, url: str, context: ssl.SSLContext | None = None, server_name: str | None = None) -> None:
        super().__init__(url, context, server_name)
        self.upgrade()
        status, _, _ = self.read_http()
        assert status == 101
        self._protocol = ClientProtocol(parse_uri(url), state=State.OPEN, max_size=None)
        self._protocol.receive_data(self.rest)
        self._frames: list[Frame] = []
        self.next()  # info, or why there is none

    def next(self) -> Frame:
        """The next frame. Raises EOFError where the connection ends instead."""
        while not self._frames:
            for event in self._protocol.events_received():
                assert isinstance(event, Frame)
                self._frames.append(event)
            if not self._frames:
                self._protocol.receive_data(self._more())
        return self._frames.pop(0)

    def next_json(self) -> Any:
        """The next frame, which is a JSON message."""
        received = self.next()
        assert received.opcode is Opcode.TEXT
        return json.loads(bytes(received.data))

    def next_close(self) -> Close:
        """The next close frame; what comes before it is passed over."""
        while (received := self.next()).opcode is not Opcode.CLOSE:
            pass
        return Close.parse(received.data)

    def audio(self) -> bytes:
        """The rest of an answer, up to its `end`."""
        chunks: list[bytes] = []
        while True:
            received = self.next()
            if received.opcode is Opcode.BINARY:
                chunks.append(bytes(received.data))
            elif json.loads(bytes(received.data))["type"] == "end":
                return b"".join(chunks)
