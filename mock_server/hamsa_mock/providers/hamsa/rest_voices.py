"""Hamsa's REST routes for voices: preloading cloned ones, and lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.http import HttpAnswer, HttpRequest, json_answer
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.ignored import ignored
from hamsa_mock.providers.hamsa.rest_routes import BodyReader, RestErrors, RestRoute, RestRoutes, read_nothing
from hamsa_mock.providers.hamsa.service import HamsaService
from hamsa_schemas import default_catalogue, load_voices

PER_PAGE = 20
"""So many voices a page has where the client does not say (assumed)."""

PARAMETERS = frozenset({"page", "perPage", "projectId", "q"})
"""What a list of voices can be asked for."""

PRELOAD_FIELDS = frozenset({"voiceId"})

MAX_DIGITS = 100

OTHER_DIALECT = "msa"
"""The dialect that a voice is listed with in the catalogue where the documents name none (assumed)."""


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for in the list of voices."""

    part_of_name: str
    project: str
    first: int
    count: int


class VoiceRoutes:
    """Preload and lists. Forms and paths of all but the preload come from public clients (assumed)."""

    def __init__(self, service: HamsaService, errors: RestErrors) -> None:
        self._hamsa = service
        self._errors = errors
        self._voices = load_voices("hamsa")
        schema = default_catalogue().message("hamsa", "rest/request", "preload")
        self._preload_body = BodyReader(errors, schema, self._invalid_voice_id)
        languages = self._voices.dialects
        self._catalog_content = {
            "voices": [
                {"id": voice.id, "name": voice.name, "language": languages[(*voice.dialects, OTHER_DIALECT)[0]]}
                for voice in self._voices.by_name.values()
            ]
        }

    def routes(self) -> RestRoutes:
        """All of them by their paths."""
        text = self._hamsa.facts.text
        return {
            text("endpoint.preload"): RestRoute("POST", "preload", self._preload_body.read, self._preload),
            text("endpoint.voices"): RestRoute("GET", "voices", self._read_search, self._list, parameters=PARAMETERS),
            text("endpoint.catalog"): RestRoute("GET", "catalog", read_nothing, self._catalog),
        }

    def _invalid_voice_id(self, field: str, why: Why) -> HttpAnswer:
        """PRE-4. There is no other field."""
        return self._errors.answer("bad_request", "rest.invalid_voice_id", why)

    def _preload(self, body: dict[str, Any], key: Key, asked: Request, now: float) -> HttpAnswer:
        """PRE-3: the voice is loaded at once (assumed), for all keys. PRE-6: not if it is somebody else's."""
        voice_id: str = body["voiceId"]
        asked.details["voice"] = voice_id
        asked.notes += ignored(body, PRELOAD_FIELDS)
        voice = self._hamsa.accounts.voices.get(voice_id.lower())
        if voice is None or voice.user != self._hamsa.accounts.user_of(key).id:
            why = Why("the voice does not exist" if voice is None else f"the voice belongs to {voice.user}")
            return self._errors.answer("not_found", "rest.voice_not_found", why)
        self._hamsa.admission.preload(voice.id, now)
        return self._ok({"success": True, "message": self._hamsa.facts.text("text.preloaded"), "data": []})

    def _read_search(self, request: HttpRequest) -> _Search | HttpAnswer:
        numbers = {"page": 1, "perPage": PER_PAGE}
        for name in numbers.keys() & request.query.keys():
            sent = request.query[name]
            digits = sent.isascii() and sent.isdigit() and len(sent) <= MAX_DIGITS
            if not digits or int(sent) < 1:
                return self._errors.invalid_field(name, Why(f"the parameter {name} is no whole number from 1 on"))
            numbers[name] = int(sent)
        count = numbers["perPage"]
        first = (numbers["page"] - 1) * count
        return _Search(request.query.get("q", ""), request.query.get("projectId", ""), first, count)

    def _list(self, search: _Search, key: Key, asked: Request, now: float) -> HttpAnswer:
        """The user's own voices, then the built-in ones. The parameter `source` changes nothing: what it means is
        not known."""
        found = [voice for voice in self._usable(search, key) if search.part_of_name.lower() in voice["name"].lower()]
        page = found[search.first : search.first + search.count]
        asked.details.update(voices=len(page), found=len(found))
        return self._ok({"success": True, "data": {"voices": page}})

    def _usable(self, search: _Search, key: Key) -> Iterator[dict[str, Any]]:
        """Cloned voices belong to a user: a project that is not the user's has none (assumed)."""
        accounts = self._hamsa.accounts
        user = accounts.user_of(key).id
        project = accounts.projects.get(search.project or key.project)
        if project is not None and project.user == user:
            for custom in accounts.voices.values():
                if custom.user == user:
                    yield {"id": custom.id, "name": custom.name}
        for voice in self._voices.by_name.values():
            dialect = {"dialect": {"languageCode": voice.dialects[0]}} if voice.dialects else {}
            yield {"id": voice.id, "name": voice.name, **dialect}

    def _catalog(self, nothing: None, key: Key, asked: Request, now: float) -> HttpAnswer:
        return self._ok(self._catalog_content)

    def _ok(self, content: object) -> HttpAnswer:
        return json_answer(int(self._hamsa.facts.number("status.ok")), content)
