"""REST: speech as a file and as a stream, transcripts, and what clients ask for besides."""

from typing import Any

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.cases.hamsa.preload import preload
from hamsa_conformance.client.requests import DIALECT, SENTENCE, SPEAKER, present
from hamsa_conformance.client.rest import RestAnswer, unless_limited
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, require, require_equal, unmet
from hamsa_conformance.vocabulary.hearing import SECONDS, SHORTEST, WORDS, spoken_by
from hamsa_kit.audio_formats import (
    PCM_8000_16,
    PCM_16000_16,
    ULAW_8000_8,
    UNKNOWN_SIZE,
    WAV_ULAW,
    AudioFormat,
    is_wav,
    read_wav,
    split_wav,
)
from hamsa_kit.proof import read_proof

ROUTES = {"tts": "endpoint.tts", "tts_stream": "endpoint.tts_stream"}
"""The facts that hold the paths of the routes for speech (PRE-11)."""

WHAT = {"tts": "A file", "tts_stream": "A stream"}

RIFF_HEADER, CHUNK_HEADER = 12, 8
CHARACTERS = len(SENTENCE)


def _speech(name: str, fact: str) -> Case:
    @case(
        f"hamsa.rest.speech[{name}]",
        title=f"{WHAT[name]} of a sentence",
        expects="The server answers with 200 and the audio of the sentence, with or without a WAV header.",
        statements=("PRE-11", "PRE-1"),
        characters=CHARACTERS,
    )
    def speech(server: Server) -> None:
        _spoken(_ask(server, fact), PCM_16000_16)

    return speech


speech = family(ROUTES, _speech)


def _mulaw(name: str, fact: str) -> Case:
    @case(
        f"hamsa.rest.mulaw[{name}]",
        title=f"{WHAT[name]} of a sentence in mu-law",
        expects="The server answers with mu-law at 8 kHz, a quarter of the bytes of the same in PCM.",
        statements=("PRE-11", "API-8"),
        characters=2 * CHARACTERS,
    )
    def mulaw(server: Server) -> None:
        pcm = _spoken(_ask(server, fact), PCM_16000_16)
        answer = _ask(server, fact, mulaw=True)
        samples = _spoken(answer, ULAW_8000_8)
        if is_wav(answer.body):
            require_equal(split_wav(answer.body).tag, WAV_ULAW, "the format tag")
        require(len(samples) < len(pcm) / 2, f"about {len(pcm) // 4:,} bytes of samples", f"{len(samples):,}")

    return mulaw


mulaw = family(ROUTES, _mulaw)


@case(
    "hamsa.rest.sample_rate",
    title="A file of a sentence with sampleRate 8k",
    expects="The server answers with half as many samples as at 16 kHz.",
    statements=("PRE-11",),
    kind="optimal",
    characters=2 * CHARACTERS,
)
def sample_rate(server: Server) -> None:
    usual = _spoken(_ask(server, "endpoint.tts"), PCM_16000_16)
    fewer = _spoken(_ask(server, "endpoint.tts", sampleRate="8k"), PCM_8000_16)
    require(len(fewer) < 0.75 * len(usual), f"about {len(usual) // 2:,} bytes of samples", f"{len(fewer):,}")


def _cloned_voice(name: str, fact: str) -> Case:
    @case(
        f"hamsa.rest.cloned_voice[{name}]",
        title=f"{WHAT[name]} of a sentence with a cloned voice",
        expects="The server speaks it, as with a built-in voice; that it must have been preloaded is not strict.",
        statements=("PRE-11", "WST-9"),
        needs=("voice:custom",),
        characters=2 * CHARACTERS,
    )
    def cloned_voice(server: Server) -> None:
        voice = server.voice("custom")
        answer = _ask(server, fact, speaker=voice, dialect=None)
        if answer.status != 200:
            server.not_strict("speech with a voice that was not preloaded", str(answer))
            preload(server, {"voiceId": voice})
            answer = _ask(server, fact, speaker=voice, dialect=None)
        _spoken(answer, PCM_16000_16)

    return cloned_voice


cloned_voice = family(ROUTES, _cloned_voice)


@case(
    "hamsa.rest.file_is_wav",
    title="The file of speech",
    expects="The server sends a WAV file: mono, 16 bits, 16 kHz, with sizes that are right or 0xFFFFFFFF.",
    statements=("PRE-11",),
    kind="optimal",
    characters=CHARACTERS,
)
def file_is_wav(server: Server) -> None:
    answer = _ask(server, "endpoint.tts")
    _spoken(answer, PCM_16000_16)
    try:
        format, _ = read_wav(answer.body)
    except ValueError as error:
        unmet("a WAV file, mono and 16 bits", error)
    require_equal(format.name, PCM_16000_16.name, "the format")
    riff = int.from_bytes(answer.body[4:8], "little")
    require(riff in (len(answer.body) - CHUNK_HEADER, UNKNOWN_SIZE), "the size of the file or 0xFFFFFFFF", riff)
    begin = answer.body.index(b"data", RIFF_HEADER) + CHUNK_HEADER
    size = int.from_bytes(answer.body[begin - 4 : begin], "little")
    require(size in (len(answer.body) - begin, UNKNOWN_SIZE), "the size of the samples or 0xFFFFFFFF", size)
    content = answer.headers.get("content-type", "no Content-Type")
    require(content.startswith(("audio/wav", "audio/x-wav", "audio/wave")), "the Content-Type audio/wav", content)


@case(
    "hamsa.rest.stream_has_no_length",
    title="How the stream of speech comes",
    expects="The server sends it in chunks as they are made, and does not wait until its length is known.",
    statements=("PRE-11",),
    kind="optimal",
    characters=CHARACTERS,
)
def stream_has_no_length(server: Server) -> None:
    answer = _ask(server, "endpoint.tts_stream")
    _spoken(answer, PCM_16000_16)
    length = answer.headers.get("content-length")
    require(length is None, "an answer without Content-Length", f"Content-Length: {length}")


def _transcript(name: str, is_list: bool) -> Case:
    @case(
        f"hamsa.rest.transcript[{name}]",
        title=f"Speech of the server itself over REST, as {'samples' if is_list else 'a file'}",
        expects="The server answers with 200 and JSON that has the transcript as text, at its top or in its data.",
        statements=("API-11",) if is_list else ("API-10",),
        kind="optimal" if is_list else "required",
        characters=len(WORDS),
        seconds=SECONDS,
    )
    def transcript(server: Server) -> None:
        speech = spoken_by(server.connect())
        audio = {"audioList": speech.floats} if is_list else {"audioBase64": speech.base64}
        body = {**audio, "language": "ar", "isEosEnabled": False}
        answer = unless_limited(server.rest("POST", server.facts.text("endpoint.stt"), body, seconds=speech.seconds))
        require(answer.status == 200, "HTTP 200", answer)
        text = _text_of(answer.json)
        require(isinstance(text, str), "text, or data.text, a text", answer)
        if speech.is_marked:
            require_equal(text, speech.words, "the transcript")

    return transcript


transcript = family({"base64": False, "list": True}, _transcript)


@case(
    "hamsa.rest.voices",
    title="The list of voices",
    expects="The server answers with JSON that has the voices in its data, each with an id and a name.",
    kind="optimal",
)
def voices(server: Server) -> None:
    content = _json(server, "endpoint.voices")
    _are_voices(_at(content, "data", "voices"))


@case(
    "hamsa.rest.catalog",
    title="The catalogue of voices",
    expects="The server answers with JSON that has the voices at its top, each with an id and a name.",
    kind="optimal",
)
def catalog(server: Server) -> None:
    _are_voices(_at(_json(server, "endpoint.catalog"), "voices"))


@case(
    "hamsa.rest.project",
    title="The project of a key",
    expects="The server answers with JSON that has the project's id in its data.",
    kind="optimal",
)
def project(server: Server) -> None:
    content = _json(server, "endpoint.project")
    found = _at(content, "data", "id")
    require(isinstance(found, str) and found != "", "data.id, a text", content)


def _ask(server: Server, fact: str, **changes: Any) -> RestAnswer:
    body = present({"text": SENTENCE, "speaker": SPEAKER, "dialect": DIALECT, **changes})
    return unless_limited(server.rest("POST", server.facts.text(fact), body, characters=CHARACTERS))


def _spoken(answer: RestAnswer, format: AudioFormat) -> bytes:
    """The samples of SENTENCE. Errors: Unmet for anything else; CannotTell where it was cut short."""
    content = answer.headers.get("content-type", "")
    require(answer.status == 200 and "json" not in content, "HTTP 200 with audio", answer)
    try:
        samples = split_wav(answer.body).data if is_wav(answer.body) else answer.body
    except ValueError as error:
        unmet("a WAV file", error)
    require(bool(samples), "audio", "none")
    if len(samples) < SHORTEST:
        raise CannotTell(f"an answer was cut short: {len(samples)} bytes")
    proof = read_proof(samples, format)
    if proof.answers:
        require(proof.whole and proof.text == SENTENCE, "the whole sentence", f"audio of {proof.text!r}, or not whole")
    return samples


def _text_of(content: Any) -> Any:
    """A transcript over REST; public clients read either form."""
    return _at(content, "text") or _at(content, "data", "text")


def _at(content: Any, *names: str) -> Any:
    """What is in JSON under these names; None: there is no such thing."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content


def _json(server: Server, fact: str) -> Any:
    answer = unless_limited(server.rest("GET", server.facts.text(fact)))
    require(answer.status == 200 and answer.json is not None, "HTTP 200 and JSON", answer)
    return answer.json


def _are_voices(found: object) -> None:
    """Errors: Unmet."""
    right = (
        isinstance(found, list) and found and all(isinstance(it, dict) and "id" in it and "name" in it for it in found)
    )
    require(bool(right), "voices with id and name", found)
