"""Pings and pongs."""

from collections.abc import Iterable
from dataclasses import replace

from hamsa_mock.core.actions import Action, Ping, Pong, Single
from hamsa_mock.core.events import Event, Pinged
from tests.conformance.mutants.mutant import chosen, mutant
from tests.conformance.mutants.wire import Steps, closing, dropped, each, message, steps

INTERVAL = "hamsa.keepalive.ping_interval"


def _first_of(kind: type[Action]) -> Steps:
    """Only the first one is sent."""
    sent = False

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        nonlocal sent
        for action in actions:
            if not (isinstance(action, kind) and sent):
                yield action
            sent = sent or isinstance(action, kind)

    return step


def _quiet_after_request() -> Steps:
    """No ping comes once the client has asked for something."""
    asked = False

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        nonlocal asked
        for action in actions:
            if not (isinstance(action, Ping) and asked):
                yield action
            asked = asked or getattr(action, "request", None) is not None

    return step


def _pongs_with_next_ping() -> Steps:
    held: list[Single] = []

    def step(event: Event | None, actions: list[Single]) -> Iterable[Action]:
        for action in actions:
            if isinstance(action, Pong):
                held.append(action)
            else:
                yield action
                if isinstance(action, Ping):
                    yield from held
                    held.clear()

    return step


def _closes_on_ping(event: Event | None, actions: list[Single]) -> Iterable[Action]:
    return [closing(1002)] if isinstance(event, Pinged) else actions


MUTANTS = (
    mutant("keepalive.no_ping", "The server never pings.", "API-4", dropped("ping")),
    mutant("keepalive.one_ping", "The server pings once.", "API-4", steps(lambda: _first_of(Ping))),
    mutant("keepalive.every_31_seconds", "The server pings every 31 seconds.", "API-4", chosen(INTERVAL, 31)),
    mutant("keepalive.every_29_seconds", "The server pings every 29 seconds.", "API-4", chosen(INTERVAL, 29)),
    mutant(
        "keepalive.twice",
        "The server sends two pings every 30 seconds.",
        "API-4",
        each("ping", lambda ping: [ping, ping]),
    ),
    mutant(
        "keepalive.ping_as_message",
        "The server sends a message of the type ping instead of a ping.",
        "API-4",
        each("ping", lambda ping: [message("ping")]),
    ),
    mutant(
        "keepalive.quiet_after_request",
        "The server does not ping once a request was made.",
        "FAQ-7",
        steps(_quiet_after_request),
    ),
    mutant("keepalive.no_pong", "Pings of the client are not answered.", "FAQ-8", dropped("pong")),
    mutant(
        "keepalive.one_pong", "Only the first ping of the client is answered.", "FAQ-8", steps(lambda: _first_of(Pong))
    ),
    mutant("keepalive.late_pong", "Pongs wait for the next ping of the server.", "FAQ-8", steps(_pongs_with_next_ping)),
    mutant("keepalive.empty_pong", "Pongs have no payload.", "FAQ-8", each("pong", lambda pong: [Pong(b"")])),
    mutant(
        "keepalive.other_pong",
        "Pongs have a payload of their own.",
        "FAQ-8",
        each(
            "pong",
            lambda pong: [replace(pong, payload=pong.payload[::-1] + b"!")] if isinstance(pong, Pong) else [pong],
        ),
    ),
    mutant(
        "keepalive.closes_on_ping",
        "A ping of the client closes the connection.",
        "FAQ-8",
        steps(lambda: _closes_on_ping),
    ),
)
