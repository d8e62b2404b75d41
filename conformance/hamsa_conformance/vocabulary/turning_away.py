"""How a client that may not connect is turned away.

The documents have a text and a close code for each reason, and neither the order in which they come nor whether both
do: an error before the close, the close alone with the text as its reason, and a refused upgrade are all right. So is
a greeting before.
"""

from hamsa_conformance.client.answer import error_text
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried, require, unmet

REFUSED_FROM = 400
"""The HTTP status from which on an upgrade is refused."""


def expect_to_be_turned_away(server: Server, client: Connection, close: str, *words: str) -> None:
    """The client must get nothing but the reason and the close. `close`: the fact that has its code; `words`: the facts
    with the right texts, none where the documents have none.

    Errors: Unmet; NotTried where the upgrade was refused, so that no code can be seen.
    """
    if is_refused(client):
        raise NotTried(f"the upgrade was refused with {client.refusal}")
    if client.peek_type() == "info":
        client.expect("info")
    expect_close_with_words(server, client, close, *words)


def expect_close_with_words(server: Server, client: Connection, close: str, *words: str) -> None:
    """The next must be the reason and the close, or the close that holds it. Errors: Unmet."""
    right = [server.facts.text(slug) for slug in words]
    told = None
    if client.peek_type() == "error":
        told = error_text(client.expect("error"))
        if right:
            server.error_words(told, *right)
    closed = client.expect_close(server.facts.code(close))
    if told is None and right:
        require(bool(closed.reason), f"the words {right[0]}, before the close or in it", "a close without a reason")
        server.error_words(closed.reason, *right, documented=False)


def is_refused(client: Connection) -> bool:
    """Whether the upgrade was refused over HTTP. Errors: Unmet for what is neither that nor an open connection."""
    if client.was_accepted:
        return False
    if client.upgraded is None or client.upgraded.status < REFUSED_FROM:
        unmet("an answer to the upgrade that refuses it, or a close with the documented code", client.refusal)
    return True
