"""A Hamsa server with Starlette and uvicorn, right unless it is told to make a mistake. It prints its port.

python -m tests.conformance.foreign.starlette_server [--mistake NAME] [--requests NUMBER]
"""

import argparse
import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.conformance.foreign.documents import (
    ACK,
    END,
    INFO,
    LIMITED,
    NO_FUNDS,
    REQUESTS,
    TRANSCRIPT,
    Limit,
    Recording,
    Refusal,
    Speech,
    Wallets,
    Wrong,
    answer_over_rest,
    refusal_of,
    request_of,
    transcript_over_rest,
)
from tests.conformance.foreign.tone import chunks, spoken, wav

MISTAKES = {
    "error-as-string": "the payload of an error is its text",
    "payload-missing": "the words stand beside the type, without a payload",
    "closes-at-limit": "the connection is closed above the limit of requests, without an error",
    "key-only-in-header": "a key in the query is not seen",
    "key-only-in-query": "a key in the header is not seen",
    "crashes-on-non-json": "text that is not JSON ends the connection with 1011",
    "mulaw-ignored": "audio is PCM whatever was asked for",
    "no-info": "the client is not greeted",
    "bytes-counted": "the limit of the text is counted in bytes",
    "404-as-200": "a voice that does not exist is reported with status 200",
}
PING_SECONDS = 30.0
IDLE_SECONDS = 3600.0
ROUTES = ("/v2/tts/voices/custom/preload", "/v1/realtime/tts", "/v1/realtime/tts-stream", "/v1/realtime/stt")


class Server:
    """The routes of one server."""

    def __init__(self, mistake: str | None, requests: int) -> None:
        self.mistake = mistake
        self.limit = Limit(requests)
        self.wallets = Wallets()

    async def realtime(self, websocket: WebSocket) -> None:
        """The WebSocket."""
        key = websocket.headers.get("x-api-key") if self.mistake != "key-only-in-query" else None
        if self.mistake != "key-only-in-header":
            key = key or websocket.query_params.get("api_key")
        await websocket.accept()
        refusal = Refusal(4003, NO_FUNDS) if self.wallets.is_empty(key or "") else refusal_of(key)
        try:
            if refusal is not None:
                await self.turn_away(websocket, refusal)
                return
            assert key is not None
            if self.mistake != "no-info":
                await self.say(websocket, "info", INFO)
            await self.converse(websocket, key)
        except WebSocketDisconnect:
            return

    async def turn_away(self, websocket: WebSocket, refusal: Refusal) -> None:
        """Error and close."""
        await self.say(websocket, "error", refusal.text)
        await websocket.close(refusal.code, refusal.text)

    async def converse(self, websocket: WebSocket, key: str) -> None:
        """Answer message by message, until an hour passes without one."""
        while True:
            try:
                event = await asyncio.wait_for(websocket.receive(), IDLE_SECONDS)
            except TimeoutError:
                await websocket.close(1000, "Connection closed due to inactivity (60 min timeout)")
                return
            if event["type"] == "websocket.disconnect":
                return
            message = event["bytes"] if event.get("text") is None else event["text"]
            if self.wallets.is_empty(key):
                await self.turn_away(websocket, Refusal(4003, NO_FUNDS))
                return
            if self.mistake == "crashes-on-non-json":
                try:
                    json.loads(message)
                except ValueError:
                    await websocket.close(1011)
                    return
            if await self.answer(websocket, key, message):
                self.wallets.charge(key)

    async def answer(self, websocket: WebSocket, key: str, message: str | bytes) -> bool:
        """Whether it was more than an error."""
        try:
            request = request_of(message)
            if self.mistake == "bytes-counted" and isinstance(request, Speech) and len(request.text.encode()) > 2000:
                raise Wrong("Invalid payload for message type: tts")
            self.limit.take(key, time.monotonic())
        except Wrong as wrong:
            if str(wrong) == LIMITED and self.mistake == "closes-at-limit":
                await websocket.close(4029, LIMITED)
                raise WebSocketDisconnect from wrong
            await self.say(websocket, "error", str(wrong))
            return False
        if isinstance(request, Speech):
            await self.say(websocket, "ack", ACK)
            mulaw = request.mulaw and self.mistake != "mulaw-ignored"
            for piece in chunks(spoken(request.text, request.speaker, mulaw)):
                await websocket.send_bytes(piece)
            await self.say(websocket, "end", END)
        else:
            await websocket.send_text("" if request.is_empty else TRANSCRIPT)
        return True

    async def say(self, websocket: WebSocket, type: str, text: str) -> None:
        """A message of the protocol."""
        message: dict[str, Any] = {"type": type, "payload": {"message": text}}
        if self.mistake == "error-as-string" and type == "error":
            message = {"type": type, "payload": text}
        if self.mistake == "payload-missing":
            message = {"type": type, "message": text}
        await websocket.send_text(json.dumps(message))

    async def rest(self, request: Request) -> Response:
        """The routes beside it."""
        authorization, body = request.headers.get("authorization"), await request.body()
        status, content = answer_over_rest(request.url.path, authorization, body, self.limit, time.monotonic())
        if isinstance(content, Speech):
            return self.audio(request, content)
        if isinstance(content, Recording):
            content = transcript_over_rest(content)
        if self.mistake == "404-as-200" and status == 404:
            status = 200
        return JSONResponse(content, status)

    def audio(self, request: Request, speech: Speech) -> Response:
        """Speech as a file, or in pieces as it comes."""
        audio = spoken(speech.text, speech.speaker, speech.mulaw)
        if request.url.path.endswith("/tts"):
            return Response(wav(audio, speech.mulaw), media_type="audio/wav")

        async def pieces() -> AsyncIterator[bytes]:
            for piece in chunks(audio):
                yield piece

        return StreamingResponse(pieces(), media_type="audio/wav")


def application(mistake: str | None, requests: int) -> Starlette:
    """The server's routes."""
    server = Server(mistake, requests)
    routes: list[BaseRoute] = [WebSocketRoute("/v1/realtime/ws", server.realtime)]
    routes += [Route(route, server.rest, methods=["POST"]) for route in ROUTES]
    return Starlette(routes=routes)


def serve(mistake: str | None, requests: int) -> None:
    """Listen, tell the port, and serve until a signal comes."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(
        application(mistake, requests),
        log_level="error",
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=None,
        ws_max_size=1 << 25,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mistake", choices=MISTAKES)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="in a minute")
    chosen = parser.parse_args()
    serve(chosen.mistake, chosen.requests)
