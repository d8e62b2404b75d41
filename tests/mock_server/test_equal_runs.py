"""Under a frozen clock the same seed and the same script give the same canonical journal, whoever comes first."""

import asyncio
import json
from collections import Counter
from random import Random
from typing import Any

import aiohttp
import pytest

from hamsa_kit.transcript_file import read_transcript
from hamsa_mock import MockServer

CLIENTS = 20
KEY = "hamsa-test-unlimited"
WORDS = "مرحبا بكم في همسة "
LOOPS = ["asyncio", "auto"]
PATIENCE = 30.0
"""Seconds of real time that no client waits."""


def tts(text: str) -> dict[str, Any]:
    return {"type": "tts", "payload": {"text": text, "speaker": "Majd"}}


async def talk(mock: MockServer, key: str, session: aiohttp.ClientSession, number: int, after: float) -> None:
    """One client: it sends all its requests at once, one of them wrong, and goes when all are answered."""
    await asyncio.sleep(after)
    async with session.ws_connect(f"{mock.ws_url}?api_key={key}") as socket:
        await socket.receive_json(timeout=PATIENCE)
        for place in range(3):
            await socket.send_json(tts(f"{number} {place} {WORDS * (number % 3 * 10 + 1)}"))
        await socket.send_json({"type": "nonsense"})
        answered: Counter[str] = Counter()
        while answered["end"] < 3 or answered["error"] < 1:
            message = await socket.receive(timeout=PATIENCE)
            if message.type is not aiohttp.WSMsgType.BINARY:
                answered[json.loads(message.data)["type"]] += 1


async def speak(mock: MockServer, session: aiohttp.ClientSession, number: int, after: float) -> None:
    """A client of REST."""
    await asyncio.sleep(after)
    url, headers = f"{mock.http_url}/v1/realtime/tts", {"Authorization": f"Token {KEY}"}
    async with session.post(url, json=tts(f"{number % 3} {WORDS}")["payload"], headers=headers) as answer:
        await answer.read()


async def script(mock: MockServer, key: str, alike: bool, chance: Random) -> None:
    """All clients at the same time, each a few milliseconds late. `alike`: they all ask for the same."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        late = [chance.random() / 50 for _ in range(CLIENTS)]
        talks = [talk(mock, key, session, 0 if alike else number, after) for number, after in enumerate(late)]
        await asyncio.gather(*talks, *(speak(mock, session, number, late[number]) for number in range(5)))


def run(loop: str, chance: int, *, key: str = KEY, alike: bool = False, truncation: str = "never") -> str:
    """The canonical journal of a run; `chance` decides who comes first."""
    behaviours = {"hamsa.tts.truncation": truncation}
    with MockServer(profile="instant", behaviours=behaviours, seed=7, loop=loop) as mock:
        mock.clock.freeze()
        asyncio.run(script(mock, key, alike, Random(chance)))
        assert key not in mock.journal.export()
        return mock.journal.export(canonical=True)


@pytest.mark.parametrize("loop", LOOPS)
def test_journal_of_twenty_clients_at_once_is_equal_in_equal_runs(loop: str) -> None:
    first = run(loop, 1)
    assert run(loop, 2) == first
    transcript = read_transcript(first.splitlines())
    assert transcript.header.dropped == 0
    assert {entry.connection for entry in transcript.entries} == {*range(1, CLIENTS + 1), None}
    assert sum(entry.event == "end" for entry in transcript.entries) == 3 * CLIENTS
    assert {entry.time for entry in transcript.entries} == {0}


@pytest.mark.parametrize("loop", LOOPS)
def test_clients_that_are_alike_may_share_a_limit(loop: str) -> None:
    first, second = (run(loop, chance, key="hamsa-test-key", alike=True, truncation="connections") for chance in (1, 2))
    assert second == first
    cut = [entry for entry in read_transcript(first.splitlines()).entries if entry.size == 640]
    assert len({entry.connection for entry in cut}) == CLIENTS - 5


async def paced(mock: MockServer) -> None:
    """Two clients whose answers take their time, and a clock that is moved."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{mock.ws_url}?api_key={KEY}") as one:
        await one.receive_json(timeout=PATIENCE)
        async with session.ws_connect(f"{mock.ws_url}?api_key={KEY}") as other:
            await other.receive_json(timeout=PATIENCE)
            for place, socket in enumerate((one, other)):
                await socket.send_json(tts(f"{place} {WORDS * 20}"))
                await socket.receive_json(timeout=PATIENCE)
            await asyncio.to_thread(mock.clock.advance, 40)
            await asyncio.to_thread(mock.clock.advance, 3600)
            for socket in (one, other):
                async for _ in socket:
                    pass


def test_journal_of_a_clock_that_is_moved_is_equal_in_equal_runs() -> None:
    found: list[str] = []
    for _ in range(2):
        with MockServer(profile="documented", seed=7) as mock:
            mock.clock.freeze()
            asyncio.run(paced(mock))
            found.append(mock.journal.export(canonical=True))
    assert found[0] == found[1]
    entries = read_transcript(found[0].splitlines()).entries
    assert {entry.time for entry in entries if entry.event == "chunk"} >= {0.3, 0.34, 0.38}
    assert [entry.code for entry in entries if entry.kind == "close"] == [1000, 1000]
