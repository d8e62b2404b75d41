"""Messages made from the schemas: right ones are answered, wrong ones refused, in any order.

What the documents do not decide is not judged: fields that no document names, texts that are empty or too long, audio
that is no speech. What makes the messages is imported when a case is tried, because Hypothesis takes its time.
"""

from typing import TYPE_CHECKING, Any

from hamsa_conformance.case import case
from hamsa_conformance.client.server import Server
from hamsa_conformance.generated.bounds import (
    CHARACTERS,
    LONGEST_SEQUENCE,
    MOST,
    RECORDING_SECONDS,
    RECORDINGS,
    SEQUENCES,
)
from hamsa_conformance.judgement import Unmet
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes

if TYPE_CHECKING:
    from hamsa_conformance.generated.hamsa_messages import Step

SPOKEN = "مرحبا بكم في همسة"
_SENDS = f"Sends up to {MOST} short messages that are made by chance"


@case(
    "hamsa.generated.speech",
    title="Requests for speech made from the schema",
    expects="Each is answered with ack, audio and end, whichever of the documented fields it has.",
    statements=("WST-4", "WST-5", "WST-6", "WST-7", "API-7", "API-8", "API-9"),
    needs=("intrusive",),
    characters=CHARACTERS,
    does=f"{_SENDS} and has their texts spoken.",
)
def speech(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import speech_requests
    from hamsa_conformance.generated.line import Line

    line = Line(server)
    line.check(speech_requests(), line.expect_speech)


@case(
    "hamsa.generated.speech_unanswerable",
    title="Requests for speech that are wrong in one thing without which nothing can be spoken",
    expects="Each gets an error; the payload, its text or its speaker is missing or of a wrong type.",
    statements=("WST-8", "API-16", "API-28"),
    needs=("intrusive",),
    characters=CHARACTERS,
    does=f"{_SENDS} and wrong.",
)
def speech_unanswerable(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import TTS, unanswerable
    from hamsa_conformance.generated.line import Line

    line = Line(server)
    words = server.facts.text("text.invalid_tts"), server.facts.text("text.malformed_message")
    line.check(unanswerable(TTS), lambda message: line.expect_error(message, *words))


@case(
    "hamsa.generated.speech_wrong_option",
    title="Requests for speech of which a field has a wrong type that may be left out",
    expects="Each gets an error, so that the mistake is noticed.",
    statements=("API-28",),
    kind="optimal",
    needs=("intrusive",),
    characters=CHARACTERS,
    does=f"{_SENDS} and wrong.",
)
def speech_wrong_option(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import TTS, with_a_wrong_option
    from hamsa_conformance.generated.line import Line

    line = Line(server)
    words = server.facts.text("text.invalid_tts")
    line.check(with_a_wrong_option(TTS), lambda message: line.expect_error(message, words))


@case(
    "hamsa.generated.transcripts",
    title="Requests for a transcript made from the schema",
    expects="Each is answered with a text that is no error, whichever of the documented fields it has.",
    statements=("API-10", "API-12", "API-13", "API-14", "API-15"),
    needs=("intrusive",),
    characters=len(SPOKEN),
    seconds=RECORDINGS * RECORDING_SECONDS,
    does=f"Has a recording of a few words transcribed up to {RECORDINGS} times, with options that are made by chance.",
)
def transcripts(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import transcript_options
    from hamsa_conformance.generated.line import Line

    spoken = server.connect().speak(SPOKEN)
    audio, seconds = wav_bytes(PCM_16000_16, spoken.samples), spoken.seconds
    line = Line(server, RECORDINGS)
    line.check(transcript_options(), lambda options: line.expect_transcript(audio, seconds, options))


@case(
    "hamsa.generated.transcripts_unanswerable",
    title="Requests for a transcript without a recording",
    expects="Each gets an error; the payload or the audio is missing or of a wrong type.",
    statements=("API-11", "API-16", "API-29"),
    needs=("intrusive",),
    does=f"{_SENDS} and wrong.",
)
def transcripts_unanswerable(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import STT, unanswerable
    from hamsa_conformance.generated.line import Line

    line = Line(server)
    words = server.facts.text("text.invalid_stt"), server.facts.text("text.malformed_message")
    line.check(unanswerable(STT), lambda message: line.expect_error(message, *words))


@case(
    "hamsa.generated.transcripts_wrong_option",
    title="Requests for a transcript of which a field is wrong that may be left out",
    expects="Each gets an error, so that the mistake is noticed.",
    statements=("API-14", "API-29"),
    kind="optimal",
    needs=("intrusive",),
    does=f"{_SENDS} and wrong.",
)
def transcripts_wrong_option(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import STT, with_a_wrong_option
    from hamsa_conformance.generated.line import Line

    line = Line(server)
    words = server.facts.text("text.invalid_stt")
    line.check(with_a_wrong_option(STT), lambda message: line.expect_error(message, words))


@case(
    "hamsa.generated.malformed",
    title="Messages without type or payload, and what is no JSON object",
    expects="Each gets an error.",
    statements=("API-5", "API-16", "API-26"),
    needs=("intrusive",),
    does=f"{_SENDS} and malformed.",
)
def malformed_messages(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import malformed
    from hamsa_conformance.generated.line import Line

    line = Line(server)
    words = server.facts.text("text.malformed_message")

    def check(message: Any) -> None:
        """What is no object has no type either, but no document has the words for it."""
        line.expect_error(message, *([words] if isinstance(message, dict) else []))

    line.check(malformed(), check)


@case(
    "hamsa.generated.unknown_types",
    title="Messages of types that nobody has heard of",
    expects="Each gets an error that names its type.",
    statements=("API-5", "API-27"),
    needs=("intrusive",),
    does=f"{_SENDS} and of an unknown type.",
)
def unknown_types(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import of_unknown_type
    from hamsa_conformance.generated.line import Line

    line = Line(server)

    def check(message: dict[str, Any]) -> None:
        line.expect_error(message, server.facts.text("text.unsupported_type", type=message["type"]))

    line.check(of_unknown_type(), check)


@case(
    "hamsa.generated.sequences",
    title="Right and wrong messages one after the other over one connection",
    expects="Each gets what it would get alone: a wrong one spoils none behind it.",
    statements=("API-1", "API-16", "WST-8"),
    needs=("intrusive",),
    characters=CHARACTERS,
    does=f"{_SENDS}, some of them wrong, and has the texts of the others spoken.",
)
def message_sequences(server: Server) -> None:
    from hamsa_conformance.generated.hamsa_messages import sequences
    from hamsa_conformance.generated.line import Line
    from hamsa_conformance.generated.search import as_json

    line = Line(server)

    def messages_of(steps: "list[Step]") -> str:
        return as_json([step.message for step in steps])

    def check(steps: "list[Step]") -> None:
        for number, step in enumerate(steps, 1):
            expect = line.expect_speech if step.gets == "speech" else line.expect_error
            try:
                expect(step.message)
            except Unmet as error:
                raise Unmet(f"{error.expected} for message {number}", error.actual, error.axis) from None

    line.check(sequences(), check, tries=SEQUENCES, messages=LONGEST_SEQUENCE, shown=messages_of)
