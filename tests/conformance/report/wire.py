"""Transcripts and sounds as the client session and the suite write them."""

import json
import math
from collections.abc import Mapping
from typing import Any

from hamsa_conformance.result import Sound
from hamsa_kit.transcript import Entry, digest

KEY = "hk_live_5fd01c77a2b94e"
SENTENCE = "مرحباً بكم في خدمة العملاء، كيف يمكنني مساعدتك اليوم؟"


class Wire:
    """Writes entries as the client session does."""

    def __init__(self, connection: int | None = 1, begin: float = 12.0) -> None:
        self.entries: list[Entry] = []
        self.time = begin
        self._connection = connection

    def note(self, kind: Any, direction: Any, after: float = 0.001, **fields: Any) -> "Wire":
        self.time += after
        sequence = sum(entry.connection == self._connection for entry in self.entries) + 1
        entry = Entry(
            kind=kind,
            time=round(self.time, 6),
            connection=self._connection,
            sequence=sequence,
            provider="hamsa",
            direction=direction,
            **fields,
        )
        self.entries.append(entry)
        return self

    def opened(self, connection: int = 1, status: int = 101) -> "Wire":
        self._connection = connection
        headers = {"host": "127.0.0.1:8765", "upgrade": "websocket", "sec-websocket-version": "13"}
        query = {"api_key": KEY}
        self.note("handshake_request", "to_server", method="GET", path="/v1/realtime/ws", query=query, headers=headers)
        return self.note("handshake_answer", "to_client", 0.004, status=status, headers={"upgrade": "websocket"})

    def says(self, direction: str, content: Mapping[str, Any] | str, after: float = 0.001) -> "Wire":
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        type = None if isinstance(content, str) else content["type"]
        return self.note("message", direction, after, event=type, type=type, text=text)

    def greeted(self) -> "Wire":
        return self.opened().says("to_client", {"type": "info", "payload": {"message": "Connected"}})

    def asked(self, text: str = SENTENCE) -> "Wire":
        payload = {"text": text, "speaker": "Amjad", "dialect": "modern", "languageId": "ar", "mulaw": False}
        return self.says("to_server", {"type": "tts", "payload": payload})

    def spoke(self, chunks: int, gap: float = 0.02) -> "Wire":
        self.says("to_client", {"type": "ack", "payload": {"message": "Recived request"}}, 0.003)
        for number in range(1, chunks + 1):
            data = bytes(19_200)
            self.note("message", "to_client", gap, event="chunk", ordinal=number, size=len(data), hash=digest(data))
        return self.says("to_client", {"type": "end", "payload": {"message": "Speech generated"}}, 0.002)

    def closed(self, code: int = 1000, direction: str = "to_server", reason: str = "") -> "Wire":
        other = "to_client" if direction == "to_server" else "to_server"
        self.note("close", direction, code=code, reason=reason).note("close", other, code=code, reason=reason)
        return self.note("disconnect", "to_client", event="fin")

    def done(self) -> tuple[Entry, ...]:
        return tuple(self.entries)


def sound(seconds: float, request: int = 1, format: str = "PCM_16000_16") -> Sound:
    """Something like syllables."""
    peaks = tuple(
        round(abs(math.sin(at / 3.1) * math.sin(at / 17 + request)) * (0.1 if at % 50 > 42 else 0.8), 3)
        for at in range(200)
    )
    nbytes = round(seconds * 32_000)
    return Sound(connection=1, request=request, format=format, nbytes=nbytes, seconds=seconds, peaks=peaks)
