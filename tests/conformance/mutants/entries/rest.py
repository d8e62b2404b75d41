"""Speech, transcripts and lists over REST."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.http import HttpAnswer, HttpRequest, json_answer
from hamsa_mock.providers.hamsa.rest_speech import SpeechRoutes
from tests.conformance.mutants.answering import Usual, answering
from tests.conformance.mutants.mutant import Change, chosen, facts, mutant, replaced

TTS, STREAM, STT = "/v1/realtime/tts", "/v1/realtime/tts-stream", "/v1/realtime/stt"
VOICES, CATALOG, PROJECT = "/v2/tts/voices", "/v2/tts/voices/catalog", "/v1/projects/by-api-key"
LOADING_SECONDS = 3.0


def _audio(path: str, change: Any) -> Change:
    """An answer with audio is another one. `change` gets it and its whole body."""

    def answer(request: HttpRequest, usual: Usual) -> HttpAnswer:
        answered = usual(request)
        return change(answered, b"".join(answered.body)) if answered.status == 200 else answered

    return answering(path, answer)


def _with_body(answered: HttpAnswer, body: bytes, **changes: Any) -> HttpAnswer:
    length = None if answered.length is None else len(body)
    return replace(answered, body=[body], length=length, **changes)


def _as_json(answered: HttpAnswer, body: bytes) -> HttpAnswer:
    return json_answer(200, {"audio": base64.b64encode(body).decode()})


def _in_one(answered: HttpAnswer, body: bytes) -> HttpAnswer:
    return replace(answered, body=[body], length=len(body))


def _as(type: str) -> Any:
    return lambda answered, body: _with_body(answered, body, headers={**answered.headers, "Content-Type": type})


def _json(path: str, change: Any) -> Change:
    """An answer of JSON has another content."""
    return _audio(path, lambda answered, body: json_answer(200, change(orjson.loads(body))))


def _without_last_word(text: Any) -> Any:
    return text.rpartition(" ")[0] or text if isinstance(text, str) else text


def _field(name: str, change: Any) -> Any:
    """A request is taken for another one."""

    def answer(request: HttpRequest, usual: Usual) -> HttpAnswer:
        try:
            body = orjson.loads(request.body or b"")
        except ValueError:
            return usual(request)
        if isinstance(body, dict) and name in body:
            body[name] = change(body[name])
        return usual(replace(request, body=orjson.dumps(body)))

    return answer


def _always_loading(original: Any) -> Any:
    """A preload does nothing for the REST routes."""

    def speak(self: SpeechRoutes, tts: Any, *args: Any, **more: Any) -> Any:
        answered = original(self, tts, *args, **more)
        if "-" not in tts.speaker or answered.delay >= LOADING_SECONDS:
            return answered
        return replace(answered, delay=answered.delay + LOADING_SECONDS)

    return speak


def _no_cloned_voice(request: HttpRequest, usual: Usual) -> HttpAnswer:
    if b"-ad0f-" in (request.body or b""):
        return json_answer(404, {"code": 404, "message": "Voice not found"})
    return usual(request)


def _status(path: str, before: Iterable[int], after: int) -> Change:
    statuses = frozenset(before)

    def answer(request: HttpRequest, usual: Usual) -> HttpAnswer:
        answered = usual(request)
        return replace(answered, status=after) if answered.status in statuses else answered

    return answering(path, answer)


def _plain_errors(path: str) -> Change:
    """Errors are plain text."""

    def answer(request: HttpRequest, usual: Usual) -> HttpAnswer:
        answered = usual(request)
        if answered.status < 400:
            return answered
        return HttpAnswer(answered.status, [b"error"], {"Content-Type": "text/plain"}, 5)

    return answering(path, answer)


MUTANTS = (
    mutant(
        "rest.tts_path",
        "The route for a file of speech has another path.",
        "PRE-11",
        facts({"endpoint.tts": "/v2/realtime/tts"}),
    ),
    mutant(
        "rest.stream_path",
        "The route for a stream of speech has another path.",
        "PRE-11",
        facts({"endpoint.tts_stream": "/v1/realtime/stream"}),
    ),
    mutant(
        "rest.tts_raw",
        "The file of speech has no header.",
        "PRE-11",
        chosen("hamsa.rest.tts_header", "none"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "rest.tts_empty",
        "The file of speech has no samples.",
        "PRE-11",
        _audio(TTS, lambda answered, body: _with_body(answered, body[:44])),
    ),
    mutant(
        "rest.tts_cut",
        "The file of speech ends in its middle.",
        "PRE-11",
        _audio(TTS, lambda answered, body: _with_body(answered, body[: len(body) // 4 * 2])),
    ),
    mutant("rest.tts_json", "The file of speech is in JSON, in Base64.", "PRE-11", _audio(TTS, _as_json)),
    mutant(
        "rest.tts_as_mp3",
        "The file of speech is said to be MP3.",
        "PRE-11",
        _audio(TTS, _as("audio/mpeg")),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "rest.stream_with_length",
        "The stream of speech comes as a whole.",
        "PRE-11",
        _audio(STREAM, _in_one),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "rest.stream_empty",
        "The stream of speech has no samples.",
        "PRE-11",
        _audio(STREAM, lambda answered, body: _with_body(answered, b"")),
    ),
    mutant(
        "rest.stream_cut",
        "The stream of speech ends in its middle.",
        "PRE-11",
        _audio(STREAM, lambda answered, body: _with_body(answered, body[: len(body) // 4 * 2])),
    ),
    mutant(
        "rest.tts_other_text",
        "The file of speech lacks the last word.",
        "PRE-11",
        answering(TTS, _field("text", _without_last_word)),
    ),
    mutant(
        "rest.mulaw_ignored",
        "A file of speech is PCM though mu-law was asked for.",
        "PRE-11",
        answering(TTS, _field("mulaw", lambda _: False)),
    ),
    mutant(
        "rest.cloned_voice_refused",
        "Cloned voices cannot be used for a file of speech.",
        "PRE-11",
        answering(TTS, _no_cloned_voice),
    ),
    mutant(
        "rest.stream_cloned_voice_refused",
        "Cloned voices cannot be used for a stream of speech.",
        "PRE-11",
        answering(STREAM, _no_cloned_voice),
    ),
    mutant(
        "rest.always_loading",
        "A preload takes no wait away from the routes for speech.",
        "PRE-9",
        replaced(SpeechRoutes, "_speak", _always_loading),
    ),
    mutant("rest.tts_201", "A file of speech comes with 201.", "PRE-11", _status(TTS, [200], 201)),
    mutant(
        "rest.stt_without_text",
        "A transcript over REST has no text.",
        "POST /v1/realtime/stt",
        _json(STT, lambda it: {**it, "data": {}}),
        cases=("hamsa.rest.transcript",),
    ),
    mutant(
        "rest.stt_other_name",
        "The text of a transcript over REST is called transcript.",
        "POST /v1/realtime/stt",
        _json(STT, lambda it: {**it, "data": {"transcript": it["data"]["text"]}}),
        cases=("hamsa.rest.transcript",),
    ),
    mutant(
        "rest.stt_path",
        "The route for transcripts has another path.",
        "POST /v1/realtime/stt",
        facts({"endpoint.stt": "/v2/realtime/stt"}),
        cases=("hamsa.rest.transcript",),
    ),
    mutant(
        "rest.stt_refused",
        "No recording is taken over REST.",
        "POST /v1/realtime/stt",
        _status(STT, [200], 400),
        cases=("hamsa.rest.transcript",),
    ),
    mutant(
        "rest.stt_without_audio",
        "A request without a recording gets 200 over REST.",
        "POST /v1/realtime/stt",
        _status(STT, [400], 200),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.rest.refused",),
    ),
    mutant(
        "rest.plain_errors",
        "Errors of a route for speech are plain text.",
        "PRE-5",
        _plain_errors(TTS),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "rest.voices_without_list",
        "The list of voices is somewhere else in its answer.",
        "GET /v2/tts/voices",
        _json(VOICES, lambda it: it["data"]),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.rest.voices",),
    ),
    mutant(
        "rest.catalog_without_list",
        "The catalogue of voices is empty.",
        "GET /v2/tts/voices/catalog",
        _json(CATALOG, lambda it: {"voices": []}),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.rest.catalog",),
    ),
    mutant(
        "rest.project_without_id",
        "The project of a key has no id.",
        "GET /v1/projects/by-api-key",
        _json(PROJECT, lambda it: {"success": True, "data": {}}),
        verdict=Verdict.NON_STRICT,
        cases=("hamsa.rest.project",),
    ),
)
