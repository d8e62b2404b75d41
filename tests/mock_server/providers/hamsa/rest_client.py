"""REST requests to Hamsa in virtual time. Every JSON body that comes back fits its schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.providers.hamsa.accounts import OWN_VOICE
from hamsa_mock.providers.hamsa.rest import HamsaRest
from hamsa_schemas import BehaviourValue, default_catalogue
from tests.mock_server.providers.hamsa.virtual import KEY, SENTENCE, VirtualHamsa

TTS = "/v1/realtime/tts"
TTS_STREAM = "/v1/realtime/tts-stream"
PRELOAD = "/v2/tts/voices/custom/preload"
VOICES = "/v2/tts/voices"
CATALOG = "/v2/tts/voices/catalog"
PROJECT = "/v1/projects/by-api-key"

FORMS = {"/v1/realtime/stt": "", PRELOAD: "preload", VOICES: "voices", CATALOG: "catalog", PROJECT: "project"}
"""The schemas of JSON bodies that tell no error, by path."""


@dataclass(frozen=True)
class Answered:
    """An answer with its body."""

    answer: HttpAnswer
    pieces: list[bytes]

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str]:
        """Status and message of an error, whose code is its status."""
        assert self.json["code"] == self.status
        return self.status, self.json["message"]

    @property
    def reason(self) -> str:
        """Why the request was refused."""
        assert self.answer.why is not None
        return self.answer.why.words


class VirtualRest:
    """Clients of Hamsa over REST; `hamsa` has the World and the clients of the WebSocket."""

    def __init__(self, profile: str = "instant", changes: Mapping[str, BehaviourValue] | None = None) -> None:
        self.hamsa = VirtualHamsa(profile, changes)
        self.rest = HamsaRest(self.hamsa.service)

    def send(self, request: HttpRequest) -> Answered:
        """Send a request and take the whole answer."""
        answer = self.rest.handle(request, self.hamsa.now)
        pieces = list(answer.body)
        if answer.headers.get("Content-Type") == "application/json":
            form = "error" if answer.status >= 400 else FORMS[request.path]
            body = json.loads(b"".join(pieces))
            if form:  # a transcript has one of several, as the behaviours say
                schema = default_catalogue().message("hamsa", "rest/response", form)
                assert schema.is_valid(body), (form, body)
        answer.ended(sum(map(len, pieces)))
        return Answered(answer, pieces)

    def post(self, path: str, body: object, key: str = KEY, **headers: str) -> Answered:
        """Post JSON, or bytes as they are. `headers`: by name, `_` for `-`."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {"content-type": "application/json", "authorization": f"Token {key}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(HttpRequest("POST", path, headers=sent, body=data, number=1))

    def get(self, path: str, key: str = KEY, **query: str) -> Answered:
        """Get a path with its parameters."""
        return self.send(HttpRequest("GET", path, query, {"authorization": f"Token {key}"}, number=1))

    def speak(self, path: str = TTS, text: str = SENTENCE, key: str = KEY, **fields: Any) -> Answered:
        """Ask for speech."""
        return self.post(path, {"text": text, "speaker": "Majd", **fields}, key)

    def preload(self, voice: str = OWN_VOICE, key: str = KEY) -> Answered:
        """Preload a voice."""
        return self.post(PRELOAD, {"voiceId": voice}, key)
