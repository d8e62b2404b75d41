"""One connection before all others: whether a server can be judged at all, and if not, why, in plain words."""

import secrets

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.keys import VALID, variable
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.client.socket_stream import CannotConnect
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_kit.client_events import BinaryMessage, ClientEvent, CloseFrame, Ended, TextMessage
from hamsa_kit.client_session import message_type
from hamsa_kit.mock_client import MockClient

MARK = "X-Hamsa-Conformance"
"""The header by which a connection is found in a mock's journal."""

_REFUSALS = (401, 403)


class CannotJudge(Exception):
    """A server cannot be judged. The text says why."""


def look(server: Server) -> dict[str, str]:
    """What is worth knowing of a server, for people. Errors: CannotJudge."""
    try:
        connection = _connect(server)
        _greeted(server, connection)
    except (CannotConnect, CannotTell, TimeoutError, Unmet) as error:
        raise CannotJudge(str(error)) from error
    finally:
        release(server)
    assert connection.upgraded is not None, "it was accepted"
    headers = connection.upgraded.headers
    return {name: headers[name] for name in ("server", "via", "x-powered-by") if name in headers}


def is_reached_through(server: Server, mock: MockClient) -> bool:
    """Whether a connection to the server arrives at a mock. Errors: CannotJudge, MockUnreachable, MockRefused."""
    mark = secrets.token_hex(8)
    try:
        server.upgrade(None, headers={MARK: mark})
    except (CannotConnect, CannotTell, TimeoutError, Unmet) as error:
        raise CannotJudge(str(error)) from error
    finally:
        release(server)
    seen = mock.journal.entries(kind="handshake_request")
    return any(entry.headers is not None and entry.headers.get(MARK.lower()) == mark for entry in seen)


def release(server: Server) -> None:
    """Close what is open, as a client that is polite but in no hurry."""
    for connection in server.connections:
        if connection.is_open:
            connection.close()
        connection.release()


def _connect(server: Server) -> Connection:
    """An accepted connection. Errors: CannotJudge, CannotConnect."""
    connection = server.upgrade()
    answer = connection.upgraded
    if connection.was_accepted:
        return connection
    if answer is not None and answer.status in _REFUSALS:
        raise CannotJudge(_refused(connection.refusal))
    if answer is not None and answer.status != 101:
        raise CannotJudge(f"the upgrade to WebSocket was answered with {connection.refusal}: is it the right server?")
    hint = "" if server.address.context is not None else "; if it speaks TLS, write wss://"
    if not connection.received_bytes and connection.ended is not None:
        raise CannotJudge(f"the connection was taken, and ended without an answer{hint}")
    if not connection.received_bytes:
        raise CannotJudge(f"the connection was taken, and then nothing came in {server.timeout:g} s{hint}")
    if answer is not None and connection.broken is not None:
        raise CannotJudge(f"the WebSocket was opened, and then came {shown_event(connection.broken)}")
    if connection.broken is not None:
        raise CannotJudge(f"what answers speaks no WebSocket: {connection.broken.why}{hint}")
    raise CannotJudge(f"the upgrade to WebSocket was not answered in full in {server.timeout:g} s")


def _greeted(server: Server, connection: Connection) -> None:
    """Something comes that shows that the key is accepted; a ping is answered where nothing comes. Errors: CannotJudge,
    Unmet for a ping without an answer."""
    first = connection.next_event()
    if first is None:
        try:
            connection.ping()
        except Unmet as error:
            words = f"the WebSocket was opened, and then nothing came in {server.timeout:g} s, not even a pong"
            raise CannotJudge(words) from error
        return
    if _is_message(first) and not _is_error(first):
        then = connection.next_event(0.5)  # a server that greets before it has judged the key
        if then is None or (_is_message(then) and not _is_error(then)):
            return
        first = then
    if isinstance(first, TextMessage):
        raise CannotJudge(_refused(shown_event(first)))
    if isinstance(first, CloseFrame) and first.code >= 4000:
        raise CannotJudge(_refused(shown_event(first)))
    if isinstance(first, Ended) and connection.was_reset:
        raise CannotJudge("the WebSocket was opened, and then the connection was reset")
    raise CannotJudge(f"the WebSocket was opened, and then came {shown_event(first)}")


def _is_message(event: ClientEvent) -> bool:
    return isinstance(event, TextMessage | BinaryMessage)


def _is_error(event: ClientEvent) -> bool:
    return isinstance(event, TextMessage) and message_type(event.text) == "error"


def _refused(how: str) -> str:
    return f"the key in {variable('key', VALID)} is refused: {how}"
