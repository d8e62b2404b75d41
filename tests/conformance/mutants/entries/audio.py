"""Audio that is not the whole of it, or not in its format."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import hamsa_mock.audio.voice
import hamsa_mock.providers.hamsa.requests
from hamsa_conformance.verdict import Verdict
from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, AudioFormat
from hamsa_mock.core.actions import Action, Send, Single
from hamsa_mock.core.events import Event
from hamsa_mock.faults.fault import event_of
from hamsa_mock.providers.hamsa.requests import RequestReader, Tts
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.session import HamsaSession
from tests.conformance.mutants.mutant import Change, mutant, replaced
from tests.conformance.mutants.wire import Steps, dropped, each, payload, steps, with_payload

TURNED_OVER = bytes(code ^ 0xFF for code in range(256))


def _without(ordinal: int) -> Change:
    return each("chunk", lambda chunk: [] if isinstance(chunk, Send) and chunk.ordinal == ordinal else [chunk])


def _without_last(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    ends = any(event_of(action) == "end" for action in actions)
    chunks = [action for action in actions if event_of(action) == "chunk"]
    return [action for action in actions if not (ends and action is chunks[-1])]


def _swapped() -> Steps:
    """The second chunk comes in front of the first."""
    held: list[Single] = []

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        for action in actions:
            if isinstance(action, Send) and action.event == "chunk" and action.ordinal == 1:
                held.append(action)
                continue
            if event_of(action) == "end":
                yield from held
                held.clear()
            yield action
            if event_of(action) == "chunk":
                yield from held
                held.clear()

    return step


def _format(change: Any) -> Change:
    return replaced(hamsa_mock.providers.hamsa.requests, "_audio_format", lambda original: change)


def _asked(change: Any) -> Change:
    """What is spoken is another request."""

    def apply(original: Any) -> Any:
        def apply_rules(self: RequestReader, fields: dict[str, Any]) -> Any:
            tts = original(self, fields)
            return change(tts) if isinstance(tts, Tts) else tts

        return apply_rules

    return replaced(RequestReader, "apply_rules", apply)


def _chunking(borders: Any) -> Change:
    return replaced(hamsa_mock.audio.voice, "chunk_borders", lambda original: borders)


def _one_chunk(nbytes: int, block: int, chance: int, *, growing: bool = False) -> list[int]:
    return [0, nbytes]


def _many_chunks(nbytes: int, block: int, chance: int, *, growing: bool = False) -> list[int]:
    return [*range(0, nbytes, 4 * block), nbytes]


def _previous(original: Any) -> Any:
    """Every request of a connection but the first gets the audio of the one before it."""
    texts: list[str] = []

    def answer(self: HamsaService, request: Any, tts: Any, growing: bool = False) -> Any:
        texts.append(tts.text)
        text = texts[-2] if request.number > 1 and len(texts) > 1 else tts.text
        return original(self, request, replace(tts, text=text), growing)

    return answer


def _mixed_up() -> tuple[Change, Change]:
    sessions: list[HamsaSession] = []

    def keep(original: Any) -> Any:
        def init(self: HamsaSession, hamsa: HamsaService) -> None:
            original(self, hamsa)
            sessions.append(self)

        return init

    def mix_up(original: Any) -> Any:
        def speak(self: HamsaSession, request: Any, tts: Tts, *more: Any) -> Any:
            busy = (it.request for it in sessions if it is not self and not it._answers.idle)
            other = next((it.text for it in busy if it is not None and it.text), tts.text)
            return original(self, request, replace(tts, text=other), *more)

        return speak

    return replaced(HamsaSession, "__init__", keep), replaced(HamsaSession, "_speak", mix_up)


def _swap_bytes(audio: bytes) -> bytes:
    swapped = bytearray(audio)
    swapped[0 : len(audio) // 2 * 2 : 2], swapped[1::2] = audio[1::2], audio[0 : len(audio) // 2 * 2 : 2]
    return bytes(swapped)


def _unsigned(audio: bytes) -> bytes:
    return bytes(byte ^ 0x80 if place % 2 else byte for place, byte in enumerate(audio))


def _turned_over(original: Any) -> Any:
    def audio(self: HamsaService, answer: Any, index: int) -> bytes:
        made: bytes = original(self, answer, index)
        return made.translate(TURNED_OVER) if answer.format.encoding == "ulaw" else made

    return audio


def _ulaw_at_16k(fields: dict[str, Any]) -> AudioFormat:
    return AudioFormat("ULAW_16000_8", "ulaw", 16000, 1) if fields.get("mulaw") else PCM_16000_16


MUTANTS = (
    mutant("audio.first_chunk_lost", "The first chunk is missing.", "WST-6", _without(1)),
    mutant("audio.chunk_lost", "The second chunk is missing.", "WST-6", _without(2)),
    mutant("audio.last_chunk_lost", "The last chunk is missing.", "WST-6", steps(lambda: _without_last)),
    mutant(
        "audio.chunk_twice",
        "The second chunk comes twice.",
        "WST-6",
        each("chunk", lambda chunk: [chunk, chunk] if isinstance(chunk, Send) and chunk.ordinal == 2 else [chunk]),
    ),
    mutant("audio.chunks_swapped", "The first two chunks have changed places.", "WST-6", steps(_swapped)),
    mutant("audio.none", "An answer has no audio.", "WST-6", dropped("chunk")),
    mutant("audio.empty", "The binary messages of an answer are empty.", "WST-6", payload("chunk", lambda audio: b"")),
    mutant(
        "audio.bytes_swapped", "The bytes of each sample have changed places.", "WST-6", payload("chunk", _swap_bytes)
    ),
    mutant("audio.unsigned", "Samples have no sign.", "WST-6", payload("chunk", _unsigned)),
    mutant("audio.silent", "All samples are 0.", "WST-6", payload("chunk", lambda audio: bytes(len(audio)))),
    mutant(
        "audio.byte_lost_once",
        "The last byte of the first chunk is missing.",
        "WST-6",
        each(
            "chunk",
            lambda chunk: (
                [with_payload(chunk, lambda audio: audio[:-1])]
                if isinstance(chunk, Send) and chunk.ordinal == 1
                else [chunk]
            ),
        ),
    ),
    mutant(
        "audio.text_cut",
        "The last word of a text is not spoken.",
        "WST-6",
        _asked(lambda tts: replace(tts, text=tts.text.rpartition(" ")[0] or tts.text)),
    ),
    mutant(
        "audio.of_request_before",
        "Each request gets the audio of the one before it.",
        "API-1",
        replaced(HamsaService, "answer", _previous),
    ),
    mutant(
        "audio.of_other_connection",
        "A request gets the audio of one that is being answered on another connection.",
        "API-1",
        *_mixed_up(),
    ),
    mutant(
        "audio.speaker_ignored",
        "Every speaker has the same voice.",
        "WST-9",
        _asked(lambda tts: replace(tts, speaker="Amjad")),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("audio.mulaw_ignored", "A request for mu-law gets PCM.", "API-8", _format(lambda fields: PCM_16000_16)),
    mutant(
        "audio.mulaw_as_pcm_8k",
        "A request for mu-law gets PCM of 8 kHz.",
        "API-8",
        _format(lambda fields: PCM_8000_16 if fields.get("mulaw") else PCM_16000_16),
    ),
    mutant("audio.mulaw_at_16k", "A request for mu-law gets it at 16 kHz.", "API-8", _format(_ulaw_at_16k)),
    mutant("audio.mulaw_always", "Every request gets mu-law.", "API-8", _format(lambda fields: ULAW_8000_8)),
    mutant(
        "audio.mulaw_turned_over",
        "All bits of mu-law are turned over.",
        "API-8",
        replaced(HamsaService, "_audio", _turned_over),
    ),
    mutant(
        "audio.one_chunk",
        "The audio of a sentence comes in one chunk.",
        "FAQ-10",
        _chunking(_one_chunk),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "audio.many_chunks",
        "The audio of a sentence comes in dozens of chunks.",
        "FAQ-10",
        _chunking(_many_chunks),
        verdict=Verdict.NON_STRICT,
    ),
)
