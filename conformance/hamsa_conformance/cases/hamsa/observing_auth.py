"""What is seen of the server when a client connects."""

from hamsa_conformance.client.keys import UNKNOWN
from hamsa_conformance.client.measuring import CONNECT_DELAY
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.vocabulary.observation import observe_seconds, observing, unlike
from hamsa_kit.client_events import CloseFrame, TextMessage
from hamsa_kit.client_session import message_type

FAILURE, INFO = "hamsa.auth.failure", "hamsa.auth.info"
COMPRESSION = "hamsa.websocket.compression"


@observing(CONNECT_DELAY)
def connect_delay(server: Server) -> None:
    for _ in range(3):
        server.connect()
    observe_seconds(server, CONNECT_DELAY, server.measured[CONNECT_DELAY])


@observing(FAILURE, INFO)
def failure(server: Server) -> None:
    client = server.upgrade(UNKNOWN)
    if not client.was_accepted:
        if client.upgraded is None or client.upgraded.status != server.facts.number("status.unauthorized"):
            unlike(FAILURE, client.refusal)
        server.observe(FAILURE, "http_401")
        return
    types = [message_type(message.text) for message in client.messages() if isinstance(message, TextMessage)]
    event = client.next_event(0)
    if not isinstance(event, CloseFrame):
        raise NotTried("an unknown key is not turned away")
    server.observe(INFO, "before_key" if "info" in types else "after_key")
    messages = [type for type in types if type != "info"]
    form = "error_then_close" if messages == ["error"] else "close_only" if not messages else None
    if form is None:
        unlike(FAILURE, f"{types}, then a close with {event.code}")
    server.observe(FAILURE, form)


@observing(COMPRESSION)
def compression(server: Server) -> None:
    client = server.connect(compression=True)
    server.observe(COMPRESSION, "accepted" if client.session.extensions else "refused")
