"""A sentence goes in, its audio comes out: with the `websockets` library (pip install websockets)."""

import asyncio
import json
import os

import websockets

URL = os.environ.get("HAMSA_WS_URL", "ws://127.0.0.1:8765/v1/realtime/ws")
KEY = os.environ.get("HAMSA_API_KEY", "hamsa-test-key")


async def main() -> None:
    async with websockets.connect(f"{URL}?api_key={KEY}") as connection:
        request = {"type": "tts", "payload": {"text": "مرحبا بكم في همسة", "speaker": "Majd"}}
        await connection.send(json.dumps(request))
        audio = b""
        async for message in connection:
            if isinstance(message, bytes):
                audio += message
            elif json.loads(message)["type"] in ("end", "error"):
                break
        print(len(audio), "bytes of audio, 16-bit mono at 16 kHz")


asyncio.run(main())
