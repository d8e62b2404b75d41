"""What is sent over a connection and what comes, at servers that send more than anybody wants."""

import itertools
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.link import FLOOD_FRAMES
from hamsa_conformance.client.requests import SENTENCE, tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.running.bench import Place, bench_at
from hamsa_kit.client_events import Broken, TextMessage
from tests.conformance.foreign.bad_targets import Guest, Target, frame

PING, CONTINUATION, COMPRESSED_BINARY = 9, 0, 0x40 | 2
MANY = 1000


@contextmanager
def connected(serve: Callable[[Guest], None], compression: bool = False) -> Iterator[Connection]:
    """A connection to a server that does this once it is open."""

    def open_and_serve(guest: Guest) -> None:
        guest.upgrade("permessage-deflate" if compression else None)
        serve(guest)

    with Target(open_and_serve, None) as target:
        place = Place(ws_url=f"ws://127.0.0.1:{target.port}/", http_url=f"http://127.0.0.1:{target.port}", timeout=30)
        with bench_at(place) as bench:
            server = bench.server()
            client = server.upgrade(key=None, compression=compression)
            try:
                yield client
            finally:
                client.release()


def for_ever(data: bytes) -> Callable[[Guest], None]:
    def serve(guest: Guest) -> None:
        guest.send(frame(1, b"", final=False))
        while not guest.over.is_set():
            guest.send(data)

    return serve


@pytest.mark.parametrize("data", [frame(CONTINUATION, b"", final=False), frame(PING, b"")], ids=["pieces", "pings"])
def test_frames_that_are_no_messages_are_a_flood_too(data: bytes) -> None:
    with connected(for_ever(data * MANY)) as client:
        event = client.next_event()
        assert isinstance(event, Broken)
        assert "a flood of" in event.why
        assert client.session.frames_received < FLOOD_FRAMES + 20_000, "what is taken in at once is bounded"
        assert client.fileno() == -1
        assert "a flood of" in str(client.ending)


def test_flood_is_counted_as_it_is_decompressed() -> None:
    deflate = zlib.compressobj(wbits=-15)
    content = (deflate.compress(bytes(2**20)) + deflate.flush(zlib.Z_FULL_FLUSH))[:-4]

    def serve(guest: Guest) -> None:
        while not guest.over.is_set():
            guest.send(frame(COMPRESSED_BINARY, content))

    with connected(serve, compression=True) as client:
        assert client.wait_for_end()
        assert client.broken is not None
        assert "a flood of" in client.broken.why
        assert client.received_bytes < 2**20


def test_time_ends_though_something_keeps_arriving(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    client = server.connect()
    clock = itertools.count(server.now())
    monkeypatch.setattr(server, "now", lambda: next(clock))
    monkeypatch.setattr(server, "wait_until", lambda end: True)
    assert client.next_event(within=5) is None
    assert not client.wait_for_end(within=5)


def test_speech_counts_against_the_budget_however_it_is_sent(server: Server) -> None:
    client = server.connect()
    for number, message in enumerate((tts(), json.dumps(tts()), json.dumps(tts()).encode()), 1):
        client.send(message)
        assert server.meter.spent.characters == number * len(SENTENCE)
    client.send("{}", characters=5)
    assert server.meter.spent.characters == 3 * len(SENTENCE) + 5


def test_event_that_was_looked_at_was_not_taken(server: Server) -> None:
    client = server.connect(greeting=False)
    assert client.peek_type() == "info"
    assert client.last_taken is None
    client.receive()
    assert isinstance(client.last_taken, TextMessage)
