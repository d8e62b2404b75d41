"""A sentence goes in, its audio comes out: with the `websockets` library (pip install websockets)."""

import asyncio
import json
import os
import sys

import websockets

URL = os.environ.get("HAMSA_WS_URL", "ws://127.0.0.1:8765/v1/realtime/ws")
KEY = os.environ.get("HAMSA_API_KEY", "hamsa-test-key")
REQUEST = {"type": "tts", "payload": {"text": "مرحبا بكم في همسة", "speaker": "Majd"}}


async def main() -> None:
    audio = b""
    async with websockets.connect(f"{URL}?api_key={KEY}") as connection:
        async for message in connection:
            if isinstance(message, bytes):
                audio += message
                continue
            answer = json.loads(message)
            if answer["type"] == "info":
                await connection.send(json.dumps(REQUEST))
            elif answer["type"] == "error":
                sys.exit(answer["payload"]["message"])
            elif answer["type"] == "end":
                break
    print(len(audio), "bytes of audio, 16-bit mono at 16 kHz")


try:
    asyncio.run(main())
except (OSError, websockets.WebSocketException) as error:
    sys.exit(str(error))
