"""The clients of the `websockets` library against the command: asyncio, threads, and its version 12."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection as SyncConnection
from websockets.sync.client import connect

from tests.mock_server.command import RunningCommand, needs_signals
from tests.peers.wire import (
    ACK,
    END,
    FACTS,
    INFO,
    INVALID,
    SECONDS_TO_WAIT,
    SENTENCES,
    WRONG_KEY,
    said,
    tts,
)
from tests.tools.leftout import leave_out
from tools.lowest import lowest_environment

pytestmark = pytest.mark.slow

READERS_CLIENT = Path(__file__).with_name("websockets_12_client.py")
FEWEST_BYTES = 10_000
"""FAQ-2: what a whole answer to a sentence holds at least."""
LONGEST = ("في طرف المدينة القديمة دكان صغير يصلح الساعات. " * 50)[:2000]


async def speak(connection: ClientConnection, text: str) -> bytes:
    """The audio that answers a request."""
    await connection.send(tts(text))
    return await answer(connection)


async def answer(connection: ClientConnection) -> bytes:
    """The audio of the next answer, with the messages around it checked."""
    assert json.loads(await connection.recv()) == ACK
    audio = b""
    async for message in connection:
        if isinstance(message, str):
            assert json.loads(message) == END
            return audio
        audio += message
    raise AssertionError("closed in the middle of an answer")


def sync_answer(connection: SyncConnection) -> bytes:
    """The same with the client that works in threads."""
    assert json.loads(connection.recv(timeout=SECONDS_TO_WAIT)) == ACK
    audio = b""
    while isinstance(message := connection.recv(timeout=SECONDS_TO_WAIT), bytes):
        audio += message
    assert json.loads(message) == END
    return audio


# asyncio


async def test_client_that_offers_compression_is_answered_without(mock: RunningCommand) -> None:
    """The defaults of the library."""
    async with connect_async(mock.url) as connection:
        assert connection.request is not None
        assert connection.response is not None
        assert "permessage-deflate" in connection.request.headers["Sec-WebSocket-Extensions"]
        assert "Sec-WebSocket-Extensions" not in connection.response.headers
        assert connection.protocol.extensions == []
        assert json.loads(await connection.recv()) == INFO
        assert said(await speak(connection, SENTENCES[0])) == SENTENCES[0]


async def test_client_that_offers_compression_gets_it_where_that_is_switched_on(
    compressing_mock: RunningCommand,
) -> None:
    async with connect_async(compressing_mock.url) as connection:
        [extension] = connection.protocol.extensions
        assert extension.name == "permessage-deflate"
        assert json.loads(await connection.recv()) == INFO
        for text in (*SENTENCES, LONGEST, *SENTENCES):
            assert said(await speak(connection, text)) == text


@pytest.mark.statement("WST-3")
async def test_key_may_come_as_header(mock: RunningCommand) -> None:
    headers = {"x-api-key": mock.ready["keys"][0]}
    async with connect_async(mock.ready["ws_url"], additional_headers=headers) as connection:
        assert json.loads(await connection.recv()) == INFO


@pytest.mark.statement("FAQ-2", "FAQ-6")
async def test_every_answer_on_a_reused_connection_is_whole(mock: RunningCommand) -> None:
    """With the pings that FAQ-8 asks for."""
    async with connect_async(mock.url, ping_interval=20, ping_timeout=10) as connection:
        await connection.recv()
        for number in range(30):
            text = f"{SENTENCES[number % 3]} ({number})"
            audio = await speak(connection, text)
            assert said(audio) == text
            assert len(audio) > FEWEST_BYTES
        await connection.close()
        assert connection.close_code == 1000


@pytest.mark.statement("FAQ-8")
async def test_keepalive_pings_are_answered(mock: RunningCommand) -> None:
    """The client has measured a latency as soon as one of its own pings is answered."""
    async with asyncio.timeout(SECONDS_TO_WAIT), connect_async(mock.url, ping_interval=0.05) as connection:
        await connection.recv()
        while connection.latency == 0:
            await (await connection.ping())
        assert said(await speak(connection, SENTENCES[0])) == SENTENCES[0]


async def test_request_may_be_sent_in_fragments(mock: RunningCommand) -> None:
    async def characters() -> AsyncIterator[str]:
        for character in tts(SENTENCES[0]):
            yield character

    async with connect_async(mock.url) as connection:
        await connection.recv()
        await connection.send(characters())
        assert said(await answer(connection)) == SENTENCES[0]


@pytest.mark.statement("API-6")
async def test_longest_text_is_answered_whole_and_a_longer_one_with_an_error(mock: RunningCommand) -> None:
    """The answer is some megabytes long, each message smaller than what clients accept by default."""
    async with connect_async(mock.url) as connection:
        await connection.recv()
        assert said(await speak(connection, LONGEST)) == LONGEST
        await connection.send(tts(LONGEST + "ب"))
        assert json.loads(await connection.recv()) == INVALID
        assert said(await speak(connection, SENTENCES[2])) == SENTENCES[2]


@pytest.mark.statement("API-17", "API-22")
async def test_wrong_key_gets_the_error_and_close_code_4001(mock: RunningCommand) -> None:
    async with connect_async(f"{mock.ready['ws_url']}?api_key=wrong") as connection:
        assert json.loads(await connection.recv()) == WRONG_KEY
        with pytest.raises(ConnectionClosedError):
            await anext(aiter(connection))
    assert (connection.close_code, connection.close_reason) == (4001, WRONG_KEY["payload"]["message"])


@pytest.mark.statement("API-20")
@needs_signals
async def test_stop_of_the_server_ends_the_iteration_with_1001(mock: RunningCommand) -> None:
    async with connect_async(mock.url) as connection:
        async for _ in connection:
            mock.process.send_signal(signal.SIGTERM)
    assert (connection.close_code, connection.close_reason) == (1001, FACTS.text("reason.shutting_down"))
    assert mock.process.wait(timeout=SECONDS_TO_WAIT) == 0


# Threads


def test_sync_client_with_defaults_gets_whole_answers_over_one_connection(mock: RunningCommand) -> None:
    with connect(mock.url) as connection:
        assert connection.protocol.extensions == []
        assert json.loads(connection.recv(timeout=SECONDS_TO_WAIT)) == INFO
        for text in (*SENTENCES, LONGEST):
            connection.send(tts(text))
            assert said(sync_answer(connection)) == text


def test_sync_client_may_send_in_fragments(mock: RunningCommand) -> None:
    with connect(mock.url, ping_interval=20, ping_timeout=10) as connection:
        connection.recv()
        connection.send(iter(tts(SENTENCES[0])))
        assert said(sync_answer(connection)) == SENTENCES[0]


@pytest.mark.statement("FAQ-8")
def test_sync_client_has_its_keepalive_pings_answered(mock: RunningCommand) -> None:
    with connect(mock.url, ping_interval=0.05) as connection:
        connection.recv()
        while connection.latency == 0:
            assert connection.ping().wait(SECONDS_TO_WAIT)
        connection.send(tts(SENTENCES[0]))
        assert said(sync_answer(connection)) == SENTENCES[0]


def test_sync_client_with_a_wrong_key_gets_the_error_and_close_code_4001(mock: RunningCommand) -> None:
    with connect(f"{mock.ready['ws_url']}?api_key=wrong") as connection:
        assert json.loads(connection.recv(timeout=SECONDS_TO_WAIT)) == WRONG_KEY
        with pytest.raises(ConnectionClosedError):
            connection.recv(timeout=SECONDS_TO_WAIT)
        assert connection.close_code == 4001


@needs_signals
def test_stop_of_the_server_ends_the_iteration_of_the_sync_client_with_1001(mock: RunningCommand) -> None:
    with connect(mock.url) as connection:
        for _ in connection:
            mock.process.send_signal(signal.SIGTERM)
        assert connection.close_code == 1001


# Version 12


@pytest.fixture(params=["newest", "12"])
def python(request: pytest.FixtureRequest) -> str:
    """An interpreter that has this version of the library."""
    if request.param == "newest":
        return sys.executable
    lowest = lowest_environment()
    if not lowest.stamp.exists():
        leave_out("websockets 12", f"make test PYTHON=python3.11 makes {lowest.folder.name}")
    return str(lowest.python)


@pytest.mark.statement("FAQ-11")
@pytest.mark.slow
def test_client_of_the_guide_gets_whole_answers(mock: RunningCommand, python: str) -> None:
    """Three to five requests in a row, each whole."""
    texts = [*SENTENCES, *SENTENCES[:2]]
    run = subprocess.run(
        [python, str(READERS_CLIENT), *texts],
        env={**os.environ, "HAMSA_WS_URL": mock.ready["ws_url"], "HAMSA_API_KEY": mock.ready["keys"][0]},
        capture_output=True,
        timeout=SECONDS_TO_WAIT,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    report = json.loads(run.stdout)
    assert report["version"].startswith("12.") == (python != sys.executable)
    assert report["info"] == INFO
    audios = [base64.b64decode(each["base64"]) for each in report["answers"]]
    assert [said(audio) for audio in audios] == texts
    assert all(len(audio) > FEWEST_BYTES for audio in audios)
    assert (report["state"], report["close_code"]) == ("CLOSED", 1000)
