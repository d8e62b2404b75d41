"""The audio of answers: whole, in its format, as long and as loud as speech, in chunks."""

from collections.abc import Mapping
from typing import Any

from hamsa_conformance.case import Case, Kind, case, family
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried, require, unmet
from hamsa_conformance.vocabulary.speech import (
    loudness,
    require_whole,
    samples_of,
    smoothness,
    unlikeness_of_places,
    with_bytes_swapped,
)
from hamsa_kit.audio_formats import is_wav, read_wav

FORMATS: Mapping[str, Mapping[str, Any]] = {
    "PCM 16 kHz": {},
    "mu-law 8 kHz": {"mulaw": True},
    "PCM 8 kHz": {"sampleRate": "8k", "mulaw": None},
}
"""What is asked for, by what is to come. Of the three, the documents of the WebSocket have the first two."""

SHORT = "نعم، بالتأكيد."
PARAGRAPH = (
    "نشكركم على اتصالكم بخدمة العملاء. تم استلام طلبكم، وسيقوم أحد ممثلينا بالتواصل معكم خلال ساعات العمل الرسمية. "
    "إذا كان لديكم أي استفسار آخر، فلا تترددوا في الاتصال بنا في أي وقت."
)

QUIETEST, LOUDEST = 50, 24_000
"""How loud speech may be; the latter is more than a sine at full scale has."""

PLACES_OF_PCM = 0.2
"""From this unlikeness on, bytes are halves of samples; codes of mu-law have less."""

SECONDS_A_CHARACTER = (0.03, 0.3)
SENTENCE_BYTES = (80_000, 400_000)
"""Of a sentence, as it was seen (FAQ-2)."""

LARGEST_CHUNK = 64_000

_CHARACTERS = len(SENTENCE)


def _statements(name: str) -> tuple[str, ...]:
    return ("WST-6", "API-8") if "mu-law" in name else ("WST-6",)


def _kind(name: str) -> Kind:
    return "optimal" if name == "PCM 8 kHz" else "required"


def _whole(name: str, fields: Mapping[str, Any]) -> Case:
    @case(
        f"hamsa.audio.whole[{name.replace(' ', '_')}]",
        title=f"All of the audio, in {name}",
        expects="The server sends every part of the audio, once and in order, and it says the text that was asked for.",
        statements=_statements(name),
        kind=_kind(name),
        characters=len(PARAGRAPH) + _CHARACTERS,
    )
    def whole(server: Server) -> None:
        server.hurry()
        client = server.connect()
        answer = client.speak(PARAGRAPH, **fields)
        if answer.is_whole is None:
            usual = client.speak() if fields else answer
            if usual.is_whole is None:
                raise NotTried("the audio has no proof of what it is, as that of the mock has")
            unmet(f"a proof in {name}, as there is one in the usual format", "audio in which none can be read")
        require_whole(answer)

    return whole


whole = family(FORMATS, _whole)


def _speech(name: str, fields: Mapping[str, Any]) -> Case:
    @case(
        f"hamsa.audio.is_speech[{name.replace(' ', '_')}]",
        title=f"Audio that sounds, in {name}",
        expects="The server sends audio in the format that was asked for: not silent, overdriven or mere noise.",
        statements=_statements(name),
        kind=_kind(name),
        characters=_CHARACTERS,
    )
    def is_speech(server: Server) -> None:
        answer = server.connect().speak(**fields)
        samples = samples_of(answer.samples, answer.format)
        loud = loudness(samples)
        require(loud >= QUIETEST, "audio that can be heard", f"an effective value of {loud:.0f} of 32767")
        require(loud <= LOUDEST, "audio that is not overdriven", f"an effective value of {loud:.0f} of 32767")
        smooth, other = smoothness(samples), smoothness(with_bytes_swapped(samples))
        if answer.format.encoding == "s16le":
            require(smooth > other, "16-bit samples, the lower byte first", "samples that are smoother the other way")

    return is_speech


is_speech = family(FORMATS, _speech)


@case(
    "hamsa.audio.whole_samples",
    title="Audio of whole samples",
    expects="The server sends an even number of bytes of 16-bit audio in all.",
    statements=("WST-6",),
    characters=_CHARACTERS,
)
def whole_samples(server: Server) -> None:
    samples = server.connect().speak().samples
    require(len(samples) % 2 == 0, "an even number of bytes", f"{len(samples):,} bytes")


@case(
    "hamsa.audio.pcm_unless_mulaw",
    title="Audio without mulaw",
    expects="The server sends 16-bit samples where mu-law is not asked for.",
    statements=("API-8",),
    characters=_CHARACTERS,
)
def pcm_unless_mulaw(server: Server) -> None:
    unlike = unlikeness_of_places(server.connect().speak().samples)
    require(unlike >= PLACES_OF_PCM, "samples of two bytes", "bytes that look like codes of mu-law")


@case(
    "hamsa.audio.mulaw",
    title="Audio with mulaw",
    expects="The server sends mu-law of 8 kHz, one byte a sample: a quarter of what it sends without.",
    statements=("API-8",),
    characters=2 * _CHARACTERS,
)
def mulaw(server: Server) -> None:
    client = server.connect()
    pcm, coded = client.speak(), client.speak(mulaw=True)
    times = len(coded.samples) / len(pcm.samples)
    require(0.15 <= times <= 0.4, "a quarter of the bytes of 16-bit PCM of 16 kHz", f"{times:.2f} of them")
    unlike = unlikeness_of_places(coded.samples)
    require(unlike < PLACES_OF_PCM, "codes of mu-law", "bytes that look like samples of two bytes")


@case(
    "hamsa.audio.half_the_rate",
    title="Audio of 8 kHz",
    expects="The server sends half as many bytes where sampleRate asks for 8k.",
    statements=("WST-6",),
    kind="optimal",
    characters=2 * _CHARACTERS,
)
def half_the_rate(server: Server) -> None:
    client = server.connect()
    times = len(client.speak(sampleRate="8k", mulaw=None).samples) / len(client.speak(mulaw=None).samples)
    require(0.35 <= times <= 0.7, "half of the bytes of 16 kHz", f"{times:.2f} of them")


@case(
    "hamsa.audio.header",
    title="A header in front of the audio",
    expects="The server sends bare samples, or a WAV header that says what they are.",
    statements=("WST-6",),
    kind="optimal",
    characters=_CHARACTERS,
)
def header(server: Server) -> None:
    answer = server.connect().speak()
    if is_wav(answer.audio):
        try:
            found = read_wav(answer.audio)[0].name
        except ValueError as error:
            found = str(error)
        require(found == answer.format.name, f"a header of {answer.format.name}", found)


@case(
    "hamsa.audio.length",
    title="How long a sentence lasts",
    expects="The server speaks no faster than 30 ms and no slower than 300 ms a character.",
    statements=("WST-6", "FAQ-2"),
    kind="optimal",
    characters=_CHARACTERS,
)
def length(server: Server) -> None:
    seconds = server.connect().speak().seconds / _CHARACTERS
    least, most = SECONDS_A_CHARACTER
    require(least <= seconds <= most, "30 to 300 ms a character", f"{1000 * seconds:.0f} ms")


@case(
    "hamsa.audio.longer_text",
    title="A longer text",
    expects="The server speaks longer for a longer text.",
    statements=("WST-6",),
    kind="optimal",
    characters=len(SHORT) + len(PARAGRAPH),
)
def longer_text(server: Server) -> None:
    client = server.connect()
    short, long = client.speak(SHORT), client.speak(PARAGRAPH)
    times = len(long.audio) / len(short.audio)
    expected = f"more audio for {len(PARAGRAPH) / len(SHORT):.0f} times as many characters"
    require(times > 2, expected, f"{times:.1f} times as much")


@case(
    "hamsa.audio.bytes_of_a_sentence",
    title="The size of a sentence on a connection that is used again",
    expects="The server sends 80,000 to 400,000 bytes for a sentence.",
    statements=("FAQ-2",),
    kind="optimal",
    characters=2 * _CHARACTERS,
)
def bytes_of_a_sentence(server: Server) -> None:
    client = server.connect()
    least, most = SENTENCE_BYTES
    for _ in range(2):
        nbytes = len(client.speak().audio)
        require(least <= nbytes <= most, f"{least:,} to {most:,} bytes", f"{nbytes:,} bytes")


@case(
    "hamsa.audio.number_of_chunks",
    title="In how many chunks a sentence comes",
    expects="The server sends the audio of a sentence in 5 to 7 chunks.",
    statements=("FAQ-10",),
    kind="optimal",
    characters=_CHARACTERS,
)
def number_of_chunks(server: Server) -> None:
    chunks = server.connect().speak().chunks
    require(5 <= len(chunks) <= 7, "5 to 7 chunks", f"{len(chunks)} chunks of {chunks} bytes")


@case(
    "hamsa.audio.largest_chunk",
    title="How large a chunk is",
    expects="The server sends no chunk of more than 64,000 bytes, the largest that was seen.",
    statements=("FAQ-10",),
    kind="optimal",
    characters=len(PARAGRAPH),
)
def largest_chunk(server: Server) -> None:
    largest = max(server.connect().speak(PARAGRAPH).chunks)
    require(largest <= LARGEST_CHUNK, f"chunks of at most {LARGEST_CHUNK:,} bytes", f"one of {largest:,} bytes")
