"""What is seen of the server's answers to requests for speech."""

from itertools import pairwise

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.measuring import CHUNK_GAP, FIRST_AUDIO_DELAY
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import CannotTell, NotTried
from hamsa_conformance.vocabulary.observation import (
    TRIES,
    observe_refusal,
    observe_seconds,
    observing,
    speak_whole,
    unlike,
)
from hamsa_conformance.vocabulary.wav_form import first_bytes, header_form
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type

HEADER, CHUNKING = "hamsa.tts.audio_header", "hamsa.tts.chunking"
OVERLAP, ERROR_END = "hamsa.tts.overlap", "hamsa.error.end"
FOREIGN, SPEAKER, DIALECT = "hamsa.tts.foreign_voice", "hamsa.tts.unknown_speaker", "hamsa.tts.dialect_mismatch"
MULAW = "hamsa.tts.mulaw_with_rate"

NOT_OWNED, INVALID, ABORTED = "text.voice_not_owned", "text.invalid_tts", "text.tts_aborted"

SPOKEN = TRIES * len(SENTENCE)
SECOND_SIZES = {32_000, 64_000}
"""One and two seconds of 16 kHz PCM: what chunks have but the first and the last, where they are cut by time."""
EVEN_SHARE = 0.15
"""Chunks of about the same size differ by no more than this share of the greatest."""


@observing(FIRST_AUDIO_DELAY, CHUNK_GAP, CHUNKING, HEADER, characters=SPOKEN)
def audio(server: Server) -> None:
    answer = speak_whole(server.connect())
    if answer.error is not None:
        raise NotTried(f"a sentence is answered with the error {answer.error!r}")
    times = answer.chunk_times
    observe_seconds(server, FIRST_AUDIO_DELAY, [times[0] - answer.times[0]])
    if len(times) > 1:
        observe_seconds(server, CHUNK_GAP, [later - earlier for earlier, later in pairwise(times)])
    form = header_form(answer.audio)
    if form is None:
        unlike(HEADER, first_bytes(answer.audio))
    server.observe(HEADER, form)
    chunking = chunking_of(answer)
    if chunking is None:
        unlike(CHUNKING, f"chunks of {', '.join(f'{size:,}' for size in answer.chunks)} bytes")
    server.observe(CHUNKING, chunking)


def chunking_of(answer: Answer) -> str | None:
    """How an answer of some seconds of 16 kHz PCM is divided; None: neither way."""
    header = len(answer.audio) - len(answer.samples)
    first, *others = answer.chunks
    sizes = [first - header, *others]
    if len(sizes) > 2 and set(sizes[1:-1]) <= SECOND_SIZES and sizes[0] not in SECOND_SIZES:
        return "seconds"
    return "even" if max(sizes) - min(sizes) <= EVEN_SHARE * max(sizes) else None


@observing(ERROR_END)
def error_end(server: Server) -> None:
    client = server.connect()
    if client.answer(client.ask("")).error is None:
        raise NotTried("an empty text is spoken; there is no error that something could follow")
    event = client.next_event(2.0)
    if event is None:
        server.observe(ERROR_END, "none")
    elif isinstance(event, TextMessage) and message_type(event.text) == "end":
        server.observe(ERROR_END, "end")
    else:
        unlike(ERROR_END, shown_event(event))


@observing(DIALECT, characters=SPOKEN)
def dialect_mismatch(server: Server) -> None:
    answer = speak_whole(server.connect(), speaker="Majd", dialect="ksa")
    observe_refusal(server, DIALECT, answer, {"invalid": INVALID}, else_="speak")


@observing(SPEAKER, characters=SPOKEN)
def unknown_speaker(server: Server) -> None:
    answer = speak_whole(server.connect(), speaker="Nobody At All")
    words = {"invalid": INVALID, "not_owned": NOT_OWNED, "aborted": ABORTED}
    observe_refusal(server, SPEAKER, answer, words, else_="speak")


@observing(FOREIGN, needs=("voice:foreign",), characters=SPOKEN)
def foreign_voice(server: Server) -> None:
    answer = speak_whole(server.connect(), speaker=server.voice("foreign"))
    if answer.error is None:
        unlike(FOREIGN, "it is spoken")
    observe_refusal(server, FOREIGN, answer, {"not_owned": NOT_OWNED, "aborted": ABORTED}, else_="")


@observing(MULAW, characters=SPOKEN)
def mulaw_with_rate(server: Server) -> None:
    answer = speak_whole(server.connect(), mulaw=True, sampleRate="16k")
    observe_refusal(server, MULAW, answer, {"refuse": INVALID}, else_="ignore_rate")


@observing(OVERLAP, characters=2 * len(SENTENCE))
def overlap(server: Server) -> None:
    client = server.connect()
    begin = server.now()
    client.ask()
    client.ask()
    types: list[str] = []
    coming = client.answers(characters=2 * len(SENTENCE))
    while types.count("end") + types.count("error") < 2:
        message = next(coming)
        types.append(_type(message.text) if isinstance(message, TextMessage) else "chunk")
        aborted = isinstance(message, TextMessage) and server.facts.text(ABORTED) in message.text
        if types[-1] == "error" and not aborted:
            raise CannotTell(f"one of two requests was answered with {shown_event(message)}")
        if types == ["ack", *["chunk"] * (len(types) - 2), "end"] and server.is_steered and server.now() == begin:
            raise NotTried("answers take no time, so that none meets another")
    if "error" in types:
        server.observe(OVERLAP, "aborted")
    else:
        second_ack = len(types) - 1 - types[::-1].index("ack")
        server.observe(OVERLAP, "interleave" if second_ack < types.index("end") else "queue")


def _type(text: str) -> str:
    return message_type(text) or "text"
