"""Two transcripts of the same thing, made equal: without all that differs from run to run.

Left out are real times, positions, ports and addresses, the headers of a handshake that are random or name an
address, the words of notes (their data stay), and what a client's library does by itself at a time of its own:
pings and pongs, the echo of a close frame, the end of the TCP connection behind a close.

Which of several clients connects first is chance, so connections are numbered by what happened on them: the
earliest first, of those that began at the same time in the order of their content. Likewise it is chance which of
two requests that a client sent at once was read before the answer to the first had left: what belongs to one
request stands together, if it has the same time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

import orjson

from hamsa_kit.transcript import Entry, Scalar

DECIMALS = 6
"""Times are rounded to microseconds."""

LEFT_OUT_HEADERS = frozenset(
    {
        "date",
        "forwarded",
        "host",
        "origin",
        "referer",
        "sec-websocket-accept",
        "sec-websocket-key",
        "traceparent",
        "via",
        "x-forwarded-for",
        "x-real-ip",
        "x-request-id",
    }
)
"""Random, or an address."""

_ADDRESS = "(address)"


def canonical(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in canonical form: by connection, within it by time, request and sequence; plain HTTP last,
    by exchange. Times count from the earliest entry.
    """
    recorded = list(entries)
    start = min((entry.time for entry in recorded), default=0.0)
    hosts = {_host(entry.peer) for entry in recorded if entry.peer is not None}
    connections: defaultdict[int, list[Entry]] = defaultdict(list)
    exchanges: defaultdict[int, list[Entry]] = defaultdict(list)
    alone: list[list[Entry]] = []
    for entry in recorded:
        bare = _bare(entry, start, hosts)
        if entry.connection is not None:
            connections[entry.connection].append(bare)
        elif entry.request is not None:
            exchanges[entry.request].append(bare)
        else:
            alone.append([bare])
    talks = [_in_order(_without_echoes(talk)) for talk in connections.values()]
    return [
        *_connections(sorted(filter(None, talks), key=_rank)),
        *_plain(sorted([*exchanges.values(), *alone], key=_rank)),
    ]


def _bare(entry: Entry, start: float, hosts: set[str]) -> Entry:
    """Without what differs from run to run in a single entry."""
    note = entry.kind == "note"
    return replace(
        entry,
        position=None,
        time=round(entry.time - start, DECIMALS),
        real=None,
        peer=None,
        text=None if note else entry.text,
        headers={name: value for name, value in entry.headers.items() if name.lower() not in LEFT_OUT_HEADERS},
        data=_without_addresses(entry.data, hosts, entry.connection is None),
        redacted=tuple(name for name in entry.redacted if not (note and name == "text")),
    )


def _host(peer: str) -> str:
    return peer.rpartition(":")[0] or peer


def _without_addresses(data: Mapping[str, Scalar], hosts: set[str], plain: bool) -> dict[str, Scalar]:
    """`plain`: of plain HTTP, where a provider numbers its requests in the order in which they came."""
    left_out = {"peer", "request"} if plain else {"peer"}
    kept = {name: value for name, value in data.items() if name not in left_out}
    for name, value in kept.items():
        if isinstance(value, str):
            for host in hosts:
                value = value.replace(host, _ADDRESS)
            kept[name] = value
    return kept


def _without_echoes(talk: list[Entry]) -> list[Entry]:
    """Without what a client's library does by itself, and what every connection ends with."""
    kept: list[Entry] = []
    ended = False
    for entry in talk:
        answered = entry.kind == "pong" or (entry.kind == "ping" and entry.direction == "to_server")
        echo = ended and (entry.kind == "lost" or (entry.kind == "close" and entry.direction == "to_server"))
        if not answered and not echo:
            kept.append(entry)
        refused = entry.kind == "handshake_answer" and entry.status != 101
        ended = ended or refused or entry.kind in ("close", "disconnect")
    return kept


def _in_order(talk: list[Entry]) -> list[Entry]:
    """By time, request and sequence. What belongs to no request stays behind the last one that was there."""
    latest = 0
    places: list[tuple[float, int, int]] = []
    for index, entry in enumerate(talk):
        latest = max(latest, entry.request or 0)
        places.append((entry.time, entry.request or latest, index))
    return [talk[index] for _, _, index in sorted(places)]


def _rank(thread: list[Entry]) -> tuple[float, list[bytes]]:
    """What connections and exchanges are sorted by: when they began, then what happened. Those that are equal in
    both may stand in any order."""
    numberless = (replace(entry, sequence=1, connection=None) for entry in thread)
    if thread[0].connection is None:
        numberless = (replace(entry, request=None) for entry in numberless)
    return thread[0].time, [orjson.dumps(entry.json()) for entry in numberless]


def _connections(talks: list[list[Entry]]) -> Iterator[Entry]:
    for connection, talk in enumerate(talks, 1):
        for sequence, entry in enumerate(talk, 1):
            yield replace(entry, connection=connection, sequence=sequence)


def _plain(threads: list[list[Entry]]) -> Iterator[Entry]:
    exchanges, sequences = count(1), count(1)
    for thread in threads:
        exchange = None if thread[0].request is None else next(exchanges)
        for entry in thread:
            yield replace(entry, request=exchange, sequence=next(sequences))
