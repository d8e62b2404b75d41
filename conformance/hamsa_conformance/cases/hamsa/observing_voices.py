"""What is seen of the time that cloned voices take to load."""

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.requests import SPEAKER
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.vocabulary.fitting import border
from hamsa_conformance.vocabulary.observation import observe_seconds, observing, unlike
from hamsa_conformance.vocabulary.steering import LONG, close_all, connecting_seconds

UNPRELOADED, LOADING, LASTS = "hamsa.tts.unpreloaded_voice", "hamsa.tts.voice_loading", "hamsa.tts.preload_lasts"

SHORT_TEXT = "مرحبا"
MOST_PROBES = 40

NOTICEABLE = 0.25
"""Seconds by which an answer is later for a reason. Real ones are never equally quick."""
EXACT = 0.0005


@observing(UNPRELOADED, LOADING, needs=("voice:custom",), characters=2 * len(SHORT_TEXT))
def unpreloaded_voice(server: Server) -> None:
    unloaded = _speak(server, server.voice("custom"))
    if unloaded.error is not None:
        if unloaded.error != server.facts.text("text.tts_aborted"):
            unlike(UNPRELOADED, f"the error {unloaded.error!r}")
        server.observe(UNPRELOADED, "aborted")
        return
    wait = _first_audio(unloaded) - _first_audio(_speak(server, SPEAKER))
    if wait > (EXACT if server.is_steered else NOTICEABLE):
        server.observe(UNPRELOADED, "slow")
        observe_seconds(server, LOADING, [wait])
    elif server.is_steered:
        server.observe(UNPRELOADED, "ready")
    else:
        raise NotTried("the voice answers at once, and may have been loaded before")


@observing(LASTS, needs=("mock", "voice:custom"), characters=MOST_PROBES * len(SHORT_TEXT))
def preload_lasts(server: Server) -> None:
    custom = server.voice("custom")
    at_once = _first_audio(_speak(server, SPEAKER))

    def is_loaded() -> bool:
        answer = _speak(server, custom)
        return answer.error is None and _first_audio(answer) - at_once < EXACT

    if is_loaded():
        raise NotTried("a voice that was not preloaded is answered as quickly as one that was")
    connecting = connecting_seconds(server)

    def still_loaded(seconds: float) -> bool:
        _preload(server)
        server.wait(max(seconds - connecting, 0))
        return is_loaded()

    lasts = border(still_loaded, first=1, most=100 * LONG, factor=4)
    if lasts is None:
        raise NotTried("a preloaded voice stays loaded as long as was tried")
    server.observe(LASTS, lasts)


def _speak(server: Server, speaker: str) -> Answer:
    """What a voice answers, on a connection of its own."""
    client = server.connect()
    answer = client.answer(client.ask(SHORT_TEXT, speaker=speaker), judges_cut=True)
    close_all([client])
    return answer


def _first_audio(answer: Answer) -> float:
    if not answer.chunk_times:
        raise NotTried("an answer holds no audio")
    return answer.chunk_times[0] - answer.times[0]


def _preload(server: Server) -> None:
    answer = server.rest("POST", server.facts.text("endpoint.preload"), {"voiceId": server.voice("custom")})
    if answer.status != 200:
        raise NotTried(f"the preload was answered with {answer}")
