"""Which entry of a transcript a finding is about."""

from collections.abc import Callable

from hamsa_conformance.client.server import Server
from hamsa_kit.transcript import Entry
from hamsa_mock import MockServer
from tests.conformance.bench import judged


def marked(mock: MockServer, run: Callable[[Server], None]) -> tuple[Entry, tuple[Entry, ...]]:
    """The entry that the finding of a story is about, and the whole transcript."""
    result = judged(mock, run)
    (finding,) = (each for each in result.findings if each.axis == "messages")
    assert finding.position is not None
    return result.transcript[finding.position - 1], result.transcript


def test_wrong_message_is_marked_though_more_has_come(mock: MockServer) -> None:
    def run(server: Server) -> None:
        client = server.connect()
        client.ask()
        server.wait(30)
        client.expect("end")

    entry, transcript = marked(mock, run)
    assert entry.type == "ack"
    assert transcript[-1] != entry, "the audio had come"


def test_message_of_the_connection_that_was_used_last_is_marked(mock: MockServer) -> None:
    def run(server: Server) -> None:
        first, second = server.connect(), server.connect()
        first.ask()
        second.ask()
        server.wait(30)
        second.expect("ack")
        first.expect("end")

    entry, _ = marked(mock, run)
    assert (entry.type, entry.connection) == ("ack", 1)


def test_last_entry_is_marked_where_nothing_came(mock: MockServer) -> None:
    def run(server: Server) -> None:
        client = server.connect()
        client.ping()
        client.expect("ack", within=1)

    entry, transcript = marked(mock, run)
    assert entry == next(each for each in reversed(transcript) if each.kind == "pong")


def test_answer_over_http_is_marked_though_a_message_was_not_looked_at(mock: MockServer) -> None:
    def run(server: Server) -> None:
        client = server.connect()
        client.ask()
        server.wait(30)
        client.expect("ack")
        server.rest("GET", "/nowhere")
        client.drop()
        client.require_open()

    entry, _ = marked(mock, run)
    assert entry.kind == "http_answer"


def test_story_without_a_connection_is_about_its_last_entry(mock: MockServer) -> None:
    def run(server: Server) -> None:
        server.rest("GET", "/nowhere")
        server.error_words("no words", "other words")

    entry, _ = marked(mock, run)
    assert entry.kind == "http_answer"
