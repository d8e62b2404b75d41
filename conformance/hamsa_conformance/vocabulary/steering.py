"""What only a server that can be steered lets a case do: keys of its own, and long waits."""

from collections.abc import Iterable
from typing import Any

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server

LONG = 100_000.0
"""Seconds after which nothing that was counted counts any more: the longest window has a day."""

CLOSING_SECONDS = 2.0


def new_keys(server: Server, count: int, **fields: Any) -> list[str]:
    """So many keys that nobody has used, until the mock is reset. `fields`: as its keys have them."""
    known = len(server.mock.read("hamsa", "keys"))
    names = [f"hamsa-test-new-{number}" for number in range(known, known + count)]
    server.mock.put("hamsa", "keys", [{"key": name, **fields} for name in names])
    return names


def connect_as(server: Server, key: str) -> Connection:
    """A connection with such a key, which has been greeted."""
    return server.connect(None, query={server.facts.text("auth.query_parameter"): key})


def connecting_seconds(server: Server) -> float:
    """How long it takes to connect, by the clock of the mock."""
    begin = server.now()
    client = server.connect()
    took = server.now() - begin
    close_all([client])
    return took


def close_all(clients: Iterable[Connection]) -> None:
    """Close connections, so that nothing keeps them alive over a long wait."""
    clients = list(clients)
    for client in clients:
        client.close()
    for client in clients:
        client.wait_for_end(CLOSING_SECONDS)
