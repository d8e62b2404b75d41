"""aiohttp against the REST routes of the command, in the vendor's own order: preload, then speak."""

import aiohttp
import pytest

from hamsa_kit.audio_formats import PCM_16000_16, read_wav
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from tests.mock_server.command import RunningCommand
from tests.peers.wire import ACK, FACTS, INFO, SECONDS_TO_WAIT, SENTENCES, said, tts

pytestmark = pytest.mark.slow

SPEECH = {"text": SENTENCES[0], "speaker": OWN_VOICE}


def token(mock: RunningCommand) -> dict[str, str]:
    """PRE-1: the header with a key that is accepted."""
    return {"Authorization": f"Token {mock.ready['keys'][0]}"}


async def preload(session: aiohttp.ClientSession, mock: RunningCommand) -> None:
    """PRE-2, PRE-3."""
    url = mock.ready["http_url"] + FACTS.text("endpoint.preload")
    async with session.post(url, json={"voiceId": OWN_VOICE}, headers=token(mock)) as response:
        assert response.status == 200
        body = await response.json()
    assert body == {"success": True, "message": FACTS.text("text.preloaded"), "data": []}


@pytest.mark.statement("PRE-9")
async def test_aiohttp_preloads_a_voice_and_speaks_with_it_over_the_websocket(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession() as session:
        await preload(session, mock)
        async with session.ws_connect(mock.url) as websocket:
            assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == INFO
            await websocket.send_str(tts(SENTENCES[0], speaker=OWN_VOICE))
            assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == ACK
            audio = b""
            while (message := await websocket.receive(timeout=SECONDS_TO_WAIT)).type is aiohttp.WSMsgType.BINARY:
                audio += message.data
    assert said(audio) == SENTENCES[0]


@pytest.mark.statement("PRE-11")
async def test_aiohttp_preloads_a_voice_and_fetches_a_file_and_a_stream(mock: RunningCommand) -> None:
    async with aiohttp.ClientSession(headers=token(mock)) as session:
        await preload(session, mock)
        async with session.post(mock.ready["http_url"] + FACTS.text("endpoint.tts"), json=SPEECH) as response:
            format, audio = read_wav(await response.read())
        assert format == PCM_16000_16
        assert said(audio) == SENTENCES[0]
        async with session.post(mock.ready["http_url"] + FACTS.text("endpoint.tts_stream"), json=SPEECH) as response:
            pieces = [data async for data, ends in response.content.iter_chunks() if ends]
    assert b"".join(pieces) == audio
    assert any(len(piece) % 2 for piece in pieces)


@pytest.mark.statement("PRE-5")
@pytest.mark.parametrize("value", ["Bearer hamsa-test-key", "hamsa-test-key", "Token wrong"])
async def test_aiohttp_with_a_key_in_another_form_or_a_wrong_one_gets_401(mock: RunningCommand, value: str) -> None:
    url = mock.ready["http_url"] + FACTS.text("endpoint.project")
    async with aiohttp.ClientSession() as session, session.get(url, headers={"Authorization": value}) as response:
        assert response.status == 401
        assert await response.json() == {"code": 401, "message": FACTS.text("rest.unauthorized")}
