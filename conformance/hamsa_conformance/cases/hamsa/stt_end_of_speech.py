"""The end of speech: judged where a request asks for it, by the threshold that it gives."""

import re

from hamsa_conformance.case import Case, Kind, case, family
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_text
from hamsa_conformance.judgement import require
from hamsa_conformance.vocabulary.hearing import SECONDS, WORDS, Speech, spoken_by, transcript_in, transcript_of

CHARACTERS = len(WORDS)
MARKER = re.compile(r"\[[A-Z_ ]+\]")
"""What was seen in place of a transcript of unfinished speech."""

RATE = 16_000
BUZZ = b"".join((150 * (step - 66)).to_bytes(2, "little", signed=True) for step in range(133))
"""A period of a sound of 120 Hz."""


def _not_asked_for(name: str, asked: bool | None, kind: Kind) -> Case:
    @case(
        f"hamsa.stt.end_of_speech_not_judged[{name}]",
        title=f"Speech that breaks off, with isEosEnabled {name.replace('_', ' ')}",
        expects="The server answers with the transcript of what there is.",
        statements=("API-13", "API-15"),
        kind=kind,
        characters=CHARACTERS,
        seconds=SECONDS,
    )
    def not_judged(server: Server) -> None:
        client = server.connect()
        speech = spoken_by(client).half()
        transcript = transcript_of(client, speech, isEosEnabled=asked)
        require(not MARKER.fullmatch(transcript), "a transcript", transcript)

    return not_judged


not_judged = (_not_asked_for("false", False, "required"), _not_asked_for("left_out", None, "optimal"))


def _asked_for(name: str, threshold: float | None) -> Case:
    @case(
        f"hamsa.stt.end_of_speech[{name}]",
        title=f"Speech to its end, judged with the threshold {name.replace('_', ' ')}",
        expects="The server takes the request: it answers with a transcript, or a mark that it waits for more.",
        statements=("API-13", "API-14"),
        characters=CHARACTERS,
        seconds=SECONDS,
    )
    def judged(server: Server) -> None:
        client = server.connect()
        speech = spoken_by(client)
        client.send_speech(speech.wav, speech.seconds, isEosEnabled=True, eosThreshold=threshold)
        transcript_in(client.next_transcript().text)

    return judged


judged = family({"left_out": None, "0": 0, "1.0": 1.0}, _asked_for)


@case(
    "hamsa.stt.unfinished",
    title="Speech that breaks off, with the end of speech judged",
    expects="The server says that the speaker has not finished, and sends no transcript.",
    statements=("API-13",),
    basis="observed",
    kind="optimal",
    characters=CHARACTERS,
    seconds=SECONDS,
)
def unfinished(server: Server) -> None:
    client = server.connect()
    speech = spoken_by(client).half()
    text = _judged(server, client, speech, 0.3)
    require(bool(MARKER.fullmatch(text)), server.facts.text("text.thinking"), shown_text(text))
    client.nothing_more()


@case(
    "hamsa.stt.threshold_decides",
    title="One recording with a pause of half a second at its end, judged by two thresholds",
    expects="The server takes the speech for finished by the lower one, and not by the higher one.",
    statements=("API-13", "API-14"),
    needs=("mock",),
    seconds=3.0,
)
def threshold_decides(server: Server) -> None:
    # A server that sends the transcript of unfinished speech would show no difference.
    server.mock.behaviours["hamsa.stt.unfinished"] = "thinking"
    client = server.connect()
    speech = Speech("", BUZZ * (RATE // len(BUZZ) * 2) + bytes(RATE), False)
    below, above = _judged(server, client, speech, 0.2), _judged(server, client, speech, 0.8)
    require(not MARKER.fullmatch(below), "a transcript for 0.2", shown_text(below))
    require(bool(MARKER.fullmatch(above)), f"{server.facts.text('text.thinking')} for 0.8", shown_text(above))


def _judged(server: Server, client: Connection, speech: Speech, threshold: float) -> str:
    client.send_speech(speech.wav, speech.seconds, isEosEnabled=True, eosThreshold=threshold)
    return transcript_in(client.next_transcript().text)
