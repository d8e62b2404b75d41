"""What a preload is good for: the wait for a cloned voice that it takes away, wherever it is spoken with."""

from collections.abc import Callable, Mapping

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.cases.hamsa.preload import path, preload
from hamsa_conformance.client.requests import DIALECT, SENTENCE
from hamsa_conformance.client.rest import RestRequest, unless_limited
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require, require_equal

MORE_VOICES = tuple(f"00000000-0000-4000-8000-00000000c0{number:02}" for number in range(3))

LOADING = 3.0
"""Seconds that a voice takes to load on a mock in these cases."""

AT_ONCE = 0.5
LASTS = 600.0

Way = Callable[[Server, str], float]
"""Speaks with a voice. Seconds from the request to the first audio, or to the status over REST."""

_CHARACTERS = len(SENTENCE)


def _by_socket(server: Server, voice: str) -> float:
    return server.connect().speak(speaker=voice).chunk_times[0]


def _by_rest(route: str) -> Way:
    def speak(server: Server, voice: str) -> float:
        body = {"text": SENTENCE, "speaker": voice, "dialect": DIALECT}
        answer = unless_limited(server.rest("POST", server.facts.text(route), body, characters=_CHARACTERS))
        require(answer.status == 200 and len(answer.body) > 0, "HTTP 200 with audio", answer)
        return answer.status_after

    return speak


WAYS: Mapping[str, Way] = {
    "websocket": _by_socket,
    "tts": _by_rest("endpoint.tts"),
    "tts-stream": _by_rest("endpoint.tts_stream"),
}


def _waits(name: str, way: Way) -> Case:
    @case(
        f"hamsa.preload.first_waits[{name.replace(' ', '_')}]",
        title=f"The first request with a voice that was not preloaded, by {name}",
        expects="The server answers the first request once the voice is loaded, and the next one at once.",
        statements=("PRE-8", "PRE-11"),
        needs=("mock", "voice:custom"),
        characters=2 * _CHARACTERS,
    )
    def first_waits(server: Server) -> None:
        _make_slow(server)
        _expect_wait(way(server, server.voice("custom")))
        _expect_no_wait(way(server, server.voice("custom")))

    return first_waits


first_waits = family(WAYS, _waits)


def _after(name: str, way: Way) -> Case:
    @case(
        f"hamsa.preload.takes_the_wait_away[{name.replace(' ', '_')}]",
        title=f"The first request with a voice that was preloaded, by {name}",
        expects="The server answers it at once.",
        statements=("PRE-9", "PRE-11", "PRE-12"),
        needs=("mock", "voice:custom"),
        characters=_CHARACTERS,
    )
    def takes_the_wait_away(server: Server) -> None:
        _make_slow(server)
        preload(server, {"voiceId": server.voice("custom")})
        _expect_no_wait(way(server, server.voice("custom")))

    return takes_the_wait_away


takes_the_wait_away = family(WAYS, _after)


@case(
    "hamsa.preload.of_another_voice",
    title="A preload of another voice",
    expects="The server still has to load a voice when another one was preloaded.",
    statements=("PRE-12",),
    needs=("mock", "voice:custom"),
    characters=_CHARACTERS,
)
def of_another_voice(server: Server) -> None:
    _make_slow(server)
    server.mock.put("hamsa", "voices", [{"id": MORE_VOICES[0], "name": "another"}])
    preload(server, {"voiceId": MORE_VOICES[0]})
    _expect_wait(_by_socket(server, server.voice("custom")))


@case(
    "hamsa.preload.refused_without_effect",
    title="A preload that is refused",
    expects="The server still has to load the voice when the preload had no right key.",
    statements=("PRE-12", "PRE-5"),
    needs=("mock", "voice:custom"),
    characters=_CHARACTERS,
)
def refused_without_effect(server: Server) -> None:
    _make_slow(server)
    preload(server, {"voiceId": server.voice("custom")}, "unknown")
    _expect_wait(_by_socket(server, server.voice("custom")))


@case(
    "hamsa.preload.does_not_last",
    title="A voice that was preloaded long ago",
    expects="The server loads it anew, once the time is over for which a preload helps.",
    statements=("PRE-12",),
    needs=("mock", "voice:custom"),
    characters=2 * _CHARACTERS,
)
def does_not_last(server: Server) -> None:
    _make_slow(server)
    server.mock.behaviours["hamsa.tts.preload_lasts"] = LASTS
    preload(server, {"voiceId": server.voice("custom")})
    server.wait(LASTS - 1)
    _expect_no_wait(_by_socket(server, server.voice("custom")))
    server.wait(2)
    _expect_wait(_by_socket(server, server.voice("custom")))


@case(
    "hamsa.preload.several",
    title="Preloads of several voices",
    expects="The server takes several preloads at the same time, and then speaks with each of the voices at once.",
    statements=("PRE-10", "PRE-9"),
    needs=("mock",),
    characters=len(MORE_VOICES) * _CHARACTERS,
)
def several(server: Server) -> None:
    _make_slow(server)
    server.mock.put("hamsa", "voices", [{"id": voice, "name": voice} for voice in MORE_VOICES])
    headers = {"Authorization": server.authorization()}
    requests = [RestRequest("POST", path(server), {"voiceId": voice}, headers) for voice in MORE_VOICES]
    require_equal([answer.status for answer in server.rest_at_once(*requests)], [200] * len(requests), "the statuses")
    for voice in MORE_VOICES:
        _expect_no_wait(_by_socket(server, voice))


def _make_slow(server: Server) -> None:
    """Voices take time to load, and nothing else takes any."""
    server.hurry()
    server.mock.behaviours.update(
        {"hamsa.tts.unpreloaded_voice": "slow", "hamsa.tts.voice_loading": LOADING, "hamsa.tts.truncation": "never"}
    )


def _expect_wait(seconds: float) -> None:
    require(seconds >= LOADING - AT_ONCE, f"audio after the {LOADING:g} s of loading", f"audio after {seconds:.2f} s")


def _expect_no_wait(seconds: float) -> None:
    require(seconds <= AT_ONCE, "audio at once", f"audio after {seconds:.2f} s")
