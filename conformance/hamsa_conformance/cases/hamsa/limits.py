"""The limit of requests: 100 in 60 seconds for each key."""

from hamsa_conformance.case import case
from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import require, unmet
from hamsa_conformance.vocabulary.going_on import goes_on
from hamsa_conformance.vocabulary.steering import connect_as, new_keys
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type

MOST = 100
"""Requests that a key may make (API-31)."""

WINDOW = 60.0
"""Seconds in which they are counted."""

WORD = "نعم"


@case(
    "hamsa.limits.exactly_100",
    title="The hundred and first request",
    expects="The server answers 100 requests of a key in a minute, on whichever connection, and refuses the next one.",
    statements=("API-31", "API-32"),
    needs=("mock",),
    characters=(MOST + 1) * len(WORD),
)
def exactly_100(server: Server) -> None:
    server.hurry()
    clients = server.connect(), server.connect()
    passed = 0
    while passed <= MOST and _passes(clients[passed % 2]):
        passed += 1
    # Whether the two connections count as requests too is not documented.
    require(passed in (MOST, MOST - len(clients)), f"an error for request {MOST + 1}", f"{passed} answers with audio")


@case(
    "hamsa.limits.speech_and_transcripts",
    title="Requests of both types",
    expects="The server counts requests for speech and for transcripts together.",
    statements=("API-31",),
    needs=("mock",),
    characters=(MOST + 1) * len(WORD),
    seconds=MOST // 2,
)
def speech_and_transcripts(server: Server) -> None:
    server.hurry()
    client = server.connect()
    spoken = client.speak(WORD)
    recording = wav_bytes(PCM_16000_16, spoken.samples)
    for _ in range(MOST // 2):
        client.send_speech(recording, spoken.seconds)
    for _ in range(MOST // 2):
        message = client.receive(what="a transcript")
        heard = isinstance(message, TextMessage) and message_type(message.text) != "error"
        require(heard, "a transcript", shown_event(message))
    _use_up(client, MOST - 1 - MOST // 2)
    _expect_limit(client)


@case(
    "hamsa.limits.other_key",
    title="The requests of another key",
    expects="The server counts each key by itself.",
    statements=("API-31",),
    needs=("mock",),
    characters=(MOST + 1) * len(WORD),
)
def other_key(server: Server) -> None:
    server.hurry()
    [key] = new_keys(server, 1)
    _use_up(server.connect())
    other = connect_as(server, key)
    require(_passes(other), "audio for the other key", "the error of the limit")


@case(
    "hamsa.limits.not_before_a_minute",
    title="Almost a minute later",
    expects="The server still refuses requests of a key that made 100 of them 59 seconds ago.",
    statements=("API-31", "API-32"),
    needs=("mock",),
    characters=(MOST + 1) * len(WORD),
)
def not_before_a_minute(server: Server) -> None:
    server.hurry()
    client = server.connect()
    _use_up(client)
    server.wait(WINDOW - 1)
    _expect_limit(client)


@case(
    "hamsa.limits.after_a_minute",
    title="A minute later",
    expects="The server answers requests of a key again that made 100 of them a minute ago.",
    statements=("API-31",),
    needs=("mock",),
    characters=(MOST + 1) * len(WORD),
)
def after_a_minute(server: Server) -> None:
    server.hurry()
    client = server.connect()
    _use_up(client)
    server.wait(WINDOW + 1)
    require(_passes(client), "audio", "the error of the limit")


@case(
    "hamsa.limits.window_slides",
    title="A window that slides",
    expects="The server makes room for as many requests as are older than a minute, and for no more.",
    statements=("API-31",),
    needs=("mock",),
    characters=(MOST + 60) * len(WORD),
)
def window_slides(server: Server) -> None:
    server.hurry()
    client = server.connect()
    _use_up(client, MOST // 2)
    server.wait(WINDOW / 2)
    _use_up(client, MOST // 2)
    server.wait(WINDOW / 2 + 1)
    passed = 0
    while passed < 60 and _passes(client):
        passed += 1
    require(50 <= passed <= 51, "an error behind 50 or 51 requests more", f"{passed} answers with audio")


@case(
    "hamsa.limits.error",
    title="The error above the limit",
    expects="The server refuses a request above the limit with the documented error, and sends no audio.",
    statements=("API-32", "WST-8"),
    needs=("key:rate-limited",),
    characters=len(SENTENCE),
)
def error(server: Server) -> None:
    client = server.connect("rate-limited")
    answer = client.answer(client.ask(), judges_cut=True)
    if answer.error is None:
        unmet("an error", ", ".join(answer.types))
    require("chunk" not in answer.types, "no audio", ", ".join(answer.types))
    server.error_words(answer.error, server.facts.text("text.rate_limit_exceeded"))


@case(
    "hamsa.limits.connection_stays",
    title="The connection above the limit",
    expects="The server answers on the connection when there is room again; that it closes it is not strict.",
    statements=("API-32", "API-1"),
    needs=("mock",),
    characters=(MOST + 2) * len(WORD),
)
def connection_stays(server: Server) -> None:
    server.hurry()
    client = server.connect()
    _use_up(client)
    _expect_limit(client)
    if not goes_on(server, client):
        return
    server.wait(WINDOW + 1)
    require(_passes(client), "audio", "the error of the limit")


def _many(client: Connection, number: int) -> list[Answer]:
    """The answers to so many requests, which are sent at once."""
    return [client.answer(asked, judges_cut=True) for asked in [client.ask(WORD) for _ in range(number)]]


def _passes(client: Connection) -> bool:
    """Whether one more request gets no error."""
    return _many(client, 1)[0].error is None


def _use_up(client: Connection, number: int = MOST) -> None:
    """Make requests, which have to be answered but for the last one, as nobody says whether a connection counts too."""
    refused = sum(answer.error is not None for answer in _many(client, number)[:-1])
    require(refused == 0, f"{number - 1} answers with audio", f"{refused} errors among them")


def _expect_limit(client: Connection) -> None:
    require(not _passes(client), "the error of the limit", "an answer with audio")
