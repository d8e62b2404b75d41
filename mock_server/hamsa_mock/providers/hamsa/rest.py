"""Hamsa over REST: who may ask, how often, from which pages; and errors in the documented shape."""

from dataclasses import replace

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.http import HttpAnswer, HttpRequest
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.authentication import Refusal
from hamsa_mock.providers.hamsa.ignored import ignored
from hamsa_mock.providers.hamsa.rest_projects import ProjectRoutes
from hamsa_mock.providers.hamsa.rest_routes import RestErrors, RestRoute, RestRoutes
from hamsa_mock.providers.hamsa.rest_speech import SpeechRoutes
from hamsa_mock.providers.hamsa.rest_transcripts import TranscriptRoutes
from hamsa_mock.providers.hamsa.rest_voices import VoiceRoutes
from hamsa_mock.providers.hamsa.service import HamsaService

BARE = ""
FORMS = {
    "token": ("token",),
    "token_or_bearer": ("token", "bearer"),
    "any": ("token", "bearer", BARE),
}
"""The schemes of the Authorization header that each option of `hamsa.rest.auth` takes."""

ALLOWED_HEADERS = "Authorization, X-Api-Key, Content-Type"
PREFLIGHT_SECONDS = "600"
"""So long a browser need not ask again."""

IGNORED = "ignored in the query"
"""How the note on parameters begins that mean nothing."""


class HamsaRest:
    """Answers requests.

    The order of the checks is assumed: method, size, key, limit, body, money, voice. The body is read before the limit,
    because only valid requests may count; a request over the limit is told so whatever its body is.
    """

    def __init__(self, service: HamsaService) -> None:
        self._hamsa = service
        self._errors = RestErrors(service.facts)
        self.routes: RestRoutes = {
            **SpeechRoutes(service, self._errors).routes(),
            **TranscriptRoutes(service, self._errors).routes(),
            **VoiceRoutes(service, self._errors).routes(),
            **ProjectRoutes(service.facts).routes(),
        }
        facts = service.facts
        self._refusals = {
            facts.code("close.authentication_failed"): ("unauthorized", "rest.unauthorized"),
            facts.code("close.internal_authentication_error"): ("internal_error", "rest.internal_error"),
        }
        self._header, self._key_header = facts.text("auth.rest_header"), facts.text("auth.header")
        self._examples = {
            "token": f"{self._header}: {facts.text('auth.rest_scheme')} KEY",
            "bearer": f"{self._header}: Bearer KEY",
            BARE: f"{self._header}: KEY or {self._key_header}: KEY",
        }

    def handle(self, request: HttpRequest, now: float) -> HttpAnswer:
        """Answer a request to one of the paths in `routes`."""
        route = self.routes[request.path]
        methods = self._methods(route)
        if request.method == "OPTIONS" and self._cors:
            answer = self._preflight(methods)
        elif request.method not in methods:
            why, allow = Why(f"this route takes {', '.join(methods)}"), {"Allow": ", ".join(methods)}
            answer = self._errors.answer("method_not_allowed", "rest.method_not_allowed", why, allow)
        else:
            answer = self._judge(route, request, now)
        if not self._cors:
            return answer
        return replace(answer, headers={**answer.headers, "Access-Control-Allow-Origin": "*"})

    @property
    def _cors(self) -> bool:
        return self._hamsa.behaviours.choice("hamsa.rest.cors") == "any_origin"

    def _methods(self, route: RestRoute[object]) -> tuple[str, ...]:
        """The shell leaves the body of an answer to HEAD out."""
        methods = ("GET", "HEAD") if route.method == "GET" else (route.method,)
        return (*methods, "OPTIONS") if self._cors else methods

    def _preflight(self, methods: tuple[str, ...]) -> HttpAnswer:
        """A browser asks whether a page of another origin may call; it sends no key with that."""
        headers = {
            "Allow": ", ".join(methods),
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ALLOWED_HEADERS,
            "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        }
        return HttpAnswer(204, headers=headers)

    def _judge(self, route: RestRoute[object], request: HttpRequest, now: float) -> HttpAnswer:
        if request.body is None:
            limit = int(self._hamsa.behaviours.number("hamsa.limit.message_bytes"))
            why = Why(f"the body is larger than {limit} bytes", "hamsa.limit.message_bytes")
            return self._errors.answer("body_too_large", "rest.body_too_large", why)
        key = self._authenticate(request)
        if isinstance(key, HttpAnswer):
            return key
        asked = Request(request.number, route.type, now, notes=ignored(request.query, route.parameters, IGNORED))
        return replace(self._serve(route, request, key, asked, now), request=asked)

    def _serve(
        self, route: RestRoute[object], request: HttpRequest, key: Key, asked: Request, now: float
    ) -> HttpAnswer:
        """API-31, API-32: REST requests and messages of the WebSocket are counted together (assumed)."""
        content = route.read(request)
        counted = self._hamsa.admission.count(asked, key, now, valid=not isinstance(content, HttpAnswer))
        if counted is not None:
            return self._errors.answer("rate_limited", "rest.rate_limit_exceeded", counted.why)
        if isinstance(content, HttpAnswer):
            return content
        broke = self._hamsa.doorkeeper.broke(key) if route.costs else None
        if broke is not None:
            return self._errors.answer("insufficient_funds", "text.insufficient_funds", Why(broke.why.words))
        return route.answer(content, key, asked, now)

    def _authenticate(self, request: HttpRequest) -> Key | HttpAnswer:
        """PRE-1, PRE-5: the key comes as `Authorization: Token KEY`."""
        first, separator, rest = request.headers.get(self._header.lower(), "").strip().partition(" ")
        scheme, sent = (first.lower(), rest.strip()) if separator else (BARE, first)
        bare = sent or request.headers.get(self._key_header.lower(), "")
        schemes = FORMS[self._hamsa.behaviours.choice("hamsa.rest.auth")]
        if scheme == BARE and BARE in schemes:
            sent = bare
        if sent and scheme in schemes:
            verdict = self._hamsa.doorkeeper.judge_key(sent)
            return self._refuse(verdict) if isinstance(verdict, Refusal) else verdict
        allowed = " or ".join(self._examples[scheme] for scheme in schemes)
        words = f"the key has not the form {allowed}" if bare else f"no key; it is sent as {allowed}"
        return self._errors.answer("unauthorized", "rest.unauthorized", Why(words, "hamsa.rest.auth"))

    def _refuse(self, refusal: Refusal) -> HttpAnswer:
        """What closes a WebSocket with this code."""
        status, text = self._refusals[refusal.code]
        return self._errors.answer(status, text, Why(refusal.why.words))
