"""A voice client as users write one: five sentences over one connection, a WAV file for each, and a table.

Reads HAMSA_WS_URL and HAMSA_API_KEY; the folder for the files is its only argument. Exit codes: 1 the audio of a
sentence was cut; 3 the service refused or went away.
"""

import asyncio
import json
import os
import sys
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import websockets

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof

SENTENCES = Path(__file__).with_name("sentences.txt")
SAMPLE_RATE = 16_000
BYTES_PER_SAMPLE = 2
SECONDS_TO_WAIT = 30


@dataclass
class Spoken:
    """The answer to one sentence. `first_audio`: seconds from the request to the first chunk."""

    text: str
    audio: bytes
    chunks: int
    first_audio: float

    @property
    def verdict(self) -> str:
        """Whether the samples prove that this is all of the audio of this very text."""
        proof = read_proof(self.audio, PCM_16000_16)
        return "whole" if proof.whole and proof.text == self.text else "CUT"


async def speak(connection: "websockets.ClientConnection", text: str) -> Spoken:
    """Send one request and collect its audio. Raises RuntimeError when the service answers with an error."""
    payload = {"text": text, "speaker": "Majd", "dialect": "ksa", "languageId": "ar", "mulaw": False}
    sent = time.perf_counter()
    await connection.send(json.dumps({"type": "tts", "payload": payload}))
    chunks: list[bytes] = []
    first_audio = 0.0
    async for message in connection:
        if isinstance(message, bytes):
            if not chunks:
                first_audio = time.perf_counter() - sent
            chunks.append(message)
            continue
        answer = json.loads(message)
        if answer["type"] == "error":
            raise RuntimeError(answer["payload"]["message"])
        if answer["type"] == "end":
            break
    return Spoken(text, b"".join(chunks), len(chunks), first_audio)


def write_wav(path: Path, audio: bytes) -> None:
    """The answer is bare PCM; a player needs a header in front of it."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES_PER_SAMPLE)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(audio)


async def main(folder: Path) -> int:
    """Speak every sentence; 1 if the audio of one was cut."""
    url = f"{os.environ['HAMSA_WS_URL']}?api_key={os.environ['HAMSA_API_KEY']}"
    print("characters  chunks      bytes  seconds  first audio  audio  file")
    cut = 0
    async with websockets.connect(url, ping_interval=20, ping_timeout=10) as connection:
        for number, text in enumerate(SENTENCES.read_text(encoding="utf-8").splitlines(), 1):
            spoken = await asyncio.wait_for(speak(connection, text), SECONDS_TO_WAIT)
            path = folder / f"sentence-{number}.wav"
            write_wav(path, spoken.audio)
            cut += spoken.verdict != "whole"
            seconds = len(spoken.audio) / BYTES_PER_SAMPLE / SAMPLE_RATE
            print(
                f"{len(text):10}  {spoken.chunks:6}  {len(spoken.audio):9,}  {seconds:7.2f}"
                f"  {spoken.first_audio * 1000:8.0f} ms  {spoken.verdict:5}  {path.name}"
            )
    return 1 if cut else 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(Path(sys.argv[1]))))
    except (OSError, RuntimeError, websockets.WebSocketException) as error:
        print(f"The client gave up: {error}", file=sys.stderr)
        sys.exit(3)
