"""Connections through minutes and hours: pings, the idle close, custom voices that expire."""

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Close, Send
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from hamsa_schemas import BehaviourValue
from tests.mock_server.providers.hamsa.virtual import VirtualClient, VirtualHamsa, name_of, names

HOUR = 3600


# Pings and the idle close


def pings(client: VirtualClient) -> list[float]:
    return [at for at, single in client.sent if name_of(single) == "ping"]


@pytest.mark.statement("API-3", "API-4", "API-20")
def test_server_pings_every_30_seconds_and_closes_after_exactly_60_idle_minutes() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    hamsa.advance(HOUR - 0.001)
    assert pings(client) == [30 * number for number in range(1, 120)]
    assert not client.ended
    hamsa.advance(0.001)
    close = client.all[-1]
    assert isinstance(close, Close)
    assert (close.code, close.reason) == (1000, "Connection closed due to inactivity (60 min timeout)")
    assert client.session.deadline is None


@pytest.mark.statement("API-4", "FAQ-7")
def test_connection_in_use_lives_on_and_is_pinged_for_hours() -> None:
    hamsa = VirtualHamsa()
    client = hamsa.connect()
    for _ in range(8):
        hamsa.advance(HOUR / 2)
        client.ask("ب")
    assert not client.ended
    assert pings(client) == [30 * number for number in range(1, 4 * 120 + 1)]


@pytest.mark.parametrize(
    ("what", "activity", "puts_off"),
    [
        ("request", "messages", True),
        ("bad message", "messages", True),
        ("binary message", "messages", True),
        ("ping or pong", "messages", False),
        ("ping or pong", "frames", True),
        ("request", "frames", True),
    ],
)
def test_idle_close_is_put_off_by_what_counts_as_activity(what: str, activity: str, puts_off: bool) -> None:
    hamsa = VirtualHamsa(changes={"hamsa.keepalive.activity": activity})
    client = hamsa.connect()
    hamsa.advance(HOUR - 1)
    happened: dict[str, events.Event] = {
        "request": events.Text('{"type": "tts", "payload": {"text": "a", "speaker": "Majd"}}'),
        "bad message": events.Text("not json"),
        "binary message": events.Binary(b""),
        "ping or pong": events.Pinged(),
    }
    client.receive(happened[what])
    hamsa.advance(1)
    assert client.ended is not puts_off
    hamsa.advance(HOUR - 1.001)
    assert client.ended is not puts_off
    hamsa.advance(0.001)
    assert client.ended


def test_audio_on_its_way_puts_the_idle_close_off() -> None:
    changes: dict[str, BehaviourValue] = {"hamsa.tts.first_audio_delay": 1800, "hamsa.tts.chunk_gap": 1800}
    hamsa = VirtualHamsa(changes=changes)
    client = hamsa.connect()
    client.ask()
    hamsa.advance(1e5)
    last = [at for at, single in client.sent if name_of(single) == "end"]
    assert last[0] > 2 * HOUR
    assert (client.sent[-1][0], name_of(client.all[-1])) == (last[0] + HOUR, "close 1000")


def test_client_that_does_not_read_is_pinged_and_given_up() -> None:
    hamsa = VirtualHamsa("documented")
    client = hamsa.connect()
    client.ask()
    client.receive(events.Blocked())
    hamsa.advance(2 * HOUR)
    assert len(pings(client)) == 119
    assert client.sent[-1][0] == HOUR
    assert name_of(client.all[-1]) == "close 1000"


def test_each_connection_has_clocks_of_its_own() -> None:
    hamsa = VirtualHamsa()
    first = hamsa.connect()
    hamsa.advance(10)
    second = hamsa.connect()
    hamsa.advance(2 * HOUR)
    assert [client.sent[-1][0] for client in (first, second)] == [HOUR, HOUR + 10]
    assert pings(second)[0] == 40


# Custom voices


def test_custom_voice_waits_once_until_its_preload_has_run_out() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.voice_loading": 3, "hamsa.tts.preload_lasts": 600})
    client = hamsa.connect()
    for at in (0, 10, 602, 603):
        hamsa.advance(at - hamsa.now)
        client.ask(speaker=OWN_VOICE)
    hamsa.advance(10)
    first_audio = [at for at, single in client.sent if isinstance(single, Send) and single.event == "chunk"]
    assert sorted(set(first_audio)) == [3, 10, 602, 606]


def test_preloaded_voice_does_not_wait() -> None:
    hamsa = VirtualHamsa(changes={"hamsa.tts.voice_loading": 3})
    hamsa.service.admission.preload(OWN_VOICE, hamsa.now)
    assert names(hamsa.connect().ask(speaker=OWN_VOICE))[-1] == "end"
