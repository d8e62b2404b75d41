"""What is seen of the server while nothing is asked of it."""

from collections.abc import Callable
from itertools import pairwise

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.vocabulary.observation import observe_seconds, observing

INTERVAL = "hamsa.keepalive.ping_interval"
PONG_TIMEOUT = "hamsa.keepalive.pong_timeout"
INACTIVITY, ACTIVITY = "hamsa.keepalive.inactivity", "hamsa.keepalive.activity"

PINGS = 3
"""So many pings are waited for."""

PING_SECONDS = 150.0
"""A server that pings does so more often: connections that are idle for longer are dropped by routers."""

PONG_SECONDS = 120.0
"""Who does not miss a pong by then does not wait for it."""

IDLE_SECONDS = 1.5 * 3600.0
"""So long a connection may be idle, half as long again as is documented (API-3)."""

FIRST_SECONDS = 0.1
GROWTH = 1.3
"""So many times as much time has passed at each look at a connection that is left alone."""


@observing(INTERVAL, needs=("slow",))
def ping_interval(server: Server) -> None:
    client = server.connect()
    begin = _accepted_at(client)
    _watch(server, lambda: len(client.pings) >= PINGS or _is_over(client), PING_SECONDS)
    times = [begin, *(ping.at for ping in client.pings)]
    if len(times) < 2:
        raise NotTried(f"no ping of the server comes in {server.now() - begin:g} s")
    observe_seconds(server, INTERVAL, [later - earlier for earlier, later in pairwise(times)])


@observing(PONG_TIMEOUT, needs=("slow",))
def pong_timeout(server: Server) -> None:
    client = server.connect(answers_pings=False)
    _watch(server, lambda: bool(client.pings) or _is_over(client), PING_SECONDS)
    if not client.pings:
        raise NotTried("no ping of the server comes")
    _watch(server, lambda: _is_over(client), PONG_SECONDS)
    closed = client.closed
    if closed is None or _was_idle(server, client):
        server.observe(PONG_TIMEOUT, 0)
    else:
        observe_seconds(server, PONG_TIMEOUT, [closed.at - client.pings[0].at])


@observing(INACTIVITY, ACTIVITY, needs=("slow",))
def inactivity(server: Server) -> None:
    surely_open = _surely_open(server) if server.is_steered else 0.0
    silent, pinging = server.connect(answers_pings=False), server.connect()
    begin = _accepted_at(silent)
    server.wait(max(begin + surely_open - server.now(), 0.0))
    while not _was_idle(server, silent) and not _is_over(pinging) and server.now() - begin < IDLE_SECONDS:
        pinging.ping()
        pause = max(server.now() - begin, FIRST_SECONDS)
        _watch(server, lambda: _was_idle(server, silent) or _is_over(pinging), pause)
    left_alone = (server.now() - begin) / 4
    _watch(server, lambda: _is_over(silent) and _is_over(pinging), left_alone)
    ended = [client for client in (silent, pinging) if _was_idle(server, client)]
    if not ended:
        raise NotTried("no connection was closed for its inactivity")
    lasted = [client.closed.at - _accepted_at(client) for client in ended if client.closed is not None]
    observe_seconds(server, INACTIVITY, lasted)
    server.observe(ACTIVITY, "messages" if pinging in ended else "frames")


def _accepted_at(client: Connection) -> float:
    """When the connection was accepted: from then on a server counts, however long that took."""
    assert client.upgraded is not None, "it is connected"
    return client.upgraded.at


def _is_over(client: Connection) -> bool:
    return client.closed is not None or client.ended is not None


def _was_idle(server: Server, client: Connection) -> bool:
    return client.closed is not None and client.closed.code == server.facts.code("close.inactivity")


def _surely_open(server: Server) -> float:
    """For how many seconds, about, an idle connection stays open: a first look, so that the second can begin late."""
    client = server.connect(answers_pings=False)
    begin, before = _accepted_at(client), 0.0
    while not _is_over(client) and before < IDLE_SECONDS:
        before = server.now() - begin
        server.wait(max((GROWTH - 1) * before, FIRST_SECONDS))
    return before


def _watch(server: Server, seen: Callable[[], bool], seconds: float) -> None:
    """Let time pass, at most so much, until something has been seen."""
    end = server.now() + seconds
    while not seen() and server.wait_until(end):
        pass
