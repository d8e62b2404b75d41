"""What is seen of the server's transcripts."""

import struct

from hamsa_conformance.client.measuring import STT_DELAY
from hamsa_conformance.client.requests import SENTENCE, stt
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.vocabulary.observation import TRIES, observe_seconds, observing, speech, unlike
from hamsa_kit.audio_formats import FULL_SCALE, PCM_16000_16, wav_bytes
from hamsa_kit.client_events import ClientEvent, CloseFrame, TextMessage
from hamsa_kit.client_session import message_type

ANSWER, LIST, CONTAINERS = "hamsa.stt.answer", "hamsa.stt.audio_list", "hamsa.stt.containers"
EMPTY, UNFINISHED = "hamsa.stt.empty", "hamsa.stt.unfinished"

FORMS = ("response", "transcription", "transcript", "stt_response")
SPOKEN = TRIES * len(SENTENCE)
SECOND = PCM_16000_16.nbytes(1)


@observing(ANSWER, STT_DELAY, characters=SPOKEN, seconds=5)
def answer(server: Server) -> None:
    client = server.connect()
    samples = speech(client)
    message = client.hear(wav_bytes(PCM_16000_16, samples), PCM_16000_16.seconds(len(samples)))
    type = message_type(message.text)
    if type == "error":
        raise NotTried(f"speech is answered with {shown_event(message)}")
    if type is not None and type not in FORMS:
        unlike(ANSWER, shown_event(message))
    server.observe(ANSWER, type or "plain")
    observe_seconds(server, STT_DELAY, server.measured[STT_DELAY])


@observing(LIST, characters=SPOKEN, seconds=1)
def audio_list(server: Server) -> None:
    client = server.connect()
    samples = speech(client)[:SECOND]
    floats = [round(sample / FULL_SCALE, 4) for (sample,) in struct.iter_unpack("<h", samples)]
    server.meter.received(PCM_16000_16.seconds(len(samples)))
    client.send(stt(audioList=floats))
    event = client.next_event()
    if _is_error(event):
        server.observe(LIST, "refused")
    elif isinstance(event, TextMessage):
        server.observe(LIST, "accepted")
    else:
        unlike(LIST, _shown(event))


@observing(CONTAINERS, characters=SPOKEN, seconds=5)
def containers(server: Server) -> None:
    client = server.connect()
    samples = speech(client)
    client.send_speech(aiff_bytes(samples), PCM_16000_16.seconds(len(samples)))
    event = client.next_event()
    if _is_error(event):
        server.observe(CONTAINERS, "wav")
    elif isinstance(event, TextMessage):
        server.observe(CONTAINERS, "any")
    else:
        unlike(CONTAINERS, _shown(event))


@observing(EMPTY, seconds=1)
def empty(server: Server) -> None:
    client = server.connect()
    client.send_speech(wav_bytes(PCM_16000_16, bytes(SECOND)), 1)
    event = client.next_event()
    if _is_error(event):
        server.observe(EMPTY, "error")
    elif isinstance(event, CloseFrame) and event.code == server.facts.code("close.nothing_heard"):
        server.observe(EMPTY, "close")
    elif isinstance(event, TextMessage) and not event.text.strip():
        server.observe(EMPTY, "empty_text")
    else:
        unlike(EMPTY, _shown(event))


@observing(UNFINISHED, characters=SPOKEN, seconds=3)
def unfinished(server: Server) -> None:
    client = server.connect()
    samples = speech(client)
    begun = samples[: len(samples) // 4 * 2]
    message = client.hear(
        wav_bytes(PCM_16000_16, begun), PCM_16000_16.seconds(len(begun)), isEosEnabled=True, eosThreshold=1.0
    )
    if message_type(message.text) == "error":
        raise NotTried(f"speech that has not ended is answered with {shown_event(message)}")
    is_marker = message.text.strip() == server.facts.text("text.thinking")
    server.observe(UNFINISHED, "thinking" if is_marker else "transcript")


def aiff_bytes(samples: bytes) -> bytes:
    """A file with 16 kHz PCM that is no WAV file and yet can be read by whoever reads more than WAV."""
    rate = b"\x40\x0c\xfa\x00" + bytes(6)  # 16000 as an 80-bit float
    common = struct.pack(">hIh", 1, len(samples) // 2, 16) + rate
    swapped = bytearray(samples)
    swapped[0::2], swapped[1::2] = samples[1::2], samples[0::2]
    chunks = _chunk(b"COMM", common) + _chunk(b"SSND", bytes(8) + bytes(swapped))
    return _chunk(b"FORM", b"AIFF" + chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">I", len(content)) + content


def _is_error(event: ClientEvent | None) -> bool:
    return isinstance(event, TextMessage) and message_type(event.text) == "error"


def _shown(event: ClientEvent | None) -> str:
    return "nothing" if event is None else shown_event(event)
