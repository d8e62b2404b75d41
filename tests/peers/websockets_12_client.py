"""A client as readers of the troubleshooting guide write it, for `websockets` from version 12 on (FAQ-11, FAQ-12).

One connection that lives on, its state read from `.state`, pings every 20 s. Reads HAMSA_WS_URL and HAMSA_API_KEY,
speaks its arguments one after the other, and prints as JSON what it got. Started by test_websockets_client.py with
the library's oldest and newest version, so it uses nothing else.
"""

import asyncio
import base64
import json
import os
import sys
from importlib.metadata import version

import websockets
from websockets.protocol import State


async def main(texts: list[str]) -> None:
    url = f"{os.environ['HAMSA_WS_URL']}?api_key={os.environ['HAMSA_API_KEY']}"
    connection = await websockets.connect(url, ping_interval=20, ping_timeout=10)
    info = json.loads(await connection.recv())
    answers = []
    for text in texts:
        if connection.state is not State.OPEN:
            sys.exit("the connection did not live on")
        payload = {"text": text, "speaker": "Majd", "dialect": "ksa", "languageId": "ar", "mulaw": False}
        await connection.send(json.dumps({"type": "tts", "payload": payload}))
        chunks: list[bytes] = []
        async for message in connection:
            if isinstance(message, bytes):
                chunks.append(message)
                continue
            data = json.loads(message)
            if data["type"] == "error":
                sys.exit(data["payload"]["message"])
            if data["type"] == "end":
                break
        answers.append({"chunks": len(chunks), "base64": base64.b64encode(b"".join(chunks)).decode()})
    await connection.close()
    report = {
        "version": version("websockets"),
        "info": info,
        "answers": answers,
        "state": connection.state.name,
        "close_code": connection.close_code,
    }
    print(json.dumps(report))


asyncio.run(main(sys.argv[1:]))
