"""What a run takes."""

import pytest

from hamsa_conformance.case import Cost
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.spending import Meter, characters_of
from hamsa_mock import MockServer
from tests.conformance.bench import judged


def test_meter_counts_what_passes_its_gate() -> None:
    seen: list[tuple[int, Cost]] = []
    meter = Meter(lambda requests, cost: seen.append((requests, cost)))
    meter.connection()
    meter.request(characters=37)
    meter.request(seconds=0.5)
    meter.received(3.5)
    assert (meter.connections, meter.requests, meter.spent) == (1, 2, Cost(characters=37, seconds=4.0))
    assert seen == [(0, Cost()), (1, Cost(characters=37)), (1, Cost(seconds=0.5))]


@pytest.mark.parametrize(
    ("message", "characters"),
    [
        ('{"type": "tts", "payload": {"text": "أهلا", "speaker": 3}}', 4),
        (b'{"text": "abc"}', 3),
        ('{"type": "tts", "payload": {"text": ["a"]}}', 0),
        ('{"type": "tts"}', 0),
        ('{"type": "stt", "payload": {"text": "abc"}}', 0),
        ('["text"]', 0),
        ("أهلا", 0),
        (b"\xff", 0),
        ("[" * 100_000, 0),
    ],
)
def test_characters_are_those_that_would_be_spoken(message: str | bytes, characters: int) -> None:
    assert characters_of(message) == characters


def test_speech_is_counted_however_it_is_requested(mock: MockServer) -> None:
    message = {"type": "tts", "payload": {"text": "1234", "speaker": "Majd", "dialect": "leb"}}

    def asks(server: Server) -> None:
        client = server.connect()
        client.send(message)
        client.send_bytes(b"", characters=10)
        client.drop()
        server.rest("POST", "/v1/realtime/tts", {"text": "123", "speaker": "Majd"})

    assert judged(mock, asks).spent.characters == 17
