"""aiohttp's WebSocket client against the command."""

import signal
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from hamsa_kit.audio_formats import PCM_16000_16, ULAW_8000_8, AudioFormat
from tests.mock_server.command import RunningCommand, needs_signals
from tests.peers.wire import ACK, END, INFO, INVALID, SECONDS_TO_WAIT, SENTENCES, WRONG_KEY, said, tts

pytestmark = pytest.mark.slow


async def speak(websocket: ClientWebSocketResponse, text: str, **fields: object) -> bytes:
    """The audio that answers a request, with the messages around it checked."""
    await websocket.send_str(tts(text, **fields))
    assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == ACK
    audio = b""
    async for message in websocket:
        if message.type is WSMsgType.TEXT:
            assert message.json() == END
            return audio
        assert message.type is WSMsgType.BINARY
        audio += message.data
    raise AssertionError(f"closed with {websocket.close_code} in the middle of an answer")


def key_of(mock: RunningCommand) -> str:
    key: str = mock.ready["keys"][0]
    return key


@pytest.mark.statement("WST-2", "WST-3")
@pytest.mark.parametrize("place", ["query", "header", "header in lower case"])
async def test_aiohttp_gives_its_key_by_query_or_header(mock: RunningCommand, place: str) -> None:
    options: dict[str, Any] = {
        "query": {"params": {"api_key": key_of(mock)}},
        "header": {"headers": {"X-Api-Key": key_of(mock)}},
        "header in lower case": {"headers": {"x-api-key": key_of(mock)}},
    }[place]
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.ready["ws_url"], **options) as websocket:
        assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == INFO
        assert said(await speak(websocket, SENTENCES[0])) == SENTENCES[0]


@pytest.mark.statement("API-1", "FAQ-6")
async def test_aiohttp_sends_several_requests_over_one_connection(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.url) as websocket:
        await websocket.receive()
        for text in SENTENCES * 5:
            assert said(await speak(websocket, text)) == text


@pytest.mark.statement("API-8")
@pytest.mark.parametrize(("mulaw", "format"), [(False, PCM_16000_16), (True, ULAW_8000_8)])
async def test_aiohttp_chooses_the_encoding(mock: RunningCommand, mulaw: bool, format: AudioFormat) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.url) as websocket:
        await websocket.receive()
        assert said(await speak(websocket, SENTENCES[0], mulaw=mulaw), format) == SENTENCES[0]


@pytest.mark.statement("API-16", "API-28")
async def test_aiohttp_gets_an_error_and_then_the_answer_to_the_next_request(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.url) as websocket:
        await websocket.receive()
        await websocket.send_str(tts(""))
        assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == INVALID
        assert said(await speak(websocket, SENTENCES[1])) == SENTENCES[1]


@pytest.mark.statement("API-17", "API-22")
async def test_aiohttp_with_a_wrong_key_gets_the_error_and_close_code_4001(mock: RunningCommand) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(mock.ready["ws_url"], params={"api_key": "wrong"}) as websocket,
    ):
        assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == WRONG_KEY
        closing = await websocket.receive(timeout=SECONDS_TO_WAIT)
    assert (closing.type, closing.data, closing.extra) == (WSMsgType.CLOSE, 4001, WRONG_KEY["payload"]["message"])
    assert websocket.close_code == 4001


@pytest.mark.statement("API-20")
@needs_signals
async def test_aiohttp_is_told_1001_when_the_server_stops(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.url) as websocket:
        await websocket.receive()
        mock.process.send_signal(signal.SIGTERM)
        closing = await websocket.receive(timeout=SECONDS_TO_WAIT)
    assert (closing.type, closing.data) == (WSMsgType.CLOSE, 1001)
    assert mock.process.wait(timeout=SECONDS_TO_WAIT) == 0


@pytest.mark.statement("FAQ-8")
async def test_aiohttp_has_its_heartbeat_answered(mock: RunningCommand) -> None:
    """Without `autoping` the pongs, which prove it, come to the caller."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(mock.url, heartbeat=4, autoping=False) as websocket,
    ):
        await websocket.receive()
        pong = await websocket.receive(timeout=SECONDS_TO_WAIT)
        assert pong.type is WSMsgType.PONG
        assert said(await speak(websocket, SENTENCES[0])) == SENTENCES[0]


async def test_aiohttp_that_offers_compression_is_answered_without(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.url, compress=15) as websocket:
        assert websocket.compress == 0
        assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == INFO
        assert said(await speak(websocket, SENTENCES[0])) == SENTENCES[0]


async def test_aiohttp_that_offers_compression_gets_it_where_that_is_switched_on(
    compressing_mock: RunningCommand,
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(compressing_mock.url, compress=15) as websocket,
    ):
        assert websocket.compress == 15
        assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == INFO
        for text in SENTENCES * 5:
            assert said(await speak(websocket, text)) == text


async def test_aiohttp_that_closes_has_its_code_returned(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(mock.url) as websocket:
        await websocket.receive()
        assert await websocket.close()
        assert websocket.close_code == 1000
