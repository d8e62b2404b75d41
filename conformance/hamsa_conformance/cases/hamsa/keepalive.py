"""Keep-alive: the server's pings, its pongs, and the end of a connection that nobody uses."""

from itertools import pairwise

from websockets.frames import Frame, Opcode

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried, require
from hamsa_conformance.vocabulary.hearing import SECONDS, WORDS, spoken_by, transcript_of

INTERVAL = 30.0
"""Seconds between two pings of the server (API-4)."""

INACTIVITY = 3600.0
"""Seconds without activity after which a connection is closed (API-3)."""

TOLERANCE = 0.9
"""Seconds by which a ping may be early or late."""

LENIENCE, LIVE_LENIENCE = 15.0, 60.0
"""Seconds by which the close after inactivity may be early or late: servers look for idle connections now and then. The
second one is for servers whose clock is not steered."""

CLOSE_CODE = 1000
LONGEST_PAYLOAD = 125


@case(
    "hamsa.keepalive.ping_every_30_seconds",
    title="A connection on which nothing happens",
    expects="The server sends a ping every 30 seconds.",
    statements=("API-4",),
    needs=("slow",),
)
def ping_every_30_seconds(server: Server) -> None:
    client = server.connect()
    begin = server.now()
    server.watch(3 * INTERVAL + TOLERANCE)
    client.nothing_more(0)
    _are_regular(client, begin, at_least=3)


@case(
    "hamsa.keepalive.pings_while_used",
    title="A connection that is used again and again",
    expects="The server sends its pings every 30 seconds all the same.",
    statements=("FAQ-7", "API-4"),
    needs=("slow",),
    characters=4 * len(SENTENCE),
)
def pings_while_used(server: Server) -> None:
    client = server.connect()
    begin = server.now()
    for _ in range(4):
        client.speak()
        server.watch(INTERVAL * 0.8)
    server.watch(TOLERANCE)
    _are_regular(client, begin, at_least=3)


@case(
    "hamsa.keepalive.closed_after_60_minutes",
    title="A connection without activity for 60 minutes",
    expects="The server closes it then with 1000, and not before.",
    statements=("API-3", "API-20"),
    needs=("slow",),
)
def closed_after_60_minutes(server: Server) -> None:
    # Whether a client's pongs are activity is not said. They may keep the one alive, and their lack end the other.
    lenience = LENIENCE if server.is_steered else LIVE_LENIENCE
    answering, silent = server.connect(), server.connect(answers_pings=False)
    server.wait(INACTIVITY - lenience)
    require(answering.ended is None, "an open connection before the 60 minutes have passed", "its end")
    silent_was_open = silent.ended is None
    server.watch(2 * lenience)
    if answering.ended is not None or answering.closed is not None:
        answering.expect_close(CLOSE_CODE, within=0)
    elif silent_was_open:
        silent.expect_close(CLOSE_CODE, within=0)
    else:
        raise NotTried("pongs are activity here, and a client that sends none is turned away before the 60 minutes")


def _activity(name: str, is_speech: bool) -> Case:
    @case(
        f"hamsa.keepalive.starts_anew[{name}]",
        title=f"A request for a {name} after 59 minutes",
        expects="The server closes the connection 60 minutes after that request, and not before.",
        statements=("API-3", "FAQ-6", "FAQ-7"),
        needs=("mock",),
        characters=len(SENTENCE) + len(WORDS),
        seconds=0.0 if is_speech else SECONDS,
    )
    def starts_anew(server: Server) -> None:
        # Were pongs activity, a client that answers pings would never be idle.
        server.mock.behaviours["hamsa.keepalive.activity"] = "messages"
        client = server.connect()
        speech = spoken_by(client)
        server.wait(INACTIVITY - 60)
        if is_speech:
            client.speak()
        else:
            transcript_of(client, speech)
        server.wait(INACTIVITY - LENIENCE)
        client.nothing_more(0)
        client.expect_close(CLOSE_CODE, within=2 * LENIENCE)

    return starts_anew


starts_anew = family({"voice": True, "transcript": False}, _activity)


@case(
    "hamsa.keepalive.in_use_for_two_hours",
    title="A connection that is used every 20 minutes for two hours",
    expects="The server keeps it open and answers each request.",
    statements=("FAQ-7", "FAQ-6", "API-1"),
    needs=("mock",),
    characters=7 * len(SENTENCE),
)
def in_use_for_two_hours(server: Server) -> None:
    client = server.connect()
    client.speak()
    for _ in range(6):
        server.wait(1200)
        client.speak()


def _pong(name: str, payload: bytes) -> Case:
    @case(
        f"hamsa.keepalive.pong[{name}]",
        title=f"A ping of the client with a payload: {name.replace('_', ' ')}",
        expects="The server answers with a pong of the same payload (RFC 6455, 5.5.3).",
        statements=("FAQ-8",),
    )
    def pong(server: Server) -> None:
        server.connect().ping(payload)

    return pong


pongs = family(
    {"empty": b"", "text": "همسة".encode(), "zeros": bytes(4), "longest": bytes(range(LONGEST_PAYLOAD))}, _pong
)


@case(
    "hamsa.keepalive.ping_every_20_seconds",
    title="A client that pings every 20 seconds",
    expects="The server answers each ping within 10 seconds.",
    statements=("FAQ-8",),
    needs=("slow",),
)
def ping_every_20_seconds(server: Server) -> None:
    client = server.connect()
    within = server.facts.number("client.pong_timeout_seconds")
    for number in range(4):
        client.ping(b"%d" % number, within)
        server.watch(server.facts.number("client.ping_interval_seconds"))


@case(
    "hamsa.keepalive.pings_in_a_row",
    title="Five pings of the client, one behind the other",
    expects="The server answers the last one at least, and none that was not sent (RFC 6455, 5.5.3).",
    statements=("FAQ-8",),
)
def pings_in_a_row(server: Server) -> None:
    client = server.connect()
    sent = [b"1", b"2", b"3", b"4"]
    client.send_frames(*[Frame(Opcode.PING, payload) for payload in sent])
    client.ping(b"5")
    answered = [pong.payload for pong in client.pongs]
    in_order = [payload for payload in (*sent, b"5") if payload in answered]
    require(answered == in_order, "pongs in the order of the pings, one for each at most", answered)


@case(
    "hamsa.keepalive.ping_during_answer",
    title="A ping of the client while audio comes",
    expects="The server answers the ping, and the audio is whole.",
    statements=("FAQ-8", "WST-6"),
    characters=len(SENTENCE),
)
def ping_during_answer(server: Server) -> None:
    client = server.connect()
    asked = client.ask()
    if client.peek_type() == "ack":
        asked.messages.append(client.receive())
    client.peek()
    client.ping(b"between chunks")
    answer = client.answer(asked)
    require(answer.error is None and len(answer.audio) > 0, "audio and end", ", ".join(answer.types))
    require(answer.is_whole is not False, "the whole of the text", "audio that lacks something")


@case(
    "hamsa.keepalive.unsolicited_pong",
    title="A pong of the client that answers nothing",
    expects="The server ignores it (RFC 6455, 5.5.3).",
    statements=("API-1",),
)
def unsolicited_pong(server: Server) -> None:
    client = server.connect()
    client.send_frames(Frame(Opcode.PONG, b"unasked"))
    client.nothing_more(0.5)
    client.ping()


def _are_regular(client: Connection, begin: float, at_least: int) -> None:
    """Pings come every 30 seconds; the first one may come earlier, since a server may count from something else.

    Errors: Unmet."""
    times = [ping.at - begin for ping in client.pings]
    shown = f"pings after {', '.join(f'{time:.2f}' for time in times)} s" if times else "no ping"
    gaps = [after - before for before, after in pairwise(times)]
    regular = all(abs(gap - INTERVAL) <= TOLERANCE for gap in gaps)
    soon = bool(times) and times[0] <= INTERVAL + TOLERANCE
    require(soon and regular and len(times) >= at_least, "a ping every 30 s", shown)
