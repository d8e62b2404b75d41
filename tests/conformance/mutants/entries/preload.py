"""Preloading of cloned voices."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.http import HttpAnswer, HttpRequest, json_answer
from hamsa_mock.providers.hamsa.admission import Admission
from hamsa_mock.providers.hamsa.limits import LoadedVoices
from hamsa_mock.providers.hamsa.rest import HamsaRest
from tests.conformance.mutants.answering import Usual, answering
from tests.conformance.mutants.mutant import Change, chosen, facts, mutant, replaced

PATH = "/v2/tts/voices/custom/preload"
OK = {"success": True, "message": "Custom voice have been preloaded successfully", "data": []}


def _body(change: Callable[[dict[str, Any]], Any]) -> Change:
    """Another body comes with a preload that succeeds."""
    return answering(
        PATH,
        lambda request, usual: _changed(usual(request), change),
    )


def _changed(answer: HttpAnswer, change: Callable[[dict[str, Any]], Any]) -> HttpAnswer:
    if answer.status != 200:
        return answer
    return json_answer(200, change(orjson.loads(b"".join(answer.body))))


def _status(before: int, after: int) -> Change:
    def answer(request: HttpRequest, usual: Usual) -> HttpAnswer:
        answered = usual(request)
        return replace(answered, status=after) if answered.status == before else answered

    return answering(PATH, answer)


def _ok_for(statuses: tuple[int, ...]) -> Change:
    """Some errors are not noticed."""

    def answer(request: HttpRequest, usual: Usual) -> HttpAnswer:
        answered = usual(request)
        return json_answer(200, OK) if answered.status in statuses else answered

    return answering(PATH, answer)


def _headers(change: Callable[[dict[str, str]], Mapping[str, str]]) -> Change:
    """The key is looked for elsewhere."""
    return answering(PATH, lambda request, usual: usual(replace(request, headers=change(dict(request.headers)))))


def _bearer_only(headers: dict[str, str]) -> dict[str, str]:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return {**headers, "authorization": f"Token {key}" if scheme == "Bearer" else ""}


def _own_header(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "authorization": f"Token {headers.get('x-api-key', '')}"}


def _once(original: Any) -> Any:
    """Of several voices only the last one is loaded."""

    def load(self: LoadedVoices, voice: str, ready: float, until: float) -> None:
        self.reset()
        original(self, voice, ready, until)

    return load


def _all(original: Any) -> Any:
    return lambda self, voice, *times: original(self, "any", *times)


def _for_ever(original: Any) -> Any:
    return lambda self, voice, ready, until: original(self, voice, ready, math.inf)


def _loads_anyway(original: Any) -> Any:
    def handle(self: HamsaRest, request: HttpRequest, now: float) -> HttpAnswer:
        answer: HttpAnswer = original(self, request, now)
        if request.path == PATH and answer.status == 401:
            self._hamsa.admission.preload(orjson.loads(request.body or b"{}").get("voiceId", ""), now)
        return answer

    return handle


def _exact_scheme(request: HttpRequest, usual: Usual) -> HttpAnswer:
    if request.headers.get("authorization", "").startswith("token "):
        return json_answer(401, {"code": 401, "message": "Unauthorized"})
    return usual(request)


def _by_any_method(request: HttpRequest, usual: Usual) -> HttpAnswer:
    return json_answer(200, OK) if request.method == "GET" else usual(request)


def _again_refused(original: Any) -> Any:
    def handle(self: HamsaRest, request: HttpRequest, now: float) -> HttpAnswer:
        loaded = self._hamsa.admission._loaded
        before = dict(loaded._times)
        answer: HttpAnswer = original(self, request, now)
        if request.path == PATH and answer.status == 200 and before.keys() == loaded._times.keys():
            return json_answer(409, {"code": 409, "message": "Already loaded"})
        return answer

    return handle


def _asked_by_get(request: HttpRequest, usual: Usual) -> HttpAnswer:
    return usual(replace(request, method="PUT" if request.method == "POST" else request.method))


def _any_body(request: HttpRequest, usual: Usual) -> HttpAnswer:
    form = request.headers.get("content-type", "").startswith("application/json")
    return replace(usual(request), status=415) if form and usual(request).status == 200 else usual(request)


def _other_field(request: HttpRequest, usual: Usual) -> HttpAnswer:
    body = (request.body or b"").replace(b'"voiceId"', b'"voice"').replace(b'"voice_id"', b'"voiceId"')
    return usual(replace(request, body=body))


MUTANTS = (
    mutant(
        "preload.without_effect",
        "A preload changes nothing.",
        "PRE-9",
        replaced(Admission, "preload", lambda original: lambda self, voice, now: None),
    ),
    mutant(
        "preload.not_lasting", "A preload helps for no time at all.", "PRE-12", chosen("hamsa.tts.preload_lasts", 0)
    ),
    mutant(
        "preload.not_needed",
        "A cloned voice that was not preloaded needs no time to load.",
        "PRE-8",
        replaced(LoadedVoices, "wait", lambda original: lambda self, voice, now: 0.0),
    ),
    mutant(
        "preload.for_ever",
        "A preload helps for ever.",
        "PRE-12",
        replaced(LoadedVoices, "load", _for_ever),
    ),
    mutant(
        "preload.all_voices",
        "A preload of one voice loads them all.",
        "PRE-12",
        replaced(LoadedVoices, "load", _all),
        replaced(LoadedVoices, "wait", _all),
    ),
    mutant(
        "preload.refused_with_effect",
        "A preload with a wrong key is refused, and loads the voice all the same.",
        "PRE-5",
        replaced(HamsaRest, "handle", _loads_anyway),
    ),
    mutant("preload.by_get", "A preload by GET is taken.", "PRE-1", answering(PATH, _by_any_method)),
    mutant(
        "preload.one_voice", "A preload of a voice unloads the others.", "PRE-10", replaced(LoadedVoices, "load", _once)
    ),
    mutant(
        "preload.again_refused",
        "A voice that is loaded cannot be preloaded again.",
        "PRE-10",
        replaced(HamsaRest, "handle", _again_refused),
    ),
    mutant(
        "preload.other_path",
        "A preload has another path.",
        "PRE-1",
        facts({"endpoint.preload": "/v1/tts/voices/custom/preload"}),
    ),
    mutant("preload.by_put", "A preload by POST is refused.", "PRE-1", answering(PATH, _asked_by_get)),
    mutant("preload.bearer", "The key of a preload has to stand behind Bearer.", "PRE-1", _headers(_bearer_only)),
    mutant("preload.own_header", "The key of a preload has to stand in X-Api-Key.", "PRE-1", _headers(_own_header)),
    mutant(
        "preload.bearer_too",
        "The key of a preload may stand behind Bearer too.",
        "PRE-5",
        chosen("hamsa.rest.auth", "token_or_bearer"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "preload.any_form_of_key",
        "The key of a preload may come in any form.",
        "PRE-5",
        chosen("hamsa.rest.auth", "any"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant(
        "preload.without_key",
        "A preload needs no key.",
        "PRE-5",
        _headers(lambda headers: {**headers, "authorization": headers.get("authorization") or "Token hamsa-test-key"}),
    ),
    mutant(
        "preload.scheme_in_one_case",
        "The word Token in front of a key must not be written in lower case.",
        "PRE-1",
        answering(PATH, _exact_scheme),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("preload.json_refused", "A body of JSON is refused.", "PRE-1", answering(PATH, _any_body)),
    mutant(
        "preload.other_field", "The id of the voice is looked for in voice_id.", "PRE-2", answering(PATH, _other_field)
    ),
    mutant(
        "preload.no_data",
        "The answer to a preload has no data.",
        "PRE-3",
        _body(lambda it: {"success": it["success"], "message": it["message"]}),
    ),
    mutant(
        "preload.data_null",
        "The data of the answer to a preload is null.",
        "PRE-3",
        _body(lambda it: {**it, "data": None}),
    ),
    mutant(
        "preload.success_as_text",
        "The success of a preload is a text.",
        "PRE-3",
        _body(lambda it: {**it, "success": "true"}),
    ),
    mutant(
        "preload.no_success", "The success of a preload is false.", "PRE-3", _body(lambda it: {**it, "success": False})
    ),
    mutant("preload.in_a_list", "The answer to a preload is a list.", "PRE-3", _body(lambda it: [it])),
    mutant("preload.malformed_id_404", "A preload of a malformed id gets 404.", "PRE-4", _status(400, 404)),
    mutant("preload.malformed_id_200", "A preload of a malformed id gets 200.", "PRE-4", _ok_for((400,))),
    mutant("preload.unknown_key_200", "A preload with a wrong key gets 200.", "PRE-5", _ok_for((401,))),
    mutant(
        "preload.foreign_voice_403", "A preload of the voice of somebody else gets 403.", "PRE-6", _status(404, 403)
    ),
    mutant("preload.foreign_voice_200", "A preload of the voice of somebody else gets 200.", "PRE-6", _ok_for((404,))),
    mutant("preload.failure_200", "A preload during which the service fails gets 200.", "PRE-7", _ok_for((500,))),
    mutant("preload.failure_401", "A preload during which the service fails gets 401.", "PRE-7", _status(500, 401)),
)
