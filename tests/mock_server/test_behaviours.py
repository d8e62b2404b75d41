"""Every option of every behaviour changes what goes over the wire: a scenario for each shows it.

A scenario is played once for each option, of numbers for two values. No two of its transcripts may be alike, and
the same option always gives the same one.
"""

import base64
import json

import pytest
from websockets.sync.client import connect

from hamsa_mock import MockServer
from hamsa_mock.core import events
from hamsa_mock.core.http import HttpRequest
from hamsa_mock.providers.hamsa.accounts import FOREIGN_VOICE, OWN_VOICE
from hamsa_schemas import BehaviourValue, Choice, load_behaviours
from tests.mock_server.providers.hamsa.rest_client import PROJECT, TTS_STREAM, Answered, VirtualRest
from tests.mock_server.providers.hamsa.virtual import SENTENCE, VirtualHamsa, stt, tts
from tests.mock_server.raw import RawWebSocket, frame
from tests.mock_server.scenarios import SCENARIOS, Changes, Transcript, digest, in_virtual_time, over_sockets

OTHER_KEY = "hamsa-test-nearly-broke"
SILENCE = bytes(32_000)
NOISE = (b"\x00\x40" * 16 + b"\x00\xc0" * 16) * 500
CUT_ALWAYS: Changes = {"hamsa.tts.truncation": "first_answer"}
VOICE_LOADING: Changes = {"hamsa.tts.voice_loading": 3}


# The proof


@pytest.mark.parametrize("slug", sorted(load_behaviours()))
def test_every_option_of_a_behaviour_changes_what_goes_over_the_wire(slug: str) -> None:
    assert slug in SCENARIOS, f"no scenario shows what {slug} changes"
    scenario, entry = SCENARIOS[slug], load_behaviours().entry(slug)
    options = list(entry.options) if isinstance(entry, Choice) else list(scenario.values)
    assert len(options) >= 2
    seen: dict[tuple[str, ...], BehaviourValue] = {}
    for option in options:
        transcript = tuple(scenario.play({slug: option}, {}))
        assert transcript
        assert transcript not in seen, f"{slug} looks the same with {option} as with {seen[transcript]}"
        assert transcript == tuple(scenario.play({}, {slug: option})), "it counts as much when it is changed later"
        seen[transcript] = option


def test_every_scenario_is_of_a_behaviour() -> None:
    assert set(SCENARIOS) <= set(load_behaviours())


# Connecting


@in_virtual_time("hamsa.auth.connect_delay", 0, 1.2)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect()
    stage.hamsa.advance(5)


@in_virtual_time("hamsa.auth.failure")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect("wrong")


@in_virtual_time("hamsa.auth.info")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect("wrong")


@over_sockets("hamsa.websocket.compression")
def _(mock: MockServer) -> Transcript:
    with connect(f"{mock.ws_url}?api_key={mock.key}", compression="deflate") as client:
        assert json.loads(client.recv())["type"] == "info", "it can be read either way"
        assert client.response is not None
        return [str(client.response.headers.get("Sec-WebSocket-Extensions"))]


@over_sockets("hamsa.limit.message_bytes", 1024, 4096)
def _(mock: MockServer) -> Transcript:
    with RawWebSocket(f"{mock.ws_url}?api_key={mock.key}") as client:
        client.send(frame(1, json.dumps(tts("a") | {"padding": "x" * 2000}).encode()))
        received = client.next()
        return [received.opcode.name, digest(bytes(received.data))]


# Time


@in_virtual_time("hamsa.keepalive.activity")
def _(stage: VirtualRest) -> None:
    client = stage.hamsa.connect()
    stage.hamsa.advance(3000)
    client.receive(events.Pinged())
    stage.hamsa.advance(1000)


@in_virtual_time("hamsa.keepalive.inactivity", 60, 3600)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect()
    stage.hamsa.advance(4000)


@in_virtual_time("hamsa.keepalive.pong_timeout", 0, 20)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect()
    stage.hamsa.advance(100)


@in_virtual_time("hamsa.keepalive.ping_interval", 20, 30)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect()
    stage.hamsa.advance(100)


@in_virtual_time("hamsa.tts.first_audio_delay", 0.3, 0.8)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask()
    stage.hamsa.advance(5)


@in_virtual_time("hamsa.tts.chunk_gap", 0.04, 0.6)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask()
    stage.hamsa.advance(5)


# Limits


def two_first_answers(hamsa: VirtualHamsa, pause: float = 0, key: str = "hamsa-test-key") -> None:
    """Two connections one after the other from the same address; each asks for speech."""
    hamsa.connect().ask()
    hamsa.advance(pause)
    hamsa.connect(key).ask()


@in_virtual_time("hamsa.limit.connections_per_address", 1, 20)
def _(stage: VirtualRest) -> None:
    two_first_answers(stage.hamsa, key=OTHER_KEY)


@in_virtual_time("hamsa.limit.connections_per_key", 1, 5)
def _(stage: VirtualRest) -> None:
    two_first_answers(stage.hamsa)


@in_virtual_time("hamsa.limit.connections_window", 10, 60, given={"hamsa.limit.connections_per_key": 1})
def _(stage: VirtualRest) -> None:
    two_first_answers(stage.hamsa, pause=20)


@in_virtual_time("hamsa.limit.counts", given={"hamsa.limit.requests": 2})
def _(stage: VirtualRest) -> None:
    client = stage.hamsa.connect()
    client.send("not json")
    client.ask()
    client.ask()


@in_virtual_time("hamsa.limit.requests", 1, 100)
def _(stage: VirtualRest) -> None:
    client = stage.hamsa.connect()
    client.ask()
    client.ask()


@in_virtual_time("hamsa.limit.requests_window", 10, 60, given={"hamsa.limit.requests": 1})
def _(stage: VirtualRest) -> None:
    client = stage.hamsa.connect()
    client.ask()
    stage.hamsa.advance(20)
    client.ask()


@in_virtual_time("hamsa.limit.text_characters", 10, 2000)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(SENTENCE)


# Speech


@in_virtual_time("hamsa.error.end")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask("")


@in_virtual_time("hamsa.tts.audio_header")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask()


@in_virtual_time("hamsa.tts.chunking")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask()


@in_virtual_time("hamsa.tts.dialect_mismatch")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(speaker="Majd", dialect="ksa")


@in_virtual_time("hamsa.tts.foreign_voice")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(speaker=FOREIGN_VOICE)


@in_virtual_time("hamsa.tts.long_text")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask("ب" * 2001)
    stage.hamsa.advance(0)


@in_virtual_time("hamsa.tts.mulaw_with_rate")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(mulaw=True, sampleRate="16k")


@in_virtual_time("hamsa.tts.overlap", given={"hamsa.tts.chunk_gap": 1})
def _(stage: VirtualRest) -> None:
    client = stage.hamsa.connect()
    client.ask()
    client.ask()
    stage.hamsa.advance(20)


@in_virtual_time("hamsa.tts.preload_lasts", 100, 3600, given=VOICE_LOADING)
def _(stage: VirtualRest) -> None:
    stage.preload()
    stage.hamsa.advance(200)
    stage.hamsa.connect().ask(speaker=OWN_VOICE)
    stage.hamsa.advance(5)


@in_virtual_time("hamsa.tts.truncated_audio", given=CUT_ALWAYS)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask()


@in_virtual_time("hamsa.tts.truncated_bytes", 320, 640, given=CUT_ALWAYS)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask()


@in_virtual_time("hamsa.tts.truncation")
def _(stage: VirtualRest) -> None:
    for _ in range(6):
        client = stage.hamsa.connect()
        client.ask()
        client.ask()


@in_virtual_time("hamsa.tts.truncation_probability", 0.1, 0.9, given={"hamsa.tts.truncation": "random"})
def _(stage: VirtualRest) -> None:
    client = stage.hamsa.connect()
    for _ in range(10):
        client.ask()


@in_virtual_time("hamsa.tts.unknown_speaker")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(speaker="somebody")


@in_virtual_time("hamsa.tts.unpreloaded_voice", given=VOICE_LOADING)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(speaker=OWN_VOICE)
    stage.hamsa.advance(5)


@in_virtual_time("hamsa.tts.voice_loading", 1, 3)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().ask(speaker=OWN_VOICE)
    stage.hamsa.advance(5)


# Transcripts


@in_virtual_time("hamsa.stt.answer")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().send(stt(NOISE))


@in_virtual_time("hamsa.stt.audio_list")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().send({"type": "stt", "payload": {"audioList": [0.5, -0.5] * 4000}})


@in_virtual_time("hamsa.stt.containers")
def _(stage: VirtualRest) -> None:
    mp3 = base64.b64encode(b"ID3\x04" + bytes(400)).decode()
    stage.hamsa.connect().send({"type": "stt", "payload": {"audioBase64": mp3}})


@in_virtual_time("hamsa.stt.delay", 0.3, 2)
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().send(stt(NOISE))
    stage.hamsa.advance(5)


@in_virtual_time("hamsa.stt.empty")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().send(stt(SILENCE))


@in_virtual_time("hamsa.stt.unfinished")
def _(stage: VirtualRest) -> None:
    stage.hamsa.connect().send(stt(NOISE, isEosEnabled=True, eosThreshold=1))


# REST


@in_virtual_time("hamsa.rest.auth")
def _(stage: VirtualRest) -> list[Answered]:
    forms = [{"authorization": f"{scheme}hamsa-test-key"} for scheme in ("Token ", "Bearer ", "")]
    return [stage.send(HttpRequest("GET", PROJECT, headers=headers)) for headers in forms]


@in_virtual_time("hamsa.rest.cors")
def _(stage: VirtualRest) -> list[Answered]:
    return [stage.get(PROJECT), stage.send(HttpRequest("OPTIONS", PROJECT))]


@in_virtual_time("hamsa.rest.stt_shape")
def _(stage: VirtualRest) -> list[Answered]:
    return [stage.post("/v1/realtime/stt", stt(NOISE)["payload"])]


@in_virtual_time("hamsa.rest.tts_header")
def _(stage: VirtualRest) -> list[Answered]:
    return [stage.speak()]


@in_virtual_time("hamsa.rest.tts_stream_header")
def _(stage: VirtualRest) -> list[Answered]:
    return [stage.speak(TTS_STREAM)]
