"""Hamsa's transcription route over REST."""

from dataclasses import replace
from typing import Any

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.http import HttpAnswer, HttpRequest, json_answer
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.requests import Stt, WireError
from hamsa_mock.providers.hamsa.rest_routes import BodyReader, RestErrors, RestRoute, RestRoutes
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_mock.providers.hamsa.transcription import charged_seconds
from hamsa_schemas import default_catalogue

UNJUDGED = ("isEosEnabled", "eosThreshold")
"""Fields that mean something over the WebSocket only (assumed)."""


class TranscriptRoutes:
    """Transcripts as over the WebSocket. The end of speech is not judged (assumed): one request, one answer."""

    def __init__(self, service: HamsaService, errors: RestErrors) -> None:
        self._hamsa = service
        self._errors = errors
        self._body = BodyReader(errors, default_catalogue().message("hamsa", "rest/request", "stt"))

    def routes(self) -> RestRoutes:
        """The route by its path."""
        return {
            self._hamsa.facts.text("endpoint.stt"): RestRoute("POST", "stt", self._read, self._transcribe, costs=True)
        }

    def _read(self, request: HttpRequest) -> Stt | HttpAnswer:
        body: dict[str, Any] | HttpAnswer = self._body.read(request)
        if isinstance(body, HttpAnswer):
            return body
        stt = self._hamsa.requests.read_recording(body)
        if not isinstance(stt, WireError):
            unjudged = [name for name in UNJUDGED if name in body]
            notes = [Why(f'ignored: "{name}", the end of speech is not judged over REST') for name in unjudged]
            return replace(stt, notes=(*stt.notes, *notes))
        if stt.text == self._hamsa.facts.text("text.invalid_stt"):
            field = "audioList" if "audioList" in body else "audioBase64"
            return self._errors.invalid_field(field, stt.why)
        return self._errors.answer("bad_request", "text.unsupported_audio", stt.why)

    def _transcribe(self, stt: Stt, key: Key, asked: Request, now: float) -> HttpAnswer:
        asked.details["language"] = stt.language
        asked.notes += stt.notes
        heard = self._hamsa.transcriber.hear(asked, stt.recording, key.key)
        self._hamsa.charge_seconds(key, asked, charged_seconds(heard, stt.recording))
        delay = self._hamsa.behaviours.number("hamsa.stt.delay")
        return replace(json_answer(200, self._in_shape(heard.text)), delay=delay)

    def _in_shape(self, text: str) -> dict[str, Any]:
        flat: dict[str, Any] = {"text": text}
        message = self._hamsa.facts.text("rest.operation_completed")
        wrapped: dict[str, Any] = {"success": True, "message": message, "data": flat}
        shapes = {"flat": flat, "wrapped": wrapped, "both": wrapped | flat}
        return shapes[self._hamsa.behaviours.choice("hamsa.rest.stt_shape")]
