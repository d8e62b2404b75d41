"""What generated messages get is judged one by one, over a connection that is kept as long as it is good."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import strategies as st

from hamsa_conformance.client.requests import tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.generated.bounds import CHARACTERS, LONGEST
from hamsa_conformance.generated.line import Line
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_conformance.running.bench import Place, bench_at
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_mock import MockServer
from hamsa_schemas import BehaviourValue
from tests.conformance.bench import bench_of
from tests.conformance.foreign.bad_targets import Guest, Target, frame

RIGHT = tts("أهلا")
WRONG: dict[str, Any] = {"type": "tts", "payload": {}}
MALFORMED = "{"
SECOND_OF_SILENCE = wav_bytes(PCM_16000_16, bytes(32_000))


@contextmanager
def server_with(behaviours: dict[str, BehaviourValue]) -> Iterator[Server]:
    """A mock that behaves so, as a case sees it."""
    with MockServer(behaviours=behaviours) as mock, bench_of(mock) as bench:
        server = bench.server()
        try:
            yield server
        finally:
            for connection in server.connections:
                connection.release()


def test_right_and_wrong_messages_share_a_connection(server: Server) -> None:
    line = Line(server)
    line.expect_speech(RIGHT)
    line.expect_error(WRONG)
    line.expect_error(MALFORMED)
    line.expect_speech(RIGHT)
    assert len(server.connections) == 1


def test_end_behind_an_error_belongs_to_the_error() -> None:
    """No document says whether there is one."""
    with server_with({"hamsa.error.end": "end"}) as server:
        line = Line(server)
        line.expect_error(WRONG)
        line.expect_error(WRONG)
        line.expect_speech(RIGHT)


@contextmanager
def server_that_answers(*messages: str) -> Iterator[Server]:
    """A server that answers the first message of a client with these texts."""

    def serve(guest: Guest) -> None:
        guest.upgrade()
        guest.say("info", "Connected to realtime WebSocket server")
        guest.hear()
        for message in messages:
            guest.send(frame(1, message.encode()))
        guest.stay()

    with Target(serve, None) as target:
        origin = f"127.0.0.1:{target.port}"
        place = Place(ws_url=f"ws://{origin}/v1/realtime/ws", http_url=f"http://{origin}", timeout=2)
        with bench_at(place) as bench:
            server = bench.server()
            try:
                yield server
            finally:
                for connection in server.connections:
                    connection.release()


def test_ack_may_come_before_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "any")
    error = '{"type": "error", "payload": {"message": "TTS stream error: aborted"}}'
    with server_that_answers('{"type": "ack", "payload": {"message": "…"}}', error) as server:
        Line(server).expect_error(WRONG)


def test_error_without_words_is_not_as_it_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "any")
    with server_that_answers('{"type": "error", "payload": "no"}') as server, pytest.raises(Unmet) as raised:
        Line(server).expect_error(WRONG)
    assert raised.value.expected == "an error with payload.message, a text"


def test_speech_in_place_of_an_error_is_not_as_it_must_be(server: Server) -> None:
    with pytest.raises(Unmet) as raised:
        Line(server).expect_error(RIGHT)
    assert raised.value.expected == "an error"
    assert "a binary message" in raised.value.actual


def test_error_in_place_of_speech_is_not_as_it_must_be(server: Server) -> None:
    with pytest.raises(Unmet, match="Invalid payload for message type: tts"):
        Line(server).expect_speech(tts(""))


def test_transcript_may_be_empty_but_no_error(server: Server) -> None:
    line = Line(server)
    line.expect_transcript(SECOND_OF_SILENCE, 1.0, {"language": "en", "eosThreshold": 0.5})
    with pytest.raises(Unmet) as raised:
        line.expect_transcript(b"no recording", 1.0, {})
    assert raised.value.expected == "a transcript"


def test_error_has_the_documented_words_where_there_are_any(server: Server) -> None:
    line = Line(server)
    line.expect_error(WRONG)
    line.expect_error(WRONG, "Something else", "Invalid payload for message type: tts")
    with pytest.raises(Unmet) as raised:
        line.expect_error(WRONG, "Something else")
    assert (raised.value.expected, raised.value.actual) == (
        "the error Something else",
        "Invalid payload for message type: tts",
    )


def test_limit_of_requests_says_nothing_of_the_message() -> None:
    with server_with({"hamsa.limit.requests": 1}) as server:
        line = Line(server)
        line.expect_speech(RIGHT)
        with pytest.raises(CannotTell, match="limit"):
            line.expect_transcript(SECOND_OF_SILENCE, 1.0, {})
        with pytest.raises(CannotTell, match="limit"):
            line.expect_error(tts("نعم"))


def test_search_goes_on_over_another_connection_after_a_failure(server: Server) -> None:
    line = Line(server)
    messages = st.sampled_from([WRONG, RIGHT, MALFORMED])
    with pytest.raises(Unmet, match="sent was"):
        line.check(messages, line.expect_error)
    line.expect_speech(RIGHT)
    assert len(server.connections) == 2


def test_no_more_messages_are_sent_than_a_case_may(server: Server) -> None:
    line = Line(server, most=3)
    line.check(st.sampled_from(range(100)), lambda number: line.expect_error({"number": number}))
    assert server.connections[0].session.requests == 3


def test_no_more_characters_are_spoken_than_a_case_may(server: Server) -> None:
    line = Line(server)
    texts = st.sampled_from(range(100)).map(lambda number: tts(f"{number:04}" * (LONGEST // 4) * 10))
    line.check(texts, line.expect_speech, tries=100)
    assert CHARACTERS - LONGEST <= server.meter.spent.characters < CHARACTERS + 10 * LONGEST


def test_plainer_message_is_not_looked_for_longer_than_patience_allows() -> None:
    """Each silence costs a timeout."""
    with server_with({}) as server:
        line = Line(server)
        failures: list[int] = []

        def check(number: int) -> None:
            if number > 10:
                failures.append(number)
                server.wait(server.timeout * 2)
                raise Unmet("something", "nothing")

        with pytest.raises(Unmet):
            line.check(st.sampled_from(range(100)), check)
    assert len(failures) == 2
