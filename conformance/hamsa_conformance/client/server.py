"""The server under test, as a case sees it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from websockets.extensions import ClientExtensionFactory
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.http_server import HttpServer
from hamsa_conformance.client.keys import VALID
from hamsa_conformance.client.measuring import CONNECT_DELAY
from hamsa_conformance.judgement import NotTried, unmet
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import ClientSession, message_type

GREETING_SECONDS = 3.0
"""So long a real client waits for the greeting before it goes on without (a customer's code, 2026-02)."""

QUERY, HEADER, BOTH, NOWHERE = "query", "header", "both", "none"


class Server(HttpServer):
    """A server for the time of one attempt at a case. It collects what was found, observed and sent."""

    def upgrade(
        self,
        key: str | None = VALID,
        *,
        by: str = QUERY,
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
        query: Mapping[str, str] | None = None,
        subprotocols: Iterable[str] = (),
        compression: bool = False,
        answers_pings: bool = True,
    ) -> Connection:
        """Ask for a connection and receive the answer, whatever it is. `key`: of which kind, or one that is none of
        them; None: none is sent. `by`: the query, the header or both. Errors: CannotConnect, Unmet for no answer."""
        parts = urlsplit(self._endpoint.ws_url)
        parameters, fields = dict(query or {}), dict(headers or {})
        value = None if key is None else self._endpoint.credentials.get("key", key)
        if value is not None and by in (QUERY, BOTH):
            parameters[self.facts.text("auth.query_parameter")] = value
        if value is not None and by in (HEADER, BOTH):
            fields[self.facts.text("auth.header")] = value
        where = parts._replace(path=parts.path if path is None else path, query=urlencode(parameters))
        self.meter.connection()
        extensions: list[ClientExtensionFactory] = [ClientPerMessageDeflateFactory()] if compression else []
        session = ClientSession(
            where.geturl(),
            headers=fields,
            extensions=extensions,
            subprotocols=subprotocols,
            number=len(self.connections) + 1,
            answers_pings=answers_pings,
            record=self.transcript.append,
        )
        connection = Connection(self, session)
        self.connections.append(connection)
        connection.wait_for_upgrade()
        if connection.upgraded is not None:
            self.measured_itself({CONNECT_DELAY: [connection.upgraded.at - connection.asked_at]})
        return connection

    def connect(self, key: str | None = VALID, *, greeting: bool = True, **how: object) -> Connection:
        """A connection that is open. `how`: as in `upgrade`.

        `greeting`: the info message is received too (API-2). A server without one is judged by the cases about it; for
        all others its connections are good without, and a late one is passed over.
        """
        connection = self.upgrade(key, **how)  # type: ignore[arg-type]
        if not connection.was_accepted:
            unmet("an open connection", connection.refusal)
        if greeting:
            self._greet(connection)
        return connection

    def _greet(self, connection: Connection) -> None:
        habits = self._endpoint.habits
        came = connection.peek(min(GREETING_SECONDS, self.timeout) if habits.greets else 0)
        if came is None:
            habits.greets = False
            connection.owes_greeting = True
        elif isinstance(came, TextMessage) and message_type(came.text) != "error":
            connection.next_event()
        else:
            connection.expect("info")

    @contextmanager
    def spare(self) -> Iterator["Server"]:
        """Another server that is like this one, in real time, which a case may end. What is found and observed there is
        of this attempt too. Errors: NotTried."""
        if self._endpoint.spare is None:
            raise NotTried("needs a server that a case may end: a mock")
        with self._endpoint.spare() as endpoint:
            other = Server(endpoint)
            other.connections = self.connections
            self.goes_on_in(other)
            yield other
