"""Recordings that are read, judged or answered wrongly."""

from dataclasses import replace
from typing import Any

import hamsa_mock.providers.hamsa.requests
from hamsa_conformance.verdict import Verdict
from hamsa_mock.audio.decoding import Recording
from hamsa_mock.core.actions import Why
from hamsa_mock.providers.hamsa.hearing import Transcripts
from hamsa_mock.providers.hamsa.requests import RequestReader, Stt
from hamsa_mock.providers.hamsa.transcription import Transcriber
from tests.conformance.mutants.mutant import Change, chosen, mutant, replaced
from tests.conformance.mutants.wire import payload

READING = hamsa_mock.providers.hamsa.requests


def _fields(change: Any) -> Change:
    """A request for a transcript is taken for another one. `change` gets its fields, and gives others, or None: it is
    refused."""

    def apply(original: Any) -> Any:
        def read_stt(self: Any, request: Any, fields: Any, characters: int) -> Any:
            changed = change(dict(fields)) if isinstance(fields, dict) else fields
            if changed is None:
                return self._unread("text.invalid_stt", Why("refused by mistake"))
            return original(self, {**request, "payload": changed}, changed, characters)

        return read_stt

    return replaced(RequestReader, "_read_stt", apply)


def _heard(change: Any) -> Change:
    """A valid request is taken for another one."""

    def apply(original: Any) -> Any:
        def read_recording(self: Any, fields: Any) -> Any:
            stt = original(self, fields)
            return change(stt, fields) if isinstance(stt, Stt) else stt

        return read_recording

    return replaced(RequestReader, "read_recording", apply)


def _recording(change: Any) -> Change:
    return _heard(lambda stt, fields: replace(stt, recording=change(stt.recording, fields)))


def _finished_from(change: Any) -> Change:
    return _heard(lambda stt, fields: replace(stt, finished_from=change(stt.finished_from, fields)))


def _halved(recording: Recording, fields: Any) -> Recording:
    if "audioBase64" not in fields:
        return recording
    return replace(recording, samples=recording.samples[: len(recording.samples) // 4 * 2])


def _samples(change: Any) -> Change:
    """A list of samples is read otherwise."""
    return replaced(READING, "decode_floats", lambda original: lambda samples: change(original, samples))


def _turned_round(original: Any) -> Any:
    """A low score counts as the end of speech."""

    def hear(self: Any, recording: Any, key: Any = None, finished_from: float | None = None) -> Any:
        heard = original(self, recording, key, finished_from)
        return heard if finished_from is None else replace(heard, finished=not heard.finished)

    return hear


def _of_request_before(original: Any) -> Any:
    recordings: list[Any] = []

    def transcribe(self: Any, request: Any, stt: Any, key: str) -> Any:
        recordings.append(stt.recording)
        before = recordings[-2] if request.number > 1 and len(recordings) > 1 else stt.recording
        return original(self, request, replace(stt, recording=before), key)

    return transcribe


def _without(*names: str) -> Any:
    return lambda fields: {name: value for name, value in fields.items() if name not in names}


def _with_audio(fields: dict[str, Any]) -> dict[str, Any]:
    return fields if {"audioBase64", "audioList"} & fields.keys() else {**fields, "audioList": [0.0]}


def _clamped(fields: dict[str, Any]) -> dict[str, Any]:
    threshold = fields.get("eosThreshold")
    return {**fields, "eosThreshold": min(max(threshold, 0), 1)} if isinstance(threshold, int | float) else fields


def _inside(fields: dict[str, Any]) -> dict[str, Any] | None:
    return None if fields.get("eosThreshold") in (0, 1) else fields


def _as_number(fields: dict[str, Any]) -> dict[str, Any]:
    threshold = fields.get("eosThreshold")
    return {**fields, "eosThreshold": float(threshold)} if isinstance(threshold, str) else fields


def _as_text(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name == "audioBase64" else value for name, value in fields.items()}


def _escaped(text: bytes) -> bytes:
    return text.decode().encode("unicode_escape")


MUTANTS = (
    mutant(
        "stt.base64_refused",
        "A recording in Base64 is refused.",
        "API-10",
        _fields(lambda fields: None if "audioBase64" in fields else fields),
    ),
    mutant("stt.base64_cut", "Of a recording in Base64 half is heard.", "API-10", _recording(_halved)),
    mutant(
        "stt.messages_of_64_kib",
        "A message of more than 64 KiB is refused.",
        "API-10",
        chosen("hamsa.limit.message_bytes", 65536),
    ),
    mutant(
        "stt.list_refused",
        "A list of samples is refused.",
        "API-11",
        chosen("hamsa.stt.audio_list", "refused"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "stt.list_at_8k",
        "A list of samples is taken for one of 8 kHz.",
        "API-11",
        _samples(lambda original, samples: original(samples, 8000)),
    ),
    mutant(
        "stt.list_as_16_bit",
        "Samples of a list are taken for 16-bit numbers.",
        "API-11",
        _samples(lambda original, samples: original([sample / 32768 for sample in samples])),
    ),
    mutant(
        "stt.list_backwards",
        "Samples of a list are heard backwards.",
        "API-11",
        _samples(lambda original, samples: original(samples[::-1])),
    ),
    mutant(
        "stt.list_of_integers_refused",
        "A list with a whole number among its samples is refused.",
        "API-11",
        _fields(lambda fields: None if any(isinstance(it, int) for it in fields.get("audioList", [])) else fields),
    ),
    mutant("stt.no_audio", "A request without a recording gets a transcript.", "API-29", _fields(_with_audio)),
    mutant(
        "stt.language_needed",
        "A recording without a language is refused.",
        "API-12",
        _fields(lambda fields: fields if "language" in fields else None),
    ),
    mutant(
        "stt.language_refused",
        "A recording with a language is refused.",
        "API-12",
        _fields(lambda fields: None if "language" in fields else fields),
    ),
    mutant(
        "stt.only_arabic",
        "A recording in another language than ar is refused.",
        "API-12",
        _fields(lambda fields: fields if fields.get("language", "ar") == "ar" else None),
    ),
    mutant(
        "stt.eos_always",
        "The end of speech is judged though nobody asked for it.",
        "API-13",
        _finished_from(lambda threshold, fields: 0.3 if threshold is None else threshold),
    ),
    mutant(
        "stt.eos_never", "The end of speech is never judged.", "API-13", _finished_from(lambda threshold, fields: None)
    ),
    mutant(
        "stt.eos_refused",
        "A recording of which the end of speech is to be judged is refused.",
        "API-13",
        _fields(lambda fields: None if fields.get("isEosEnabled") else fields),
    ),
    mutant(
        "stt.eos_turned_round",
        "Speech counts as finished when it goes on.",
        "API-13",
        replaced(Transcripts, "hear", _turned_round),
    ),
    mutant(
        "stt.threshold_ignored",
        "The threshold is always 0.3.",
        "API-14",
        _finished_from(lambda threshold, fields: None if threshold is None else 0.3),
    ),
    mutant("stt.threshold_above_1", "A threshold of more than 1 is taken.", "API-14", _fields(_clamped)),
    mutant("stt.threshold_without_ends", "Thresholds of 0 and 1 are refused.", "API-14", _fields(_inside)),
    mutant("stt.threshold_as_text", "A threshold may be a text.", "API-14", _fields(_as_number)),
    mutant(
        "stt.audio_of_any_type",
        "A recording may be anything that can be made a text.",
        "API-29",
        _fields(_as_text),
    ),
    mutant(
        "stt.of_request_before",
        "Each recording gets the transcript of the one before it.",
        "API-1",
        replaced(Transcriber, "transcribe", _of_request_before),
    ),
    mutant("stt.escaped", "The characters of a transcript are escaped.", "API-15", payload("transcript", _escaped)),
    mutant(
        "stt.half",
        "Half of a transcript is missing.",
        "API-15",
        payload("transcript", lambda text: text.decode()[: len(text.decode()) // 2].encode()),
    ),
)
