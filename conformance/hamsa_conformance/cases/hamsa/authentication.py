"""Keys: who is turned away, how, and where a key is not looked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hamsa_conformance.case import Case, Kind, Need, case, family
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import unmet
from hamsa_conformance.vocabulary.turning_away import expect_to_be_turned_away, is_refused
from hamsa_kit.client_events import TextMessage

FAILED = "close.authentication_failed"
NO_MONEY = "close.insufficient_funds"
BROKEN = "close.internal_authentication_error"
WRONG_KEYS = 5
GUESSES = "Tries to connect with a key that does not exist, as somebody would who guesses keys."


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who may not connect. `key`: of which kind; `query`, `headers`: what else is sent. `close`, `words`: the
    facts with the close code and the texts."""

    title: str
    statements: tuple[str, ...]
    key: str | None = None
    query: dict[str, str] = field(default_factory=dict[str, str])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    close: str = FAILED
    words: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()


_MISSING_OR_UNKNOWN = ("text.missing_key", "text.unknown_key")
CALLERS = {
    "missing": Caller(title="A client without a key", statements=("API-17", "API-21"), words=("text.missing_key",)),
    "empty_in_query": Caller(
        title="A client whose query parameter for the key is empty",
        statements=("API-17", "API-21"),
        query={"api_key": ""},
        words=_MISSING_OR_UNKNOWN,
    ),
    "empty_in_header": Caller(
        title="A client whose header for the key is empty",
        statements=("API-17", "API-21"),
        headers={"X-Api-Key": ""},
        words=_MISSING_OR_UNKNOWN,
    ),
    "unknown": Caller(
        title="A client with a key that nobody has",
        statements=("API-17", "API-22"),
        key="unknown",
        words=("text.unknown_key",),
    ),
    "expired": Caller(
        title="A client with a key that has expired",
        statements=("API-17", "API-22"),
        key="expired",
        needs=("key:expired",),
        words=("text.unknown_key",),
    ),
    "inactive_user": Caller(
        title="A client with a key of an inactive user",
        statements=("API-17", "API-23"),
        key="inactive-user",
        needs=("key:inactive-user",),
        words=("text.inactive_user",),
    ),
    "inactive_project": Caller(
        title="A client with a key of an inactive project",
        statements=("API-17", "API-24"),
        key="inactive-project",
        needs=("key:inactive-project",),
        words=("text.inactive_project",),
    ),
    "no_funds": Caller(
        title="A client whose wallet is empty",
        statements=("API-18", "API-25"),
        key="no-funds",
        needs=("key:no-funds",),
        close=NO_MONEY,
        words=("text.insufficient_funds",),
    ),
    "internal_error": Caller(
        title="A client with a key that the service fails to judge",
        statements=("API-19",),
        key="internal-error",
        needs=("key:internal-error",),
        close=BROKEN,
    ),
}


def _turned_away(name: str, caller: Caller) -> Case:
    told = "tells it why and " if caller.words else ""
    codes = {FAILED: 4001, NO_MONEY: 4003, BROKEN: 4500}

    @case(
        f"hamsa.auth.turned_away[{name}]",
        title=caller.title,
        expects=f"The server {told}closes with {codes[caller.close]}; nothing else comes but a greeting.",
        statements=caller.statements,
        needs=caller.needs,
    )
    def turned_away(server: Server) -> None:
        client = server.upgrade(caller.key, query=caller.query, headers=caller.headers)
        expect_to_be_turned_away(server, client, caller.close, *caller.words)

    return turned_away


turned_away = family(CALLERS, _turned_away)


def _key_elsewhere(name: str, what: str, place: Mapping[str, Any], kind: Kind = "required") -> Case:
    """`place`: how `upgrade` is called, with KEY for the key."""

    @case(
        f"hamsa.auth.key_elsewhere[{name}]",
        title=f"A good key {what}, where no document has it",
        expects="The server does not let the client in: it says that there is no key and closes with 4001, or refuses"
        " the upgrade.",
        statements=("API-17", "API-21", "WST-2", "WST-3"),
        kind=kind,
    )
    def key_elsewhere(server: Server) -> None:
        client = server.upgrade(None, **_filled_in(place, server.key()))
        if not is_refused(client):
            expect_to_be_turned_away(server, client, FAILED, "text.missing_key")

    return key_elsewhere


def _filled_in(place: Any, key: str) -> Any:
    """A place with the key in it."""
    match place:
        case str():
            return place.replace("KEY", key)
        case list():
            return [_filled_in(inner, key) for inner in place]
        case _:
            return {name: _filled_in(inner, key) for name, inner in place.items()}


key_elsewhere = (
    # Over REST keys come so, and some servers have one way for all.
    *(
        _key_elsewhere(
            f"authorization_{scheme.lower()}",
            f"as {scheme} in the header Authorization",
            {"headers": {"Authorization": f"{scheme} KEY"}},
            "optimal",
        )
        for scheme in ("Token", "Bearer")
    ),
    _key_elsewhere("cookie", "in a cookie", {"headers": {"Cookie": "api_key=KEY"}}),
    _key_elsewhere("subprotocol", "as a subprotocol", {"subprotocols": ["KEY"]}),
    _key_elsewhere("other_header", "in the header Api-Key", {"headers": {"Api-Key": "KEY"}}),
    _key_elsewhere("other_parameter", "in the query parameter token", {"query": {"token": "KEY"}}),
    _key_elsewhere("misspelt_parameter", "in the query parameter apiKey", {"query": {"apiKey": "KEY"}}),
    _key_elsewhere("path", "in the path", {"path": "/v1/realtime/ws/KEY"}),
)


def _similar_key(name: str, change: Callable[[str], str]) -> Case:
    @case(
        f"hamsa.auth.similar_key[{name}]",
        title=f"A key that is a good one with {name.replace('_', ' ')}",
        expects="The server closes with 4001 and says that the key is invalid: a key is compared whole.",
        statements=("API-17", "API-22"),
        needs=("intrusive",),
        does=GUESSES,
    )
    def similar_key(server: Server) -> None:
        given = change(server.key())
        client = server.upgrade(None, query={server.facts.text("auth.query_parameter"): given})
        expect_to_be_turned_away(server, client, FAILED, "text.unknown_key")

    return similar_key


# Should a server repeat what it was given, reports hide the whole key, and a quarter of it tells nobody the rest.
similar_key = family(
    {"one_character_more": lambda key: f"{key}0", "three_quarters_less": lambda key: key[: len(key) // 4]}, _similar_key
)


def _no_audio(name: str, key: str | None) -> Case:
    @case(
        f"hamsa.auth.no_audio[{name}]",
        title=f"A client with {'an unknown key' if key else 'no key'} requests speech as soon as it can",
        expects="The server neither acknowledges the request nor sends audio, and closes with 4001.",
        statements=("API-17",),
        needs=("intrusive",) if key else (),
        characters=len(SENTENCE),
        does=GUESSES if key else None,
    )
    def no_audio(server: Server) -> None:
        client = server.upgrade(key)
        if client.is_open:
            client.ask()
        expect_to_be_turned_away(server, client, FAILED)

    return no_audio


no_audio = family({"missing": None, "unknown": "unknown"}, _no_audio)


@case(
    "hamsa.auth.key_not_repeated",
    title="What a client with a wrong key is told",
    expects="The server does not repeat the key, neither in the error nor in the reason of the close.",
    statements=("API-22",),
    kind="optimal",
    needs=("intrusive",),
    does=GUESSES,
)
def key_not_repeated(server: Server) -> None:
    client = server.upgrade("unknown")
    said = client.upgraded.body.decode(errors="replace") if client.upgraded else ""
    for message in client.messages():
        said += message.text if isinstance(message, TextMessage) else ""
    said += client.closed.reason if client.closed else ""
    if server.key("unknown") in said:
        unmet("words without the key", "the key stands in them")


@case(
    "hamsa.auth.right_key_after_wrong_ones",
    title=f"A good key after {WRONG_KEYS} connections with a wrong one",
    expects="The server lets the client in: wrong keys of others on the same address do not lock it out.",
    statements=("API-2",),
    kind="optimal",
    needs=("intrusive",),
    does=f"Tries to connect {WRONG_KEYS} times with a key that does not exist, as somebody would who guesses keys.",
)
def right_key_after_wrong_ones(server: Server) -> None:
    for _ in range(WRONG_KEYS):
        client = server.upgrade("unknown")
        if not is_refused(client):
            expect_to_be_turned_away(server, client, FAILED)
    server.connect()
