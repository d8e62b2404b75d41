"""Answers to requests for speech: what comes, in which order, and of which request."""

import json

from hamsa_conformance.case import case
from hamsa_conformance.cases.hamsa.messages import TYPES
from hamsa_conformance.client.answer import Answer, error_text
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require, require_equal
from hamsa_conformance.vocabulary.completeness import speak_to_the_end
from hamsa_conformance.vocabulary.hearing import SECONDS, WORDS, spoken_by, transcript_of
from hamsa_conformance.vocabulary.speech import require_whole
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type

SENTENCES = (
    SENTENCE,
    "نرحب بكم في خدمة العملاء على مدار الساعة.",
    "سيتم تحويل المكالمة إلى أحد ممثلينا الآن.",
)
WORD = "مرحبا"

_CHARACTERS = len(SENTENCE)


@case(
    "hamsa.tts.ack_first",
    title="The first message of an answer",
    expects="The server begins an answer with a message of the type ack, in the documented words.",
    statements=("WST-5",),
    characters=_CHARACTERS,
)
def ack_first(server: Server) -> None:
    answer = speak_to_the_end(server.connect())
    require_equal(answer.types[0], "ack", "the first message")
    server.wording(_words(answer, "ack"), server.facts.text("text.ack"), "the ack")


@case(
    "hamsa.tts.ack_once",
    title="One ack for each request",
    expects="The server sends one ack for a request, and no other with its audio.",
    statements=("WST-5",),
    characters=_CHARACTERS,
)
def ack_once(server: Server) -> None:
    answer = server.connect().speak(judges_cut=True)
    require_equal(answer.types.count("ack"), 1, "the number of acks")


@case(
    "hamsa.tts.audio_between",
    title="The audio between ack and end",
    expects="Between ack and end the server sends binary messages, at least one, and nothing else.",
    statements=("WST-6", "API-5"),
    characters=_CHARACTERS,
)
def audio_between(server: Server) -> None:
    answer = speak_to_the_end(server.connect())
    between = answer.types[1:-1]
    require(set(between) == {"chunk"}, "binary messages between ack and end", ", ".join(between) or "nothing")
    require(bool(answer.audio), "audio in them", "no byte of it")


@case(
    "hamsa.tts.end_last",
    title="The last message of an answer",
    expects="The server ends an answer with a message of the type end, in the documented words.",
    statements=("WST-7",),
    characters=_CHARACTERS,
)
def end_last(server: Server) -> None:
    answer = speak_to_the_end(server.connect())
    require_equal(answer.types[-1], "end", "the last message")
    server.wording(_words(answer, "end"), server.facts.text("text.end"), "the end")


@case(
    "hamsa.tts.nothing_after_end",
    title="Silence behind the end",
    expects="The server sends nothing behind the end, neither audio nor another end, and leaves the connection open.",
    statements=("WST-7", "FAQ-6"),
    characters=_CHARACTERS,
)
def nothing_after_end(server: Server) -> None:
    client = server.connect()
    client.speak(judges_cut=True)
    client.nothing_more()


@case(
    "hamsa.tts.message_shape",
    title="The JSON messages of an answer",
    expects="Every text message of an answer is a JSON object with a documented type; its payload is an object.",
    statements=("API-5",),
    characters=_CHARACTERS,
)
def message_shape(server: Server) -> None:
    answer = server.connect().speak(judges_cut=True)
    for message in answer.messages:
        if isinstance(message, TextMessage):
            require(message_type(message.text) in TYPES, f"a type among {', '.join(TYPES)}", message.text)
            payload = json.loads(message.text).get("payload", {})
            require(isinstance(payload, dict), "an object as payload", message.text)


@case(
    "hamsa.tts.chunks_not_empty",
    title="Chunks with audio in them",
    expects="The server sends no binary message without a byte in it.",
    statements=("WST-6",),
    kind="optimal",
    characters=_CHARACTERS,
)
def chunks_not_empty(server: Server) -> None:
    answer = server.connect().speak()
    require(0 not in answer.chunks, "chunks of at least one byte", f"chunks of {answer.chunks} bytes")


@case(
    "hamsa.tts.one_after_the_other",
    title="Several requests on one connection",
    expects="The server answers each request by itself, wholly and with its own text.",
    statements=("API-1",),
    characters=sum(map(len, SENTENCES)),
)
def one_after_the_other(server: Server) -> None:
    server.hurry()
    client = server.connect()
    for sentence in SENTENCES:
        require_whole(client.speak(sentence))


@case(
    "hamsa.tts.tenth_request",
    title="The tenth request of a connection",
    expects="The server answers it as it does the first.",
    statements=("API-1", "FAQ-6"),
    characters=9 * len(WORD) + _CHARACTERS,
)
def tenth_request(server: Server) -> None:
    server.hurry()
    client = server.connect()
    for _ in range(9):
        client.speak(WORD, judges_cut=True)
    require_whole(client.speak())


@case(
    "hamsa.tts.at_once",
    title="Several requests sent at once",
    expects="The server ends the answer to each of several requests that do not wait for each other. If it answers one "
    "after the other, then in their order.",
    statements=("API-1",),
    kind="optimal",
    characters=sum(map(len, SENTENCES)),
)
def at_once(server: Server) -> None:
    client = server.connect()
    asked = [client.ask(sentence) for sentence in SENTENCES]
    answers = [client.answer(each, judges_cut=True) for each in asked]
    client.nothing_more()
    if all(answer.types.count("ack") == 1 and answer.error is None for answer in answers):
        for answer in answers:
            client.stop_if_cut(answer)
            require_whole(answer)


@case(
    "hamsa.tts.two_connections",
    title="Two connections at the same time",
    expects="The server sends each of two connections of a key the answer to its own request.",
    statements=("API-1",),
    characters=len(SENTENCES[0]) + len(SENTENCES[1]),
)
def two_connections(server: Server) -> None:
    clients = server.connect(), server.connect()
    asked = [client.ask(sentence) for client, sentence in zip(clients, SENTENCES, strict=False)]
    for client, answer in zip(clients, asked, strict=True):
        require_whole(client.answer(answer))


@case(
    "hamsa.tts.with_transcripts",
    title="Speech and transcripts on one connection",
    expects="The server takes a recording between two requests for speech, and answers all three.",
    statements=("API-1",),
    characters=len(WORDS) + _CHARACTERS,
    seconds=SECONDS,
)
def with_transcripts(server: Server) -> None:
    client = server.connect()
    transcript_of(client, spoken_by(client))
    require_whole(client.speak())


def _words(answer: Answer, type: str) -> str:
    """The words of the message of this type."""
    texts = (message.text for message in answer.messages if isinstance(message, TextMessage))
    return error_text(json.loads(next(text for text in texts if message_type(text) == type)))
