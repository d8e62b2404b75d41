"""Who is let in, and where a key is looked for."""

from dataclasses import replace
from typing import Any

from hamsa_conformance.verdict import Verdict
from hamsa_mock.core.events import Opening
from hamsa_mock.mock import Mock
from hamsa_mock.providers.hamsa.authentication import Doorkeeper
from tests.conformance.mutants.mutant import Change, mutant, replaced

REALTIME = "/v1/realtime/ws"


def _finds_key(find: Any) -> Change:
    """The key is looked for elsewhere. `find` gets the doorkeeper's own way and the upgrade request."""
    return replaced(
        Doorkeeper, "key_sent", lambda original: lambda self, opening: find(lambda: original(self, opening), opening)
    )


def _only(place: str) -> Change:
    """The key is looked for in one place alone."""

    def find(usual: Any, opening: Opening) -> str | None:
        return opening.query.get("api_key") if place == "query" else opening.headers.get("x-api-key")

    return _finds_key(find)


def _also(place: str, name: str) -> Change:
    """The key is looked for in one place more, where it may stand behind a word or a name."""

    def find(usual: Any, opening: Opening) -> str | None:
        sent = (opening.query if place == "query" else opening.headers).get(name, "")
        return usual() or sent.replace("=", " ").rpartition(" ")[2] or None

    return _finds_key(find)


def _not_in_both(usual: Any, opening: Opening) -> str | None:
    return None if "api_key" in opening.query and "x-api-key" in opening.headers else usual()


def _from_subprotocol(usual: Any, opening: Opening) -> str | None:
    return usual() or opening.headers.get("sec-websocket-protocol")


def _from_path(usual: Any, opening: Opening) -> str | None:
    return usual() or opening.path.removeprefix(REALTIME).strip("/") or None


def _below(original: Any) -> Any:
    return lambda self, path: original(self, REALTIME if path.startswith(REALTIME) else path)


def _as_realtime(original: Any) -> Any:
    return lambda self, number, path, route: original(self, number, REALTIME, route)


def _compared(equal: Any) -> Change:
    """A key is compared with the known ones in another way."""

    def judge(original: Any) -> Any:
        def judge_key(self: Any, sent: str) -> Any:
            return original(self, next((known for known in self._accounts.keys if equal(sent, known)), sent))

        return judge_key

    return replaced(Doorkeeper, "judge_key", judge)


def _lets_in(**state: Any) -> Change:
    """A key that is in a state which should keep it out counts as a good one."""

    def judge(original: Any) -> Any:
        def judge_key(self: Any, sent: str) -> Any:
            key = self._accounts.keys.get(sent)
            if key is not None and all(getattr(key, name) == value for name, value in state.items()):
                return replace(key, **{name: False for name in state})
            return original(self, sent)

        return judge_key

    return replaced(Doorkeeper, "judge_key", judge)


def _lets_in_inactive(whose: str) -> Change:
    """The user, or the project, of a key is not looked at."""

    def judge(original: Any) -> Any:
        def judge_key(self: Any, sent: str) -> Any:
            key = self._accounts.keys.get(sent)
            found = None if key is None else getattr(self._accounts, whose)(key)
            return key if found is not None and not found.active else original(self, sent)

        return judge_key

    return replaced(Doorkeeper, "judge_key", judge)


def _any_key(original: Any) -> Any:
    return lambda self, sent: self._accounts.keys.get(sent, self._accounts.keys["hamsa-test-key"])


def _no_key(original: Any) -> Any:
    def judge(self: Any, opening: Opening) -> Any:
        return original(self, opening) if self.key_sent(opening) else self._accounts.keys["hamsa-test-key"]

    return judge


MUTANTS = (
    mutant("keys.no_key_needed", "A client without a key is let in.", "API-17", replaced(Doorkeeper, "judge", _no_key)),
    mutant("keys.any_key", "Every key is accepted.", "API-17", replaced(Doorkeeper, "judge_key", _any_key)),
    mutant("keys.expired_key", "A key that has expired is accepted.", "API-22", _lets_in(expired=True)),
    mutant("keys.inactive_user", "A key of an inactive user is accepted.", "API-23", _lets_in_inactive("user_of")),
    mutant(
        "keys.inactive_project",
        "A key of an inactive project is accepted.",
        "API-24",
        _lets_in_inactive("project_of"),
    ),
    mutant(
        "keys.internal_error",
        "A key that the service fails to judge is accepted.",
        "API-19",
        _lets_in(internal_error=True),
    ),
    mutant("keys.only_query", "The key is looked for in the query alone.", "WST-3", _only("query")),
    mutant("keys.only_header", "The key is looked for in the headers alone.", "WST-2", _only("header")),
    mutant(
        "keys.not_in_both_places",
        "A key that comes in the query and in the header counts as none.",
        "WST-3",
        _finds_key(_not_in_both),
    ),
    mutant(
        "keys.key_in_authorization",
        "The key is accepted in the header Authorization too.",
        "API-21",
        _also("headers", "authorization"),
        verdict=Verdict.NON_STRICT,
    ),
    mutant("keys.key_in_cookie", "The key is accepted as a cookie too.", "API-21", _also("headers", "cookie")),
    mutant(
        "keys.key_in_other_parameter",
        "The key is accepted as the query parameter token too.",
        "API-21",
        _also("query", "token"),
    ),
    mutant(
        "keys.key_in_api_key_header",
        "The key is accepted in the header Api-Key too.",
        "API-21",
        _also("headers", "api-key"),
    ),
    mutant(
        "keys.key_in_misspelt_parameter",
        "The key is accepted as the query parameter apiKey too.",
        "WST-2",
        _also("query", "apiKey"),
    ),
    mutant(
        "keys.key_as_subprotocol",
        "The key is accepted as a subprotocol too.",
        "API-21",
        _finds_key(_from_subprotocol),
    ),
    mutant(
        "keys.key_in_path",
        "The key is accepted in the path too.",
        "API-21",
        _finds_key(_from_path),
        replaced(Mock, "route", _below),
        replaced(Mock, "session", _as_realtime),
    ),
    mutant(
        "keys.begin_of_key",
        "The begin of a key is accepted.",
        "API-22",
        _compared(lambda sent, known: known.startswith(sent)),
    ),
    mutant(
        "keys.end_of_key_ignored",
        "What stands behind a key is ignored.",
        "API-22",
        _compared(lambda sent, known: sent.startswith(known)),
    ),
)
