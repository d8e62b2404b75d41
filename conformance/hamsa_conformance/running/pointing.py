"""Which entry of a transcript a finding is about."""

from collections.abc import Iterator

from hamsa_conformance.client.attempt import Attempt
from hamsa_kit.transcript import Entry

ASKED_FOR = ("message", "close", "disconnect", "note")
"""What comes of a server and is asked for. Pings and pongs are not."""


def place_of_finding(server: Attempt) -> int:
    """The number of the entry, counted from 1.

    That is what was asked for last, where more had come by then, such as the close behind a wrong message. Else it is
    the last entry: where nothing came, what had been done; over HTTP, the answer.
    """
    link = server.heard_on
    if link is None:
        return len(server.transcript)
    places = list(_came(server.transcript, link.session.number))
    if link.taken >= len(places):
        return len(server.transcript)
    place = places[link.taken - 1]
    is_over_http = any(entry.kind.startswith("http_") for entry in server.transcript[place:])
    return len(server.transcript) if is_over_http else place


def _came(transcript: list[Entry], connection: int) -> Iterator[int]:
    """The numbers of what came on a connection and is asked for."""
    for number, entry in enumerate(transcript, 1):
        if entry.connection == connection and entry.direction == "to_client" and entry.kind in ASKED_FOR:
            yield number
