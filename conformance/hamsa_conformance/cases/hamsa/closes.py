"""How connections end: at the client's wish, without a word, or with the server."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from hamsa_conformance.case import Case, Cost, case, family
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import unmet
from hamsa_conformance.vocabulary.turning_away import expect_to_be_turned_away
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.client_events import CloseFrame
from hamsa_kit.client_session import NO_CODE

Part: TypeAlias = Callable[[Connection], object]
"""What a client does with its connection first."""

Owed: TypeAlias = tuple[Part, Cost]
"""A request, and what it costs."""

RECORDING_SECONDS = 1.0
SILENT_RECORDING = wav_bytes(PCM_16000_16, bytes(PCM_16000_16.nbytes(RECORDING_SECONDS)))


def _answered(name: str, close: tuple[int | None, str]) -> Case:
    code, reason = close

    @case(
        f"hamsa.closes.answered[{name}]",
        title="The client closes " + (f"with {code}" if code else "without a code") + (" and a reason" * bool(reason)),
        expects="The server answers with a close frame, usually with the same code (another one is not strict), and"
        " ends the TCP connection (RFC 6455, 5.5.1).",
        basis="documented",
    )
    def answered(server: Server) -> None:
        client = server.connect()
        client.close(code, reason)
        _expect_closing(server, client, NO_CODE if code is None else code)

    return answered


answered = family(
    {
        "normal": (1000, ""),
        "without_code": (None, ""),
        "going_away": (1001, ""),
        "own_code": (4000, ""),
        "with_reason": (1000, "انتهت المكالمة، شكرا لكم"),
    },
    _answered,
)


@case(
    "hamsa.closes.before_greeting",
    title="The client closes before it has read anything",
    expects="The server answers with a close frame and ends the TCP connection (RFC 6455, 5.5.1).",
    basis="documented",
)
def before_greeting(server: Server) -> None:
    client = server.connect(greeting=False)
    client.close()
    _expect_closing(server, client, 1000)


def _in_answer(name: str, owed: Owed) -> Case:
    ask, cost = owed

    @case(
        f"hamsa.closes.in_answer[{name}]",
        title=f"The client closes while it is owed {name.replace('_', ' ')}",
        expects="The server answers with a close frame, ends the TCP connection (RFC 6455, 5.5.1), and serves the"
        " client that connects again.",
        basis="documented",
        characters=cost.characters,
        seconds=cost.seconds,
    )
    def in_answer(server: Server) -> None:
        client = server.connect()
        ask(client)
        client.close()
        _expect_closing(server, client, 1000)
        server.connect().ping()

    return in_answer


def _ask_and_read_some(client: Connection) -> None:
    client.ask()
    client.expect("ack")
    client.receive()


def _ask_for_a_transcript(client: Connection) -> None:
    client.send_speech(SILENT_RECORDING, RECORDING_SECONDS)


OWED: Mapping[str, Owed] = {
    "all_of_the_audio": (Connection.ask, Cost(characters=len(SENTENCE))),
    "the_rest_of_the_audio": (_ask_and_read_some, Cost(characters=len(SENTENCE))),
    "a_transcript": (_ask_for_a_transcript, Cost(seconds=RECORDING_SECONDS)),
}

in_answer = family(OWED, _in_answer)


@case(
    "hamsa.closes.ends_after_own_close",
    title="The client answers the close frame of the server",
    expects="The server ends the TCP connection (RFC 6455, 5.5.1 and 7.1.1).",
    statements=("API-17",),
)
def ends_after_own_close(server: Server) -> None:
    client = server.upgrade(None)
    expect_to_be_turned_away(server, client, "close.authentication_failed")
    _expect_end(client)


def _vanishes(name: str, part: Part) -> Case:
    @case(
        f"hamsa.closes.vanishes[{name}]",
        title=f"A connection is lost {name.replace('_', ' ')}, and the client connects again at once",
        expects="The server serves the client as if nothing had happened.",
        statements=("API-33",),
        kind="optimal",
        characters=2 * len(SENTENCE),
    )
    def vanishes(server: Server) -> None:
        client = server.connect()
        part(client)
        client.drop()
        server.connect().speak()

    return vanishes


BEFORE: Mapping[str, Part] = {"while_idle": Connection.ping, "within_an_answer": _ask_and_read_some}

vanishes = family(BEFORE, _vanishes)


@case(
    "hamsa.closes.shutdown",
    title="The server shuts down while one client waits and another one is being answered",
    expects="The server closes both connections with 1001, and ends the TCP connections.",
    statements=("API-20",),
    needs=("mock",),
    characters=len(SENTENCE),
)
def shutdown(server: Server) -> None:
    with server.spare() as spare:
        clients = idle, busy = spare.connect(), spare.connect()
        _ask_and_read_some(busy)
        idle.ping()
        spare.mock.shut_down()
        for client in clients:
            client.let_messages_pass()
            client.expect_close(server.facts.code("close.shutting_down"))
            _expect_end(client)


def _expect_closing(server: Server, client: Connection, code: int) -> None:
    """The server must answer the client's close frame, and end the connection. What was on its way before is let pass.

    Errors: Unmet. Another code is not strict: RFC 6455 has it as what servers typically do.
    """
    client.close_judged = True
    client.let_messages_pass()
    event = client.next_event()
    if not isinstance(event, CloseFrame):
        unmet("a close frame", "nothing" if event is None else shown_event(event), "close")
    if event.code != code:
        server.not_strict(f"a close with {code}", shown_event(event), "close")
    _expect_end(client)


def _expect_end(client: Connection) -> None:
    if not client.wait_for_end():
        unmet("the end of the TCP connection", "it stays open", "close")
