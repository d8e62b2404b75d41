"""Hamsa's speech routes over REST: a whole WAV file, or audio while it is being made (PRE-11)."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from hamsa_mock.core.actions import Request
from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.requests import Tts, WireError
from hamsa_mock.providers.hamsa.rest_routes import BodyReader, RestErrors, RestRoute, RestRoutes
from hamsa_mock.providers.hamsa.service import Audio, HamsaService, audio_header
from hamsa_schemas import default_catalogue

FIELDS = {
    "hamsa.tts.dialect_mismatch": "dialect",
    "hamsa.tts.mulaw_with_rate": "sampleRate",
    "hamsa.tts.unknown_speaker": "speaker",
}
"""Which field is wrong where a behaviour refuses a request; it is the text where no other is named."""

UNTORN = (0,)


class SpeechRoutes:
    """Speech with the texts, voices, formats and times of the WebSocket. No answer is cut short (assumed)."""

    def __init__(self, service: HamsaService, errors: RestErrors) -> None:
        self._hamsa = service
        self._errors = errors
        schema = default_catalogue().message("hamsa", "rest/request", "tts")
        self._body = BodyReader(errors, schema, judged=service.requests.judged_payload)
        facts = service.facts
        self._errors_of_voices = {
            facts.text("text.voice_not_owned"): partial(errors.answer, "not_found", "rest.voice_not_found"),
            facts.text("text.tts_aborted"): partial(errors.answer, "internal_error", "text.tts_aborted"),
        }

    def routes(self) -> RestRoutes:
        """Both routes by their paths."""
        text = self._hamsa.facts.text
        return {
            text("endpoint.tts"): RestRoute("POST", "tts", self._read, self._whole, costs=True),
            text("endpoint.tts_stream"): RestRoute("POST", "tts-stream", self._read, self._streamed, costs=True),
        }

    def _read(self, request: HttpRequest) -> Tts | HttpAnswer:
        body: dict[str, Any] | HttpAnswer = self._body.read(request)
        if isinstance(body, HttpAnswer):
            return body
        tts = self._hamsa.requests.apply_rules(body)
        return tts if isinstance(tts, Tts) else self._refuse(tts)

    def _refuse(self, error: WireError) -> HttpAnswer:
        """What the WebSocket answers with an error of this text."""
        answer = self._errors_of_voices.get(error.text)
        if answer is not None:
            return answer(error.why)
        return self._errors.invalid_field(FIELDS.get(error.why.behaviour or "", "text"), error.why)

    def _whole(self, tts: Tts, key: Key, asked: Request, now: float) -> HttpAnswer:
        """A file, when the WebSocket would have sent the last of it (assumed)."""
        return self._speak(tts, key, asked, now, whole=True)

    def _streamed(self, tts: Tts, key: Key, asked: Request, now: float) -> HttpAnswer:
        """Audio at the times of the WebSocket. Pieces end in the middle of a sample, as those of the service may
        (observed 2026-10-07)."""
        return self._speak(tts, key, asked, now, whole=False)

    def _speak(self, tts: Tts, key: Key, asked: Request, now: float, *, whole: bool) -> HttpAnswer:
        hamsa = self._hamsa
        asked.text = tts.text
        asked.details.update(characters=len(tts.text), speaker=tts.speaker, format=tts.format.name)
        served = hamsa.admission.admit(tts, key, busy=False, now=now)
        if isinstance(served, WireError):
            return self._refuse(served)
        answer = hamsa.answer(asked, served.tts)
        asked.details["seconds"] = answer.seconds
        asked.notes += [*tts.notes, *served.notes]
        form = hamsa.behaviours.choice("hamsa.rest.tts_header" if whole else "hamsa.rest.tts_stream_header")
        header = audio_header(form, answer.format, answer.nbytes)
        # RIFF pads odd sizes; where the header tells no size, the padding would be taken for a sample.
        padding = bytes(answer.nbytes % 2) if form == "exact" else b""
        tears = UNTORN if whole else [2 * byte + 1 for byte in answer.key]
        delay = hamsa.behaviours.number("hamsa.tts.first_audio_delay") + max(0.0, served.ready - now)
        gap = hamsa.behaviours.number("hamsa.tts.chunk_gap")
        return HttpAnswer(
            int(hamsa.facts.number("status.ok")),
            _pieces(answer, header, padding, tears),
            {"Content-Type": "audio/wav"},
            length=len(header) + answer.nbytes + len(padding) if whole else None,
            delay=delay + gap * (len(answer.chunk_sizes) - 1) if whole else delay,
            gap=0 if whole else gap,
            ended=partial(self._charge, key, asked, answer, len(header)),
        )

    def _charge(self, key: Key, asked: Request, answer: Audio, header_bytes: int, sent: int) -> None:
        """Charge the audio that was sent; header and padding cost nothing."""
        audio_bytes = min(max(0, sent - header_bytes), answer.nbytes)
        self._hamsa.charge_seconds(key, asked, answer.format.seconds(audio_bytes))


def _pieces(answer: Audio, header: bytes, padding: bytes, tears: Sequence[int]) -> Iterator[bytes]:
    """Header, audio and padding, chunk by chunk. `tears`: so many bytes, in turn, are torn off each chunk but the
    last, to come with the next piece."""
    torn_off = header
    last = len(answer.chunk_sizes) - 1
    for place in range(last):
        audio = torn_off + answer.chunk(place)
        end = len(audio) - tears[place % len(tears)]
        torn_off = audio[end:]
        yield audio[:end]
    yield torn_off + answer.chunk(last) + padding
