"""What is seen of answers that are cut short."""

from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.measuring import TRUNCATED_BYTES, is_silent
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.vocabulary.fitting import border
from hamsa_conformance.vocabulary.observation import observing
from hamsa_conformance.vocabulary.steering import LONG, close_all, connect_as, connecting_seconds, new_keys

TRUNCATION, PROBABILITY = "hamsa.tts.truncation", "hamsa.tts.truncation_probability"
TRUNCATED_AUDIO = "hamsa.tts.truncated_audio"
WINDOW = "hamsa.limit.connections_window"
PER_KEY, PER_ADDRESS = "hamsa.limit.connections_per_key", "hamsa.limit.connections_per_address"

CONNECTIONS, ANSWERS = 3, 3
MANY_ANSWERS = 20
"""On each connection of a mock, which takes no money for them."""
MOST_CONNECTIONS = 32
"""Of one key, and of one address. A limit that lies higher is not told from none."""
ANSWER_SECONDS = 20.0
"""No answer to a sentence takes longer."""


@observing(TRUNCATION, characters=CONNECTIONS * ANSWERS * len(SENTENCE))
def truncation(server: Server) -> None:
    firsts, laters = _cuts(server, ANSWERS)
    if any(laters):
        server.observe(TRUNCATION, "random")
    elif all(firsts):
        server.observe(TRUNCATION, "first_answer")
    # Else more answers or more connections may show it: what all cases hear counts in the profile.


@observing(PROBABILITY, TRUNCATION, needs=("mock",), characters=CONNECTIONS * MANY_ANSWERS * len(SENTENCE))
def truncation_probability(server: Server) -> None:
    firsts, laters = _cuts(server, MANY_ANSWERS)
    if any(laters):
        server.observe(TRUNCATION, "random")
        server.observe(PROBABILITY, round(sum(firsts + laters) / len(firsts + laters), 2))


@observing(PER_KEY, PER_ADDRESS, TRUNCATION, needs=("mock",), characters=2 * MOST_CONNECTIONS * len(SENTENCE))
def new_connections(server: Server) -> None:
    by_address = first_cuts(server, new_keys(server, MOST_CONNECTIONS))
    server.wait(LONG)
    by_key = first_cuts(server, new_keys(server, 1) * MOST_CONNECTIONS)
    if not any(by_address + by_key):
        server.observe(TRUNCATION, "never")
        return
    of_address, of_key = limit_of(by_address), limit_of(by_key)
    if of_address is None and of_key is None:
        raise NotTried("it is not the number of connections that cuts answers short")
    server.observe(TRUNCATION, "connections")
    if of_address is not None:
        server.observe(PER_ADDRESS, of_address)
    if of_key is not None and (of_address is None or of_key < of_address):
        server.observe(PER_KEY, of_key)


@observing(WINDOW, needs=("mock",), characters=2 * MOST_CONNECTIONS * len(SENTENCE))
def connections_window(server: Server) -> None:
    limit = limit_of(first_cuts(server, new_keys(server, 1) * MOST_CONNECTIONS))
    if limit is None:
        raise NotTried("it is not the number of connections that cuts answers short")

    connecting = connecting_seconds(server)

    def still_counts(seconds: float) -> bool:
        server.wait(LONG)
        (key,) = new_keys(server, 1)
        close_all([connect_as(server, key) for _ in range(limit)])
        server.wait(max(seconds - limit * connecting, 0))  # from the first of them to the one that follows
        return first_cuts(server, [key])[0]

    window = border(still_counts, first=1, most=LONG, factor=4)
    if window is None:
        raise NotTried(f"connections still count after {LONG:g} s")
    server.observe(WINDOW, window)


@observing(TRUNCATED_BYTES, TRUNCATED_AUDIO, needs=("mock",), characters=len(SENTENCE))
def truncated(server: Server) -> None:
    (key,) = new_keys(server, 1, truncation="first_answer")
    client = connect_as(server, key)
    answer = client.answer(client.ask(), judges_cut=True)
    if not answer.is_truncated:
        raise NotTried("an answer that should be cut short is not")
    server.observe(TRUNCATED_BYTES, len(answer.audio))
    if answer.samples:
        server.observe(TRUNCATED_AUDIO, "silence" if is_silent(answer.samples) else "beginning")


def first_cuts(server: Server, keys: list[str]) -> list[bool]:
    """Open a connection with each key and ask for speech; which of the answers are cut short."""
    clients = [connect_as(server, key) for key in keys]
    asked = [client.ask(mulaw=True) for client in clients]
    server.wait(ANSWER_SECONDS)  # in one go, because the times do not matter
    answers = [client.answer(ask, judges_cut=True) for client, ask in zip(clients, asked, strict=True)]
    close_all(clients)
    return [answer.is_truncated for answer in answers]


def limit_of(cuts: list[bool]) -> int | None:
    """How many first answers were whole before all others were cut short; None: it is not so."""
    whole = cuts.index(True) if True in cuts else 0
    return whole if 0 < whole < len(cuts) and all(cuts[whole:]) else None


def _cuts(server: Server, answers: int) -> tuple[list[bool], list[bool]]:
    """Which first answers of connections are cut short, and which of the others."""
    firsts: list[bool] = []
    laters: list[bool] = []
    for _ in range(CONNECTIONS):
        client = server.connect()
        cuts = [cut for cut in (_cut(server, client) for _ in range(answers)) if cut is not None]
        firsts += cuts[:1]
        laters += cuts[1:]
    return firsts, laters


def _cut(server: Server, client: Connection) -> bool | None:
    """Whether the next answer is cut short; None: it is an error. One at a time, because answers may interleave."""
    asked = client.ask(mulaw=server.is_steered)
    if server.is_steered:
        server.wait(ANSWER_SECONDS)
    answer = client.answer(asked, judges_cut=True)
    return answer.is_truncated if answer.error is None else None
