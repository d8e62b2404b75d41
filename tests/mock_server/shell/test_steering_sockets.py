"""The clock moved while clients are connected, on both event loops.

The mock and its asyncio clients share a loop; clients that block are used in a thread of their own, or not read.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from websockets import connect

from hamsa_kit.audio_formats import PCM_16000_16
from hamsa_kit.proof import read_proof
from hamsa_kit.transcript import Kind
from hamsa_mock.core.clock import Clock
from hamsa_mock.shell.app import make_app, rest_routes
from hamsa_mock.shell.hub import Hub
from hamsa_mock.shell.listener import Listener
from hamsa_mock.shell.loops import LOOPS, loop_factory
from hamsa_mock.shell.serving import make_mock
from hamsa_schemas import BehaviourValue
from tests.mock_server.raw import RawSocket, RawWebSocket, frame

if TYPE_CHECKING:  # the lowest version of websockets that is allowed has no such module
    from websockets.asyncio.client import ClientConnection

SENTENCE = "كيف حالك اليوم يا صديقي العزيز؟"
TTS = json.dumps({"type": "tts", "payload": {"text": SENTENCE, "speaker": "Majd"}})
STREAM = json.dumps({"text": SENTENCE, "speaker": "Majd"}).encode()
PONG_TIMEOUT = {"hamsa.keepalive.pong_timeout": 20}
KEY = "hamsa-test-unlimited"


@dataclass(frozen=True)
class Running:
    """A mock that is listening."""

    hub: Hub
    port: int
    lines: list[str]

    @property
    def clock(self) -> Clock:
        return self.hub.mock.world.clock

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/realtime/ws?api_key={KEY}"

    def seen(self, kind: Kind, connection: int) -> int:
        """How many frames of a kind went over a connection, as the journal has it."""
        return len(self.hub.mock.journal.entries(kind=kind, connection=connection))

    async def connect(self) -> "ClientConnection":
        """A client that has been greeted, and has no timers of its own."""
        client = await connect(self.url, ping_interval=None, max_size=None)
        assert json.loads(await client.recv())["type"] == "info"
        return client


@asynccontextmanager
async def running(
    profile: str = "documented", behaviours: Mapping[str, BehaviourValue] | None = None
) -> AsyncIterator[Running]:
    """A mock in which nothing goes wrong."""
    lines: list[str] = []
    wrong: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: wrong.append(context))
    mock = make_mock(profile, behaviours, log=lambda line: lines.append(line.words))
    listener = Listener(mock)
    try:
        await listener.start(make_app(mock, rest_routes(listener.hub)), listener.sockets)
        yield Running(listener.hub, listener.port, lines)
    finally:
        await listener.stop()
    assert wrong == []


def on_each_loop(scenario: Callable[[], Coroutine[None, None, None]]) -> Callable[[str], None]:
    """Run a test on uvloop and on asyncio."""

    @pytest.mark.parametrize("loop", [loop for loop in LOOPS if loop != "auto"])
    def test(loop: str) -> None:
        if loop == "uvloop":
            pytest.importorskip("uvloop", reason="left out: uvloop; it does not exist for this platform")
        with asyncio.Runner(loop_factory=loop_factory(loop)) as runner:
            runner.run(asyncio.wait_for(scenario(), 60))

    test.__doc__ = scenario.__doc__
    return test


async def answer(client: "ClientConnection") -> bytes:
    """The audio of the next answer."""
    assert json.loads(await client.recv())["type"] == "ack"
    audio = b""
    while isinstance(message := await client.recv(), bytes):
        audio += message
    assert json.loads(message)["type"] == "end"
    return audio


async def end_of(client: "ClientConnection") -> tuple[int | None, str | None]:
    """How the connection was closed; what comes before that is passed over."""
    async for _ in client:
        pass
    return client.close_code, client.close_reason


def taken(raw: RawSocket) -> bytes:
    """What has arrived by now."""
    raw.socket.setblocking(False)
    data = b""
    try:
        while more := raw.socket.recv(1 << 20):
            data += more
    except BlockingIOError:
        pass
    return data


def taken_to_the_end(raw: RawSocket) -> bool:
    """Whether a chunked body ends before nothing comes for a while, shorter than between two of its pieces."""
    raw.socket.settimeout(1)
    data = b""
    while not data.endswith(b"\r\n0\r\n\r\n"):
        try:
            data += raw.socket.recv(1 << 20)
        except TimeoutError:
            return False
    return True


@on_each_loop
async def test_hour_in_one_advance_has_all_its_pings_answered_and_ends_the_idle_connection() -> None:
    async with running(behaviours=PONG_TIMEOUT) as mock:
        client = await mock.connect()
        await mock.hub.steering.advance(3600)
        assert await end_of(client) == (1000, "Connection closed due to inactivity (60 min timeout)")
        assert mock.seen("ping", 1) == mock.seen("pong", 1) == 119


@on_each_loop
async def test_twenty_clients_live_through_an_hour_of_pings_that_count_as_activity() -> None:
    async with running(behaviours={"hamsa.keepalive.activity": "frames", **PONG_TIMEOUT}) as mock:
        clients = [await mock.connect() for _ in range(20)]
        await mock.hub.steering.advance(3600)
        assert {mock.seen("pong", number) for number in range(1, 21)} == {120}
        for client in clients:
            await client.send(TTS)
        await mock.hub.steering.advance(10)
        for client in clients:
            assert read_proof(await answer(client), PCM_16000_16).text == SENTENCE


@on_each_loop
async def test_nothing_moves_while_the_clock_is_frozen() -> None:
    async with running() as mock:
        mock.hub.steering.freeze()
        now = mock.clock.now()
        client = await mock.connect()
        await client.send(TTS)
        assert json.loads(await client.recv())["type"] == "ack"
        await client.send("not json")
        assert json.loads(await client.recv())["type"] == "error", "no chunk came before it"
        assert mock.clock.now() == now
        assert await mock.hub.steering.advance_to_next_deadline() == pytest.approx(
            mock.hub.mock.world.behaviours.number("hamsa.tts.first_audio_delay")
        )
        assert isinstance(await client.recv(), bytes)
        await client.send("not json")
        assert json.loads(await client.recv())["type"] == "error", "one chunk, and no more"


@on_each_loop
async def test_answer_comes_sooner_where_the_clock_runs_faster() -> None:
    async with running(behaviours={"hamsa.tts.chunk_gap": 3}) as mock:
        mock.hub.steering.scale(1000)
        client = await mock.connect()
        begin = mock.clock.now()
        await client.send(TTS)
        assert read_proof(await answer(client), PCM_16000_16).whole
        assert mock.clock.now() - begin >= 12


@on_each_loop
async def test_rest_of_an_answer_has_been_written_when_the_advance_is_over() -> None:
    async with running(behaviours={"hamsa.tts.chunk_gap": 3}) as mock:
        raw = await asyncio.to_thread(RawWebSocket, mock.url)
        with raw:
            raw.send(frame(1, TTS.encode()))
            await mock.hub.steering.advance(25)
            received = taken(raw)
            assert received.index(b"speach") < received.index(b"End of TTS stream")
    (line,) = [line for line in mock.lines if "chunks" in line]
    assert "7 chunks" in line
    assert "in 18.300 s, the first after 0.300 s" in line, "each left at its own time"


@on_each_loop
async def test_rest_of_a_streamed_answer_over_rest_has_been_written_when_the_advance_is_over() -> None:
    async with running(behaviours={"hamsa.tts.chunk_gap": 3}) as mock:
        with RawSocket(f"http://127.0.0.1:{mock.port}/v1/realtime/tts-stream") as raw:
            head = f"POST {raw.target} HTTP/1.1\r\nHost: mock\r\nAuthorization: Token {KEY}\r\n"
            raw.send(f"{head}Content-Type: application/json\r\nContent-Length: {len(STREAM)}\r\n\r\n".encode() + STREAM)
            await mock.hub.steering.advance(25)
            assert await asyncio.to_thread(taken_to_the_end, raw), "all of it, though the clock has not moved since"


@on_each_loop
async def test_client_that_does_not_answer_pings_is_closed_while_the_others_stay() -> None:
    async with running(behaviours=PONG_TIMEOUT) as mock:
        client = await mock.connect()
        raw = await asyncio.to_thread(RawWebSocket, mock.url)
        with raw:
            await mock.hub.steering.advance(600)
            close = await asyncio.to_thread(raw.next_close)
            assert (close.code, close.reason) == (1011, "keepalive ping timeout")
            await client.send(TTS)
            await mock.hub.steering.advance(10)
            assert read_proof(await answer(client), PCM_16000_16).whole


@on_each_loop
async def test_client_that_does_not_read_is_dropped_at_once_when_it_owes_a_pong_for_too_long() -> None:
    async with running("instant", PONG_TIMEOUT) as mock:
        raw = await asyncio.to_thread(RawWebSocket, mock.url)
        with raw:
            for _ in range(200):
                raw.send(frame(1, TTS.encode()))
            await mock.hub.steering.advance(60)
            await asyncio.sleep(0)
            assert len(mock.hub) == 0
    assert [line for line in mock.lines if "hamsa.keepalive.pong_timeout" in line]


@on_each_loop
async def test_answer_goes_on_in_real_time_behind_an_advance() -> None:
    async with running() as mock:
        client = await mock.connect()
        await client.send(TTS)
        await mock.hub.steering.advance(0.31)
        assert read_proof(await answer(client), PCM_16000_16).whole


@on_each_loop
async def test_client_that_does_not_read_is_unsettled_until_it_has_read() -> None:
    async with running("instant") as mock:
        raw = await asyncio.to_thread(RawWebSocket, mock.url)
        with raw:
            (member,) = mock.hub.members
            assert member.settled
            for _ in range(200):
                raw.send(frame(1, TTS.encode()))
            await mock.hub.steering.advance(0)
            assert not member.settled
            for _ in range(200):
                await asyncio.to_thread(raw.audio)
            assert member.settled


@on_each_loop
async def test_scheduler_lets_go_of_a_client_that_has_gone() -> None:
    async with running() as mock:
        client = await mock.connect()
        (member,) = mock.hub.members
        mock.hub.steering.freeze()
        assert member.alarm is not None
        await client.close()
        await mock.hub.drop_all()
        assert member.alarm is None


@on_each_loop
async def test_behaviour_that_changes_moves_the_next_deadline_of_open_connections() -> None:
    async with running() as mock:
        mock.hub.steering.freeze()
        await mock.connect()
        mock.hub.mock.world.behaviours.change({"hamsa.keepalive.inactivity": 10})
        mock.hub.behaviours_changed()
        assert await mock.hub.steering.advance_to_next_deadline() == 10
