"""What is seen of the server's limits."""

from typing import Any

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.frame_bytes import TEXT, frame_bytes
from hamsa_conformance.client.requests import SENTENCE, tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, NotTried
from hamsa_conformance.vocabulary.fitting import border, greatest, roundest
from hamsa_conformance.vocabulary.observation import TRIES, observing, speak_whole, unlike
from hamsa_conformance.vocabulary.steering import LONG, close_all, connect_as, connecting_seconds, new_keys
from hamsa_kit.client_events import CloseFrame, TextMessage
from hamsa_kit.client_session import message_type
from hamsa_kit.proof import read_proof

CHARACTERS, LONG_TEXT = "hamsa.limit.text_characters", "hamsa.tts.long_text"
MESSAGE_BYTES = "hamsa.limit.message_bytes"
REQUESTS, WINDOW, COUNTS = "hamsa.limit.requests", "hamsa.limit.requests_window", "hamsa.limit.counts"

DOCUMENTED_CHARACTERS = 2000
"""API-6."""
MOST_CHARACTERS = 2 * DOCUMENTED_CHARACTERS
"""Where so many are spoken, no limit shows."""
SPOKEN_SHARE = 0.8
"""An answer that is shorter than this share of what its text needs has not all of it."""
WORD = "سلام "

LEAST_BYTES, MOST_BYTES = 1 << 10, 1 << 31
TOO_BIG = 1009
"""RFC 6455, 7.4.1."""

MOST_REQUESTS = 1000
"""A limit that lies higher is not told from none."""
MOST_PROBES = 20
BATCH = 50
SETTLED = 1800.0
"""Seconds, fewer than idle connections live, after which a new connection hardly counts any more."""
OTHER_CONNECTIONS = 2


@observing(CHARACTERS, LONG_TEXT, characters=2 * MOST_CHARACTERS)
def text_characters(server: Server) -> None:
    client = server.connect()
    pace = None if server.is_steered else _seconds_a_character(client)

    def spoken(count: int) -> int | None:
        """How many of so many characters are spoken, about; None: they are refused."""
        return _spoken(server, client, count, pace)

    over = DOCUMENTED_CHARACTERS + 1
    got = spoken(over)
    if got is None:
        limit = over - 1 if spoken(over - 1) is not None else greatest(lambda n: spoken(n) is not None, 0, over - 1)
        server.observe(LONG_TEXT, "refuse")
        server.observe(CHARACTERS, limit)
        return
    if got == over and (got := spoken(MOST_CHARACTERS)) is None:
        server.observe(LONG_TEXT, "refuse")
        server.observe(CHARACTERS, greatest(lambda n: spoken(n) is not None, over, MOST_CHARACTERS))
        return
    if got == MOST_CHARACTERS:
        server.observe(LONG_TEXT, "speak")
        return
    server.observe(LONG_TEXT, "cut")
    server.observe(CHARACTERS, got)


@observing(
    MESSAGE_BYTES,
    needs=("intrusive",),
    does="Announces messages of up to 2 GiB, each on a connection of its own, and does not send them.",
)
def message_bytes(server: Server) -> None:
    def accepts(nbytes: int) -> bool:
        client = server.connect()
        round_trip = -server.now() + client.ping().at
        client.send_bytes(frame_bytes(TEXT, claimed=nbytes))
        event = client.next_event(0.2 + 10 * round_trip)
        client.drop()
        if event is None:
            return True
        if isinstance(event, CloseFrame) and event.code == TOO_BIG:
            return False
        return unlike(MESSAGE_BYTES, f"{event!r} once {nbytes:,} bytes were announced")

    low, high = 0, LEAST_BYTES
    while high <= MOST_BYTES and accepts(high):
        low, high = high, 2 * high
    if high > MOST_BYTES:
        raise NotTried("no size is refused when it is announced")
    is_power = low > 0 and not accepts(low + 1)
    server.observe(MESSAGE_BYTES, low if is_power else greatest(accepts, low, high))


@observing(REQUESTS, needs=("mock", "voice:foreign"), characters=MOST_REQUESTS)
def requests(server: Server) -> None:
    limit = _requests_limit(server)
    if limit is None:
        raise NotTried(f"{MOST_REQUESTS:,} requests at a time are not too many")
    server.observe(REQUESTS, limit)


@observing(WINDOW, needs=("mock", "voice:foreign"), characters=MOST_PROBES * MOST_REQUESTS)
def requests_window(server: Server) -> None:
    limit = _requests_limit(server)
    if not limit:
        raise NotTried(f"{MOST_REQUESTS:,} requests at a time are not too many, or one is")
    connecting = connecting_seconds(server)

    def still_counts(seconds: float) -> bool:
        server.wait(LONG)
        (key,) = new_keys(server, 1)
        filling = connect_as(server, key)
        taken_before_refusal(server, filling, _refused_at_once(server), limit + 1)
        close_all([filling])
        server.wait(max(seconds - connecting, 0))
        trying = connect_as(server, key)
        taken = taken_before_refusal(server, trying, _refused_at_once(server), 1)
        close_all([trying])
        return taken == 0

    window = border(still_counts, first=1, most=LONG, factor=4)
    if window is None:
        raise NotTried(f"requests still count after {LONG:g} s")
    server.observe(WINDOW, window)


@observing(COUNTS, needs=("mock", "voice:foreign"), characters=MOST_REQUESTS)
def counts(server: Server) -> None:
    limit = _requests_limit(server)
    if not limit:
        raise NotTried(f"{MOST_REQUESTS:,} requests at a time are not too many, or one is")
    alone, among = new_keys(server, 2)
    taken_alone = taken_before_refusal(server, connect_as(server, alone), "not json", limit + 1)
    if taken_alone > limit:
        server.observe(COUNTS, "requests")
        return
    others = [connect_as(server, among) for _ in range(OTHER_CONNECTIONS)]
    taken_among = taken_before_refusal(server, connect_as(server, among), "not json", limit + 1)
    close_all(others)
    server.observe(COUNTS, "messages" if taken_among == taken_alone else "messages_and_connections")


def taken_before_refusal(server: Server, client: Connection, message: object, most: int) -> int:
    """Send a message, to which an error is the answer, until the limit is reached; how many were not too many."""
    too_many = server.facts.text("text.rate_limit_exceeded")
    taken = 0
    while taken < most:
        batch = min(BATCH, most - taken)
        for _ in range(batch):
            client.send(message)
        errors = [_next_error(client) for _ in range(batch)]
        refused = sum(too_many in error for error in errors)
        taken += batch - refused
        if refused:
            break
    return taken


def _requests_limit(server: Server) -> int | None:
    """How many valid requests a key may make at a time; None: more than are tried."""
    (key,) = new_keys(server, 1)
    client = connect_as(server, key)
    server.wait(SETTLED)  # connections may count too, but not for ever
    taken = taken_before_refusal(server, client, _refused_at_once(server), MOST_REQUESTS)
    close_all([client])
    return taken if taken < MOST_REQUESTS else None


def _refused_at_once(server: Server) -> dict[str, Any]:
    """A valid request that nobody has to wait for, because its voice is somebody else's."""
    return tts("a", speaker=server.voice("foreign"))


def _next_error(client: Connection) -> str:
    while True:
        message = client.receive(what="an error")
        if isinstance(message, TextMessage) and message_type(message.text) == "error":
            return message.text


def _seconds_a_character(client: Connection) -> float:
    answer = speak_whole(client)
    return answer.format.seconds(len(answer.samples)) / len(SENTENCE)


def _spoken(server: Server, client: Connection, count: int, pace: float | None) -> int | None:
    """`pace`: seconds of speech for a character, where its audio does not tell what it says. Errors: CannotTell."""
    text = (WORD * (count // len(WORD) + 1))[:count]
    for _ in range(TRIES):
        answer = client.answer(client.ask(text, mulaw=True), judges_cut=True)
        if answer.error is not None:
            if answer.error == server.facts.text("text.rate_limit_exceeded"):
                raise CannotTell("the key's limit of requests was reached")
            return None
        told = read_proof(answer.samples, answer.format)
        if told.whole and told.text is not None:
            return len(told.text)
        if pace is not None and not answer.is_truncated:
            share = answer.seconds / pace / count
            return count if share > SPOKEN_SHARE else round(roundest(0.9 * share * count, 1.1 * share * count))
    raise CannotTell(f"{TRIES} answers in a row were cut short")
