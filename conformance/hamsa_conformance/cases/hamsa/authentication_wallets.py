"""Wallets that become empty while their clients are connected."""

from hamsa_conformance.case import case
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.vocabulary.turning_away import expect_close_with_words, expect_to_be_turned_away, is_refused
from hamsa_kit.client_events import BinaryMessage

NO_MONEY = "close.insufficient_funds"
SENTENCES = 3
"""A wallet that is nearly empty does not pay for more."""


@case(
    "hamsa.auth.wallet_runs_out",
    title="A wallet becomes empty while its client is connected",
    expects="The server says that the wallet is empty and closes with 4003, at a request at the latest.",
    statements=("API-18", "API-25"),
    needs=("key:nearly-broke",),
    characters=SENTENCES * len(SENTENCE),
)
def wallet_runs_out(server: Server) -> None:
    client = _connect_with_money(server)
    _spend_all(server, client)
    expect_close_with_words(server, client, NO_MONEY, "text.insufficient_funds")


@case(
    "hamsa.auth.wallet_of_all_connections",
    title="A wallet becomes empty over one connection, and another one asks",
    expects="The server closes the other one with 4003 as well, and lets nobody in who has no money.",
    statements=("API-18", "API-25"),
    needs=("key:nearly-broke",),
    characters=(SENTENCES + 1) * len(SENTENCE),
)
def wallet_of_all_connections(server: Server) -> None:
    spender, other = _connect_with_money(server), _connect_with_money(server)
    _spend_all(server, spender)
    if other.is_open:
        other.ask()
    expect_close_with_words(server, other, NO_MONEY, "text.insufficient_funds")
    expect_to_be_turned_away(server, server.upgrade("nearly-broke"), NO_MONEY, "text.insufficient_funds")


def _connect_with_money(server: Server) -> Connection:
    """Errors: NotTried where the wallet is empty already: other cases have used it."""
    client = server.upgrade("nearly-broke")
    if is_refused(client) or client.peek_type() != "info":
        raise NotTried("the wallet of the nearly-broke key is empty already")
    client.expect("info")
    return client


def _spend_all(server: Server, client: Connection) -> None:
    """Request speech, SENTENCES times at most, until something else comes than an answer.

    Errors: NotTried where nothing else comes: the wallet of a key that was given holds more than that."""
    for _ in range(SENTENCES):
        if not client.is_open:
            return
        client.ask()
        coming = client.answers()
        while isinstance(client.peek(), BinaryMessage) or client.peek_type() == "ack":
            next(coming)
        if client.peek_type() != "end":
            return
        client.receive()
    if not server.is_steered and client.peek() is None:
        raise NotTried(f"the wallet of the nearly-broke key pays for more than {SENTENCES} sentences")
