"""Requests for transcripts: the two forms of a recording, and the answer, which is bare text."""

import json
import math
from collections.abc import Sequence

from hamsa_conformance.case import Case, Kind, case, family
from hamsa_conformance.client.answer import error_text
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE, stt
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_text
from hamsa_conformance.judgement import NotTried, require, unmet
from hamsa_conformance.vocabulary.completeness import expect_any_answer, speak_to_the_end
from hamsa_conformance.vocabulary.hearing import (
    SECONDS,
    WORDS,
    Speech,
    expect_transcript,
    spoken_by,
    transcript_of,
)
from hamsa_conformance.vocabulary.steering import connect_as
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type

CHARACTERS = len(WORDS)
OTHER_WORDS = "أهلا وسهلا"

ACCOUNT = "conformance"
"""Of a user, a project and a key of its own."""


@case(
    "hamsa.stt.base64",
    title="Speech of the server itself, as a WAV file in Base64",
    expects="The server answers with its transcript.",
    statements=("API-10", "API-15"),
    characters=len(SENTENCE),
    seconds=2 * SECONDS,
)
def base64_file(server: Server) -> None:
    client = server.connect()
    answer = speak_to_the_end(client)
    client.stop_if_cut(answer)
    speech = Speech(SENTENCE, answer.samples, answer.is_whole is True)
    client.send_speech(speech.wav, speech.seconds)
    expect_any_answer(server, client, "a transcript")
    expect_transcript(client, speech)


@case(
    "hamsa.stt.list",
    title="Speech of the server itself, as a list of samples",
    expects="The server answers with its transcript. That it refuses the form, which the newest documents leave out, is"
    " not strict.",
    statements=("API-11", "API-15"),
    characters=CHARACTERS,
    seconds=SECONDS,
)
def list_of_samples(server: Server) -> None:
    client = server.connect()
    speech = spoken_by(client)
    _send_list(client, speech.floats)
    if (told := _refusal_of_list(server, client)) is not None:
        server.not_strict("the transcript of a list of samples", f"the error {told}")
    else:
        expect_transcript(client, speech)


@case(
    "hamsa.stt.list_with_integers",
    title="A list of samples with whole numbers in it, as JavaScript writes them",
    expects="The server takes 0 and 1 for samples like any other.",
    statements=("API-11",),
    characters=CHARACTERS,
    seconds=2 * SECONDS + 0.1,
)
def list_with_integers(server: Server) -> None:
    client = server.connect()
    speech = spoken_by(client)
    samples = [0] * 800 + [int(sample) if sample == int(sample) else sample for sample in speech.floats] + [0] * 800
    _send_list(client, samples)
    if _refusal_of_list(server, client) is None:
        expect_transcript(client, speech)
        return
    _send_list(client, speech.floats)
    _stop_at_refused_list(server, client)
    unmet("a transcript, as of a list without whole numbers", "the error of a wrong payload")


@case(
    "hamsa.stt.list_rate",
    title="A list of samples, of which the wallet can pay the seconds at 16 kHz",
    expects="The server takes it for audio of 16 kHz: it charges no more seconds than it has.",
    statements=("API-11", "API-25"),
    needs=("mock",),
    characters=CHARACTERS,
    seconds=SECONDS,
)
def list_rate(server: Server) -> None:
    speech = spoken_by(server.connect())
    wallet = math.ceil(speech.seconds) + 1
    server.mock.put("hamsa", "users", [{"id": ACCOUNT}])
    server.mock.put("hamsa", "projects", [{"id": ACCOUNT, "user": ACCOUNT, "wallet": wallet}])
    server.mock.put("hamsa", "keys", [{"key": ACCOUNT, "project": ACCOUNT}])
    client = connect_as(server, ACCOUNT)
    for _ in range(2):
        _send_list(client, speech.floats)
        _stop_at_refused_list(server, client)
        expect_transcript(client, speech)


@case(
    "hamsa.stt.plain_text",
    title="The form of a transcript",
    expects="The server sends the bare text: neither a JSON object nor binary.",
    statements=("API-15",),
    characters=CHARACTERS,
    seconds=SECONDS,
)
def plain_text(server: Server) -> None:
    client = server.connect()
    speech = spoken_by(client)
    client.send_speech(speech.wav, speech.seconds)
    text = client.next_transcript().text
    require(not _is_written_json(text), "a bare text", shown_text(text))


def _looks_like_json(name: str, text: str) -> Case:
    @case(
        f"hamsa.stt.looks_like_json[{name}]",
        title=f"A transcript that happens to be JSON: {name.replace('_', ' ')}",
        expects="The server sends it letter by letter, as any other text.",
        statements=("API-15",),
        needs=("mock",),
        seconds=1.0,
    )
    def looks_like_json(server: Server) -> None:
        server.mock.put("hamsa", "transcripts", [{"sequence": [text]}])
        client = server.connect()
        client.send_speech(wav_bytes(PCM_16000_16, bytes(32_000)), 1.0)
        heard = client.next_transcript().text
        require(heard == text, shown_text(text), shown_text(heard))

    return looks_like_json


looks_like_json = family(
    {"number": "123", "null": "null", "quoted": '"نعم"', "message": '{"type": "end"}', "escape": "\\u0041 \\n"},
    _looks_like_json,
)


@case(
    "hamsa.stt.one_answer",
    title="What follows a transcript",
    expects="The server sends one message for each request, and nothing behind it.",
    statements=("API-15",),
    characters=CHARACTERS,
    seconds=SECONDS,
)
def one_answer(server: Server) -> None:
    client = server.connect()
    transcript_of(client, spoken_by(client))
    client.nothing_more()


@case(
    "hamsa.stt.several_requests",
    title="Several recordings, one after the other, and speech in between, over one connection",
    expects="The server answers each with its own transcript.",
    statements=("API-1", "API-15"),
    characters=CHARACTERS + len(OTHER_WORDS),
    seconds=3 * SECONDS,
)
def several_requests(server: Server) -> None:
    client = server.connect()
    first = spoken_by(client)
    transcript_of(client, first)
    second = spoken_by(client, OTHER_WORDS)
    transcript_of(client, second)
    transcript_of(client, first)


@case(
    "hamsa.stt.requests_without_waiting",
    title="Two recordings that are sent without waiting in between",
    expects="The server answers both, in the order in which they came.",
    statements=("API-1",),
    kind="optimal",
    characters=CHARACTERS + len(OTHER_WORDS),
    seconds=2 * SECONDS,
)
def requests_without_waiting(server: Server) -> None:
    client = server.connect()
    both = spoken_by(client), spoken_by(client, OTHER_WORDS)
    for speech in both:
        client.send_speech(speech.wav, speech.seconds)
    for speech in both:
        expect_transcript(client, speech)


def _language(name: str, language: str | None, kind: Kind) -> Case:
    @case(
        f"hamsa.stt.language[{name}]",
        title=f"A recording with the language {name.replace('_', ' ')}",
        expects="The server answers with a transcript.",
        statements=("API-12",),
        kind=kind,
        characters=CHARACTERS,
        seconds=SECONDS,
    )
    def with_language(server: Server) -> None:
        client = server.connect()
        transcript_of(client, spoken_by(client), language=language)

    return with_language


languages = (
    _language("left_out", None, "required"),
    _language("ar", "ar", "required"),
    _language("en", "en", "optimal"),
)


@case(
    "hamsa.stt.only_audio",
    title="A recording without any option",
    expects="The server answers with a transcript.",
    statements=("API-10", "API-12", "API-13"),
    characters=CHARACTERS,
    seconds=SECONDS,
)
def only_audio(server: Server) -> None:
    client = server.connect()
    transcript_of(client, spoken_by(client), language=None, isEosEnabled=None)


def _send_list(client: Connection, samples: Sequence[float]) -> None:
    """Request the transcript of a list of samples."""
    client.send(stt(audioList=samples), seconds=len(samples) / PCM_16000_16.sample_rate)


def _refusal_of_list(server: Server, client: Connection) -> str | None:
    """The error of a wrong payload, received, where that is the answer: the newest documents leave the list out."""
    event = client.peek()
    if isinstance(event, TextMessage) and message_type(event.text) == "error":
        told = error_text(json.loads(event.text))
        if told == server.facts.text("text.invalid_stt"):
            client.receive()
            return told
    return None


def _stop_at_refused_list(server: Server, client: Connection) -> None:
    """Errors: NotTried where the server refuses lists."""
    if _refusal_of_list(server, client) is not None:
        raise NotTried("the server takes no lists of samples, which the newest documents leave out")


def _is_written_json(text: str) -> bool:
    """Whether it is an object, a list or a text of JSON; a number may be what was said."""
    try:
        return isinstance(json.loads(text), dict | list | str)
    except RecursionError:  # nobody says so many brackets
        return True
    except ValueError:
        return False
