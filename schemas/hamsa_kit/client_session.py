"""A WebSocket client without I/O: bytes in, events out, and a transcript of both directions.

The conformance suite drives it with a blocking socket, the load tests with one of gevent's.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.extensions import ClientExtensionFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from hamsa_kit.client_events import (
    BinaryMessage,
    Broken,
    ClientEvent,
    CloseFrame,
    Ended,
    PingFrame,
    PongFrame,
    TextMessage,
    Upgraded,
)
from hamsa_kit.transcript import Entry, digest

NO_CODE = 1005
MAX_MESSAGE_BYTES = 64 * 2**20
"""A message that is longer, also once it is decompressed, fails the connection before memory does."""
_MESSAGES = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class _Protocol(ClientProtocol):
    """Reports pings without answering them: whether a client does is a matter of the session."""

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PING:
            self.events.append(frame)
        else:
            super().recv_frame(frame)


class ClientSession:
    """One connection to a `ws://` or `wss://` URL, from the upgrade request to the end.

    Send what `data_to_send` returns after every call of another method; a None in it asks to end the sending direction.
    `record` takes each transcript entry as it is made. Errors: websockets.exceptions.InvalidURI.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        extensions: Iterable[ClientExtensionFactory] = (),
        subprotocols: Iterable[str] = (),
        number: int = 1,
        provider: str = "hamsa",
        answers_pings: bool = True,
        record: Callable[[Entry], None] = lambda entry: None,
    ) -> None:
        self.answers_pings = answers_pings
        self.number = number
        self.requests = 0
        """How many messages were sent."""
        self.frames_received = 0
        self.ended = False
        """Whether the TCP connection has."""
        self._url = url
        self._provider = provider
        self._record = record
        self._sequence = 0
        self._pieces: list[bytes] = []
        self._opcode = Opcode.TEXT
        self._upgraded = False
        self._told_broken = False
        self._protocol = _Protocol(
            parse_uri(url),
            extensions=list(extensions) or None,
            subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            max_size=MAX_MESSAGE_BYTES,
        )
        self._headers = dict(headers or {})

    @property
    def is_open(self) -> bool:
        """Whether messages may be sent."""
        return self._protocol.state is State.OPEN

    @property
    def extensions(self) -> str:
        """What was negotiated, as in the header."""
        return ", ".join(extension.name for extension in self._protocol.extensions)

    def open(self, now: float) -> None:
        """Ask for the upgrade."""
        request = self._protocol.connect()
        for name, value in self._headers.items():
            request.headers[name] = value
        self._protocol.send_request(request)
        parts = urlsplit(self._url)
        self._note(
            "handshake_request",
            now,
            "to_server",
            method="GET",
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in request.headers.raw_items()},
        )

    def send_text(self, text: str, now: float) -> None:
        """Send a text message."""
        self._protocol.send_text(text.encode())
        self.requests += 1
        self._note_text(text, now, "to_server")

    def send_binary(self, data: bytes, now: float) -> None:
        """Send a binary message."""
        self._protocol.send_binary(data)
        self.requests += 1
        self._note("message", now, "to_server", size=len(data), hash=digest(data))

    def send_frames(self, frames: Iterable[Frame], now: float) -> None:
        """Send frames as they are; they may break RFC 6455 as far as a frame can."""
        for frame in frames:
            self._protocol.send_frame(frame)
            data = bytes(frame.data)
            self._note("raw", now, "to_server", event=frame.opcode.name.lower(), size=len(data), hash=digest(data))

    def sent_past(self, data: bytes, now: float) -> None:
        """Bytes were sent past this session, such as a frame that it would not make."""
        self._note("raw", now, "to_server", event="bytes", size=len(data), hash=digest(data))

    def ping(self, payload: bytes, now: float) -> None:
        """Send a ping of at most 125 bytes."""
        self._protocol.send_ping(payload)
        self._note("ping", now, "to_server", size=len(payload), hash=digest(payload))

    def close(self, code: int | None, reason: str, now: float) -> None:
        """Begin the closing handshake, if it has not begun. None: without a code, as browsers do by default."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
            self._note("close", now, "to_server", code=NO_CODE if code is None else code, reason=reason)

    def data_to_send(self) -> list[bytes | None]:
        """What has to be written, in order. None: end the sending direction."""
        return [data or None for data in self._protocol.data_to_send()]

    def receive(self, data: bytes, now: float) -> list[ClientEvent]:
        """Take what has arrived; `data` is not empty."""
        self._protocol.receive_data(data)
        return self._events(now)

    def receive_end(self, now: float) -> list[ClientEvent]:
        """The TCP connection has ended."""
        if self.ended:
            return []
        self.ended = True
        self._protocol.receive_eof()
        events = self._events(now)
        self._note("disconnect", now, "to_client", event="fin")
        return [*events, Ended(now)]

    def _events(self, now: float) -> list[ClientEvent]:
        events: list[ClientEvent] = []
        for received in self._protocol.events_received():
            if isinstance(received, Response):
                events.append(self._upgrade(received, now))
            else:
                assert isinstance(received, Frame), "a client receives one response, and then frames"
                self.frames_received += 1
                event = self._frame(received, now)
                if event is not None:
                    events.append(event)
        broken = self._broken(now)
        return [*events, broken] if broken is not None else events

    def _upgrade(self, response: Response, now: float) -> ClientEvent:
        headers = {name.lower(): value for name, value in response.headers.raw_items()}
        body = response.body or b""
        self._upgraded = True
        text = body.decode(errors="replace") or None
        self._note("handshake_answer", now, "to_client", status=response.status_code, headers=headers, text=text)
        return Upgraded(response.status_code, headers, bytes(body), now)

    def _frame(self, frame: Frame, now: float) -> ClientEvent | None:
        payload = bytes(frame.data)
        if frame.opcode in _MESSAGES:
            return self._message(frame, payload, now)
        if frame.opcode is Opcode.CLOSE:
            close = self._protocol.close_rcvd
            code, reason = (NO_CODE, "") if close is None else (close.code, close.reason)
            self._note("close", now, "to_client", code=code, reason=reason)
            return CloseFrame(code, reason, now)
        kind: Any = "ping" if frame.opcode is Opcode.PING else "pong"
        self._note(kind, now, "to_client", size=len(payload), hash=digest(payload))
        if frame.opcode is Opcode.PONG:
            return PongFrame(payload, now)
        if self.answers_pings and self.is_open:
            self._protocol.send_pong(payload)
            self._note("pong", now, "to_server", size=len(payload), hash=digest(payload))
        return PingFrame(payload, now)

    def _message(self, frame: Frame, payload: bytes, now: float) -> ClientEvent | None:
        if frame.opcode is not Opcode.CONT:
            self._opcode = frame.opcode
        self._pieces.append(payload)
        if not frame.fin:
            return None
        data, frames = b"".join(self._pieces), len(self._pieces)
        self._pieces = []
        if self._opcode is Opcode.BINARY:
            self._note("message", now, "to_client", event="chunk", size=len(data), hash=digest(data))
            return BinaryMessage(data, frames, now)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self._protocol.fail(1007, "invalid UTF-8")
            self._told_broken = True
            return self._tell_broken(f"a text message is not UTF-8: {error}", now)
        self._note_text(text, now, "to_client")
        return TextMessage(text, frames, now)

    def _broken(self, now: float) -> ClientEvent | None:
        """What the protocol says is wrong, once. An end in the middle of a frame is told by Ended."""
        if self._told_broken:
            return None
        refused = self._protocol.handshake_exc
        wrong = self._protocol.parser_exc
        if isinstance(refused, InvalidHandshake) and self._upgraded:
            refused = None if refused.__class__.__name__ == "InvalidStatus" else refused
        if refused is None and (wrong is None or isinstance(wrong, EOFError)):
            return None
        self._told_broken = True
        return self._tell_broken(_why(refused or wrong), now)

    def _tell_broken(self, why: str, now: float) -> Broken:
        self._note("note", now, "to_client", event="broken", text=why)
        return Broken(why, now)

    def _note_text(self, text: str, now: float, direction: Any) -> None:
        type = message_type(text)
        self._note("message", now, direction, event=type, type=type, text=text)

    def _note(self, kind: Any, now: float, direction: Any, **fields: Any) -> None:
        self._sequence += 1
        self._record(
            Entry(
                kind=kind,
                time=now,
                connection=self.number,
                sequence=self._sequence,
                provider=self._provider,
                direction=direction,
                request=self.requests or None,
                **fields,
            )
        )


def message_type(text: str) -> str | None:
    """The type that a text message says of itself (API-5); None: it is no JSON object, or has none."""
    if not text.startswith("{"):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    type = content.get("type") if isinstance(content, dict) else None
    return type if isinstance(type, str) else None


def _why(error: BaseException | None) -> str:
    """An error of websockets and what is behind it, in words."""
    words: list[str] = []
    while error is not None:
        words.append(str(error) or type(error).__name__)
        error = error.__cause__
    return ": ".join(words)
