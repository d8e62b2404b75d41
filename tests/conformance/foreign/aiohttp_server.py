"""A Hamsa server with aiohttp, right unless it is told to make a mistake. It prints its port and serves until the end.

python -m tests.conformance.foreign.aiohttp_server [--mistake NAME] [--requests NUMBER]
"""

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import WSMsgType, web

from tests.conformance.foreign.documents import (
    ACK,
    END,
    INFO,
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
    "json-transcript": "the transcript is wrapped in JSON",
    "ack-spelled-right": "the words of ack are spelled correctly",
    "refused-with-403": "a wrong key is refused at the upgrade",
    "close-1008": "a wrong key is closed with 1008, the code of policy violations",
    "end-before-last-chunk": "end comes before the last piece of audio",
    "closes-after-answer": "the connection is closed behind each answer",
    "bearer-only": "REST takes the key behind Bearer alone",
    "voice_id": "the preload reads voice_id instead of voiceId",
    "errors-as-text": "REST errors are plain text",
    "no-end": "an answer has no end",
    "silent": "nobody gets more than the greeting",
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

    async def realtime(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket."""
        key = request.query.get("api_key") or request.headers.get("X-Api-Key")
        refusal = Refusal(4003, NO_FUNDS) if self.wallets.is_empty(key or "") else refusal_of(key)
        if refusal is not None and self.mistake == "refused-with-403":
            raise web.HTTPForbidden(text=refusal.text)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if refusal is not None:
            await self.turn_away(socket, refusal)
            return socket
        assert key is not None
        await self.say(socket, "info", INFO)
        async with pinging(socket):
            await self.converse(socket, key)
        return socket

    async def turn_away(self, socket: web.WebSocketResponse, refusal: Refusal) -> None:
        """Error and close."""
        await self.say(socket, "error", refusal.text)
        code = 1008 if self.mistake == "close-1008" else refusal.code
        await socket.close(code=code, message=refusal.text.encode())

    async def converse(self, socket: web.WebSocketResponse, key: str) -> None:
        """Answer message by message, until an hour passes without one."""
        while True:
            try:
                message = await socket.receive(timeout=IDLE_SECONDS)
            except TimeoutError:
                await socket.close(code=1000, message=b"Connection closed due to inactivity (60 min timeout)")
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            if self.wallets.is_empty(key):
                await self.turn_away(socket, Refusal(4003, NO_FUNDS))
                return
            if await self.answer(socket, key, message.data) and self.mistake == "closes-after-answer":
                await socket.close(code=1000)
                return

    async def answer(self, socket: web.WebSocketResponse, key: str, message: str | bytes) -> bool:
        """Whether it was more than an error."""
        if self.mistake == "silent":
            return False
        try:
            request = request_of(message)
            self.limit.take(key, time.monotonic())
        except Wrong as wrong:
            await self.say(socket, "error", str(wrong))
            return False
        if isinstance(request, Speech):
            await self.speak(socket, request)
        else:
            await self.hear(socket, request)
        self.wallets.charge(key)
        return True

    async def speak(self, socket: web.WebSocketResponse, speech: Speech) -> None:
        """Ack, audio, end."""
        right = "Real time text to speech connection established"
        await self.say(socket, "ack", right if self.mistake == "ack-spelled-right" else ACK)
        pieces = chunks(spoken(speech.text, speech.speaker, speech.mulaw))
        held_back = [pieces.pop()] if self.mistake == "end-before-last-chunk" else []
        for piece in pieces:
            await socket.send_bytes(piece)
        if self.mistake != "no-end":
            await self.say(socket, "end", END)
        for piece in held_back:
            await socket.send_bytes(piece)

    async def hear(self, socket: web.WebSocketResponse, recording: Recording) -> None:
        """The transcript."""
        text = "" if recording.is_empty else TRANSCRIPT
        if self.mistake == "json-transcript":
            text = json.dumps({"type": "transcription", "payload": {"text": text}})
        await socket.send_str(text)

    async def say(self, socket: web.WebSocketResponse, type: str, text: str) -> None:
        """A message of the protocol."""
        await socket.send_str(json.dumps({"type": type, "payload": {"message": text}}))

    async def rest(self, request: web.Request) -> web.StreamResponse:
        """The routes beside it."""
        authorization, body = request.headers.get("Authorization"), await request.read()
        if self.mistake == "bearer-only":
            authorization = (authorization or "").replace("Token", "No").replace("Bearer", "Token")
        if self.mistake == "voice_id":
            body = body.replace(b"voiceId", b"voice").replace(b"voice_id", b"voiceId")
        status, content = answer_over_rest(request.path, authorization, body, self.limit, time.monotonic())
        if isinstance(content, Speech):
            return await self.audio(request, content)
        if isinstance(content, Recording):
            content = transcript_over_rest(content)
        if status != 200 and self.mistake == "errors-as-text":
            return web.Response(status=status, text=content["message"])
        return web.json_response(content, status=status)

    async def audio(self, request: web.Request, speech: Speech) -> web.StreamResponse:
        """Speech as a file, or in pieces as it comes."""
        audio = spoken(speech.text, speech.speaker, speech.mulaw)
        if request.path.endswith("/tts"):
            return web.Response(body=wav(audio, speech.mulaw), content_type="audio/wav")
        stream = web.StreamResponse(headers={"Content-Type": "audio/wav"})
        stream.enable_chunked_encoding()
        await stream.prepare(request)
        for piece in chunks(audio):
            await stream.write(piece)
        await stream.write_eof()
        return stream


@asynccontextmanager
async def pinging(socket: web.WebSocketResponse) -> AsyncIterator[None]:
    """Pings go out while the context lasts."""

    async def ping() -> None:
        with suppress(ConnectionError):
            while True:
                await asyncio.sleep(PING_SECONDS)
                await socket.ping()

    task = asyncio.create_task(ping())
    try:
        yield
    finally:
        task.cancel()


def application(mistake: str | None, requests: int) -> web.Application:
    """The server's routes."""
    server = Server(mistake, requests)
    app = web.Application()
    app.router.add_get("/v1/realtime/ws", server.realtime)
    for route in ROUTES:
        app.router.add_post(route, server.rest)
    return app


async def serve(mistake: str | None, requests: int) -> None:
    """Listen, tell the port, and serve for ever."""
    runner: Any = web.AppRunner(application(mistake, requests))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mistake", choices=MISTAKES)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="in a minute")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.mistake, chosen.requests))
