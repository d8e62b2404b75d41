"""Answers that are cut short because too many connections were opened, and what helps against it.

Only a mock can be made to do it: what causes it at the service is not known for sure.
"""

from hamsa_conformance.case import Case, case, family
from hamsa_conformance.client.answer import CUT_BYTES, TRUNCATED_BELOW
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import require, require_equal
from hamsa_conformance.vocabulary.speech import require_whole
from hamsa_conformance.vocabulary.steering import connect_as, new_keys

FEW, MANY = 3, 1000
"""Connections that a key or an address may open in these cases before answers are cut short. No source has a number."""

PAUSE = 60.0

_CHARACTERS = len(SENTENCE)


@case(
    "hamsa.truncation.cut_answer",
    title="The answer on one connection too many",
    expects="The server sends 640 bytes in one chunk, between the usual ack and the usual end.",
    statements=("FAQ-1",),
    needs=("mock",),
    characters=_CHARACTERS,
)
def cut_answer(server: Server) -> None:
    client = _one_too_many(server)
    answer = client.answer(client.ask(), judges_cut=True)
    require_equal(answer.types, ["ack", "chunk", "end"], "the messages")
    require_equal(answer.chunks, [CUT_BYTES], "the bytes of each chunk")
    client.nothing_more()


@case(
    "hamsa.truncation.used_again",
    title="The next answers on a connection",
    expects="The server cuts no answer short on a connection that is used again, whatever it did with the first one.",
    statements=("FAQ-2",),
    needs=("mock",),
    characters=4 * _CHARACTERS,
)
def used_again(server: Server) -> None:
    client = _one_too_many(server)
    client.answer(client.ask(), judges_cut=True)
    for _ in range(3):
        answer = client.answer(client.ask(), judges_cut=True)
        require(
            len(answer.audio) > TRUNCATED_BELOW, f"more than {TRUNCATED_BELOW:,} bytes", f"{len(answer.audio):,} bytes"
        )
        require_whole(answer)


@case(
    "hamsa.truncation.few_connections",
    title="The answers on the first connections",
    expects="The server cuts no answer short while a key and its address open few connections.",
    statements=("FAQ-1", "FAQ-2"),
    needs=("mock",),
    characters=2 * _CHARACTERS,
)
def few_connections(server: Server) -> None:
    _cut_above(server, by_key=FEW, by_address=FEW)
    for _ in range(2):
        client = server.connect()
        require_whole(client.answer(client.ask(), judges_cut=True))


@case(
    "hamsa.truncation.first_request",
    title="The very first request of a key",
    expects="The server cuts it short where too many connections come from its address, whoever opened the others.",
    statements=("FAQ-3",),
    needs=("mock",),
    characters=_CHARACTERS,
)
def first_request(server: Server) -> None:
    _cut_above(server, by_key=MANY, by_address=FEW)
    [key] = new_keys(server, 1)
    for _ in range(FEW):
        server.connect()
    client = connect_as(server, key)
    answer = client.answer(client.ask(), judges_cut=True)
    require_equal(answer.chunks, [CUT_BYTES], "the bytes of each chunk")


@case(
    "hamsa.truncation.after_a_pause",
    title="A new connection after a pause",
    expects="The server cuts no answer short 60 seconds after too many connections were opened.",
    statements=("FAQ-4",),
    needs=("mock",),
    characters=_CHARACTERS,
)
def after_a_pause(server: Server) -> None:
    _one_too_many(server)
    server.wait(PAUSE)
    client = server.connect()
    require_whole(client.answer(client.ask(), judges_cut=True))


def _again(name: str, seconds: float) -> Case:
    @case(
        f"hamsa.truncation.again[{name.replace(' ', '_')}]",
        title=f"The same request again after {name}",
        expects="The server sends the whole audio for a request that is repeated on the same connection.",
        statements=("FAQ-5",),
        needs=("mock",),
        characters=2 * _CHARACTERS,
    )
    def again(server: Server) -> None:
        client = _one_too_many(server)
        client.answer(client.ask(), judges_cut=True)
        server.wait(seconds)
        require_whole(client.answer(client.ask(), judges_cut=True))

    return again


again = family({"1 s": 1.0, "2 s": 2.0, "4 s": 4.0}, _again)


def _cut_above(server: Server, by_key: int, by_address: int) -> None:
    """Answers are cut short above so many new connections."""
    server.hurry()
    server.mock.behaviours.update(
        {
            "hamsa.tts.truncation": "connections",
            "hamsa.limit.connections_per_key": by_key,
            "hamsa.limit.connections_per_address": by_address,
        }
    )


def _one_too_many(server: Server) -> Connection:
    """The last one of too many new connections of a key."""
    _cut_above(server, by_key=FEW, by_address=MANY)
    return [server.connect() for _ in range(FEW + 1)][-1]
