"""What is seen of the server over REST."""

import base64
from collections.abc import Mapping

from hamsa_conformance.case import Case
from hamsa_conformance.client.keys import UNKNOWN
from hamsa_conformance.client.requests import DIALECT, SENTENCE, SPEAKER
from hamsa_conformance.client.rest import RestAnswer
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, NotTried
from hamsa_conformance.vocabulary.observation import TRIES, observing, speech, unlike
from hamsa_conformance.vocabulary.wav_form import first_bytes, header_form
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes

AUTH, CORS, SHAPE = "hamsa.rest.auth", "hamsa.rest.cors", "hamsa.rest.stt_shape"
ORIGIN = "https://example.com"


@observing(AUTH)
def auth(server: Server) -> None:
    # A body without its fields gets 400 from whoever has accepted the key, and costs nothing.
    path, key, name = server.facts.text("endpoint.tts"), server.key(), server.facts.text("auth.header")
    refused = server.facts.number("status.unauthorized")
    if server.rest("POST", path, {}, key=UNKNOWN).status != refused:
        raise NotTried("an unknown key is not told apart by a request without its fields")
    forms: list[Mapping[str, str]] = [
        {"Authorization": f"Token {key}"},
        {"Authorization": f"Bearer {key}"},
        {"Authorization": key},
        {name: key},
    ]
    taken = [server.rest("POST", path, {}, key=None, headers=form).status != refused for form in forms]
    options = {
        (True, False, False, False): "token",
        (True, True, False, False): "token_or_bearer",
        (True, True, True, True): "any",
    }
    option = options.get((taken[0], taken[1], taken[2], taken[3]))
    if option is None:
        names = ("Token KEY", "Bearer KEY", "the bare key", name)
        unlike(
            AUTH, "accepted: " + (", ".join(n for n, is_taken in zip(names, taken, strict=True) if is_taken) or "none")
        )
    server.observe(AUTH, option)


@observing(CORS)
def cors(server: Server) -> None:
    wanted = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = server.rest("OPTIONS", server.facts.text("endpoint.tts"), key=None, headers=wanted)
    allowed = answer.headers.get("access-control-allow-origin")
    server.observe(CORS, "any_origin" if answer.status < 300 and allowed in ("*", ORIGIN) else "deny")


@observing(SHAPE, characters=TRIES * len(SENTENCE), seconds=5)
def stt_shape(server: Server) -> None:
    samples = speech(server.connect())
    audio = base64.b64encode(wav_bytes(PCM_16000_16, samples)).decode()
    seconds = PCM_16000_16.seconds(len(samples))
    answer = server.rest("POST", server.facts.text("endpoint.stt"), {"audioBase64": audio}, seconds=seconds)
    _must_be_ok(answer)
    content = answer.json
    is_object = isinstance(content, dict)
    flat = is_object and isinstance(content.get("text"), str)
    data = content.get("data") if is_object else None
    wrapped = isinstance(data, dict) and isinstance(data.get("text"), str)
    if not flat and not wrapped:
        unlike(SHAPE, answer)
    server.observe(SHAPE, "both" if flat and wrapped else "flat" if flat else "wrapped")


def _header(slug: str, endpoint: str) -> Case:
    @observing(slug, characters=len(SENTENCE))
    def header(server: Server) -> None:
        body = {"text": SENTENCE, "speaker": SPEAKER, "dialect": DIALECT}
        answer = server.rest("POST", server.facts.text(endpoint), body, characters=len(SENTENCE))
        _must_be_ok(answer)
        server.observe(slug, header_form(answer.body) or unlike(slug, first_bytes(answer.body)))

    return header


tts_header = _header("hamsa.rest.tts_header", "endpoint.tts")
tts_stream_header = _header("hamsa.rest.tts_stream_header", "endpoint.tts_stream")


def _must_be_ok(answer: RestAnswer) -> None:
    if answer.status != 200:
        raise CannotTell(f"the request was answered with {answer}")
