"""What becomes of a connection behind an error: no document says that it stays open, so that its end is not strict."""

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import Unmet, unmet
from hamsa_kit.client_events import CloseFrame, Ended

_EXPECTED = "a connection that goes on behind an error"


def goes_on(server: Server, client: Connection) -> bool:
    """Whether the client may go on behind an error. Its end is not strict. Errors: Unmet where no pong comes."""
    try:
        client.ping()
    except Unmet:
        end = client.closed or client.ended
        if end is None:
            raise
        server.not_strict(_EXPECTED, shown_event(end), "close")
        return False
    return True


def nothing_behind_error(server: Server, client: Connection) -> None:
    """No message must come behind an error. The end of the connection is not strict. Errors: Unmet."""
    event = client.next_event(server.quiet)
    if isinstance(event, CloseFrame | Ended):
        server.not_strict(_EXPECTED, shown_event(event), "close")
    elif event is not None:
        unmet("nothing behind the error", shown_event(event))
