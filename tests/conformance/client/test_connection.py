"""A connection as a case uses it, at a real mock."""

import pytest
from websockets.frames import Frame, Opcode

from hamsa_conformance.client.requests import SENTENCE, tts
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_kit.client_events import (
    BinaryMessage,
    PongFrame,
    TextMessage,
)
from hamsa_kit.client_session import message_type
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of


def test_answer_has_every_message_with_the_time_on_the_mocks_clock(server: Server) -> None:
    answer = server.connect().speak()
    assert answer.types[0] == "ack"
    assert answer.types[-1] == "end"
    assert set(answer.types[1:-1]) == {"chunk"}
    assert answer.chunk_times[0] == pytest.approx(0.3)
    assert answer.is_whole


def test_answer_that_is_cut_short_cannot_be_judged(server: Server) -> None:
    server.mock.behaviours["hamsa.tts.truncation"] = "first_answer"
    client = server.connect()
    with pytest.raises(CannotTell, match="cut short: 640 bytes"):
        client.speak()
    assert client.speak().is_whole


def test_answer_that_is_limited_cannot_be_judged(server: Server) -> None:
    client = server.connect("rate-limited")
    with pytest.raises(CannotTell, match="limit of requests"):
        client.speak()


def test_error_is_no_speech(server: Server) -> None:
    with pytest.raises(Unmet, match=r"got the error 'Voice not owned by user'"):
        server.connect().speak(speaker=server.voice("foreign"))


def test_steered_server_that_stalls_is_judged(server: Server) -> None:
    server.mock.faults.arm("stall after chunk 1")
    client = server.connect()
    with pytest.raises(Unmet, match="expected the rest of an answer; got nothing"):
        client.speak(within=5)


def test_transcript_is_heard(server: Server) -> None:
    client = server.connect()
    wav = server.rest("POST", "/v1/realtime/tts", tts("مرحبا")["payload"]).body
    assert client.hear(wav, 0.5).text == "مرحبا"


def test_audio_in_place_of_a_transcript_is_unmet(server: Server) -> None:
    client = server.connect()
    (number,) = [connection["number"] for connection in server.mock.connections.open()]
    server.mock.connections.send(number, b"audio")
    with pytest.raises(Unmet, match="expected a transcript; got a binary message of 5 bytes"):
        client.hear(b"RIFF", 0)


def test_other_message_than_the_expected_one_is_unmet(server: Server) -> None:
    client = server.connect(greeting=False)
    with pytest.raises(Unmet, match=r"a message of type ack; got the text .*Connected"):
        client.expect("ack")
    client.ask()
    client.expect("ack")
    with pytest.raises(Unmet, match="a message of type end; got a binary message of"):
        client.expect("end")


def test_silence_is_unmet_after_its_time_on_the_clock_that_counts(server: Server) -> None:
    client = server.connect()
    begin = server.now()
    with pytest.raises(Unmet, match="expected a message; got nothing in 10 s"):
        client.receive()
    assert server.now() == begin + 10


def test_nothing_more_is_met_by_silence_alone(server: Server) -> None:
    client = server.connect()
    client.nothing_more()
    client.ask()
    with pytest.raises(Unmet, match="expected nothing more; got the text"):
        client.nothing_more()


def test_error_with_words_that_no_document_has_for_it_is_not_strict(server: Server) -> None:
    client = server.connect()
    (number,) = [connection["number"] for connection in server.mock.connections.open()]
    server.mock.connections.send(number, '{"type": "error", "payload": {"message": "I cannot dance"}}')
    client.expect_error("Unsupported message type: dance", documented=False)
    (finding,) = server.findings
    assert (finding.verdict, finding.actual) == ("NON-STRICT", "I cannot dance")


def test_error_with_the_words_of_another_one_is_unmet(server: Server) -> None:
    client = server.connect()
    client.send({"type": "sing", "payload": {}})
    with pytest.raises(Unmet, match="Unsupported message type: sing"):
        client.expect_error("Unsupported message type: dance")


def test_error_of_another_shape_is_unmet(server: Server) -> None:
    client = server.connect()
    (number,) = [connection["number"] for connection in server.mock.connections.open()]
    server.mock.connections.send(number, '{"type": "error", "payload": "No"}')
    with pytest.raises(Unmet, match=r"payload\.message"):
        client.expect_error("No")


def test_close_is_awaited_with_its_code(server: Server) -> None:
    client = server.connect("unknown", greeting=False)
    client.expect_error(server.facts.text("text.unknown_key"))
    closed = client.expect_close(4001)
    assert closed.reason == server.facts.text("text.unknown_key")
    assert client.wait_for_end()
    assert client.close_judged


def test_other_code_is_unmet_on_the_axis_of_closes(server: Server) -> None:
    client = server.connect("unknown", greeting=False)
    client.expect("error")
    with pytest.raises(Unmet) as caught:
        client.expect_close(4003)
    assert caught.value.axis == "close"


def test_missing_close_is_unmet(server: Server) -> None:
    client = server.connect()
    with pytest.raises(Unmet, match="a close with 1000; got nothing") as caught:
        client.expect_close(1000, within=5)
    assert caught.value.axis == "close"
    client.ask()
    with pytest.raises(Unmet, match="a close with 1000; got the text"):
        client.expect_close(1000)


def test_connection_that_ends_says_how(server: Server) -> None:
    server.mock.faults.arm("reset after ack")
    client = server.connect()
    with pytest.raises(Unmet, match="got a reset of the connection"):
        client.speak()
    server.mock.faults.clear()
    server.mock.faults.arm("fin after ack")
    other = server.connect()
    with pytest.raises(Unmet, match="got the end of the connection without a close frame"):
        other.speak()
    assert other.wait_for_end()


def test_ping_gets_its_pong(server: Server) -> None:
    client = server.connect()
    assert client.ping(b"a") == PongFrame(b"a", server.now())


def test_missing_pong_is_unmet(server: Server) -> None:
    server.mock.faults.arm("drop instead of pong")
    client = server.connect()
    with pytest.raises(Unmet, match="a pong with b'a'"):
        client.ping(b"a", within=2)


def test_pings_of_the_server_are_kept_with_their_times(server: Server) -> None:
    client = server.connect()
    begin = server.now()
    server.watch(65)
    assert [ping.at - begin for ping in client.pings] == pytest.approx([30, 60])
    client.ping(b"still there")


def test_frames_and_bytes_may_be_wrong(server: Server) -> None:
    client = server.connect()
    client.send_frames(Frame(Opcode.CONT, b"from nowhere"))
    assert client.expect_close(1002)
    other = server.connect()
    other.send_bytes(b"\xc1\x80\0\0\0\0")
    raw = server.transcript[-1]
    assert (raw.kind, raw.event, raw.size) == ("raw", "bytes", 6)
    other.expect_close(1002)


def test_text_bytes_and_json_may_be_sent(server: Server) -> None:
    client = server.connect()
    for message in ("not json", b"binary", {"no": "type"}):
        client.send(message)
        client.expect("error")
    assert server.meter.requests == 3


def test_large_message_is_sent_while_the_server_answers(server: Server) -> None:
    client = server.connect()
    client.send({"type": "tts", "payload": {"text": "x" * 6_000_000}})
    client.expect("error")


def test_upgrade_that_is_refused_is_told(server: Server) -> None:
    server.mock.behaviours["hamsa.auth.failure"] = "http_401"
    connection = server.upgrade("unknown")
    assert connection.refusal.startswith("HTTP 401")
    with pytest.raises(Unmet, match="expected an open connection; got HTTP 401"):
        server.connect("unknown")


def test_server_that_cannot_be_steered_gets_its_time_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "hamsa-test-key")
    with MockServer(profile="instant") as mock, bench_of(mock, steered=False, timeout=0.2) as bench:
        mock.faults.arm("stall after chunk 1")
        server = bench.server()
        with pytest.raises(CannotTell, match=r"did not go on for 0\.2 s"):
            server.connect().speak()
        for connection in server.connections:
            connection.release()


def test_next_message_can_be_looked_at_and_stays_the_next_one(server: Server) -> None:
    client = server.connect(greeting=False)
    assert client.peek_type() == "info"
    assert client.peek() == client.receive()
    assert client.peek(within=1) is None
    assert client.peek_type() is None


def test_only_json_messages_have_a_type_to_look_at(server: Server) -> None:
    client = server.connect()
    client.ask()
    client.expect("ack")
    assert client.peek_type() is None
    assert isinstance(client.receive(), BinaryMessage)


def test_close_without_a_code_is_answered(server: Server) -> None:
    client = server.connect()
    client.close(None)
    client.expect_close(1005)


def test_dropped_connection_is_gone_for_the_server(server: Server) -> None:
    client = server.connect()
    client.drop()
    assert client.fileno() == -1
    assert server.mock.journal.verify(kind="lost", timeout=5)


def test_speech_that_is_cut_short_can_be_taken_for_what_it_is(server: Server) -> None:
    server.mock.behaviours["hamsa.tts.truncation"] = "first_answer"
    assert server.connect().speak(judges_cut=True).chunks == [640]
    with pytest.raises(CannotTell, match="limit of requests"):
        server.connect("rate-limited").speak(judges_cut=True)


def test_speech_is_asked_for_by_any_message_with_a_text(server: Server) -> None:
    client = server.connect()
    answer = client.answer(client.ask_as({"id": 1, **tts("مرحبا", mulaw=True)}))
    assert answer.format.name == "ULAW_8000_8"
    assert answer.is_whole
    assert server.meter.spent.characters == len("مرحبا")


def test_message_over_a_connection_that_the_server_has_closed_is_unmet(server: Server) -> None:
    """And no defect of the suite: a server that closes behind an answer is to blame."""
    client = server.connect("expired", greeting=False)
    assert client.wait_for_end()
    for say in (lambda: client.send("…"), client.ask, client.ping, lambda: client.hear(b"", 0.0)):
        with pytest.raises(Unmet) as raised:
            say()
        assert raised.value.expected == "a connection that is open"
        assert "4001" in raised.value.actual


LONG_TEXT = 20 * SENTENCE
"""So long that its audio comes in dozens of chunks, of which each has a second or two."""


def chunks_come_every(server: Server, seconds: float) -> None:
    server.mock.behaviours.update({"hamsa.tts.chunk_gap": seconds, "hamsa.tts.chunking": "seconds"})


@pytest.mark.parametrize("judges_cut", [False, True])
def test_answer_that_does_not_end_is_unmet_however_busy_it_is(server: Server, judges_cut: bool) -> None:
    chunks_come_every(server, 9.5)
    begin = server.now()
    with pytest.raises(Unmet, match="expected the end of an answer; got an answer that does not end"):
        server.connect().speak(LONG_TEXT, judges_cut=judges_cut)
    assert server.now() - begin < 60 + 0.2 * len(LONG_TEXT) + 10


def test_long_text_may_take_its_time(server: Server) -> None:
    chunks_come_every(server, 4)
    begin = server.now()
    assert server.connect().speak(LONG_TEXT).is_whole
    assert server.now() - begin > 70, "a minute does not end it"


def test_messages_that_go_on_are_unmet(server: Server) -> None:
    chunks_come_every(server, 9.5)
    client = server.connect()
    client.ask(LONG_TEXT)
    with pytest.raises(Unmet, match="expected messages that end; got more of them after 60 s"):
        client.let_messages_pass()


def test_messages_end_before_a_close_which_stays_the_next_event(server: Server) -> None:
    client = server.connect("unknown", greeting=False)
    (told,) = client.messages()
    assert isinstance(told, TextMessage)
    assert message_type(told.text) == "error"
    client.expect_close(4001)


def test_end_behind_an_error_spoils_nothing_that_follows(server: Server) -> None:
    server.mock.behaviours["hamsa.error.end"] = "end"
    client = server.connect()
    refused = tts("مرحبا", speaker=None)
    assert client.answer(client.ask(speaker=None)).error is not None
    assert client.speak().is_whole
    for _ in range(2):
        client.send(refused)
        client.expect_error("Invalid payload for message type: tts")
    wav = wav_bytes(PCM_16000_16, bytes(32_000))
    assert message_type(client.hear(wav, 1.0).text) != "end"


def test_end_alone_is_an_answer_without_audio(server: Server) -> None:
    server.mock.faults.arm("drop instead of ack")
    client = server.connect()
    asked = client.answer(client.ask(), judges_cut=True)
    assert asked.types[-1] == "end"


def test_limit_and_silence_leave_a_transcript_untold(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    with pytest.raises(CannotTell, match="limit of requests"):
        server.connect("rate-limited").hear(wav_bytes(PCM_16000_16, bytes(3200)), 0.1)
    monkeypatch.setenv("HAMSA_API_KEY", "hamsa-test-key")
    with MockServer() as mock, bench_of(mock, steered=False, timeout=0.1) as bench:
        mock.faults.arm("stall instead of transcript")
        other = bench.server()
        with pytest.raises(CannotTell, match=r"no transcript came in 0\.1 s"):
            other.connect().hear(wav_bytes(PCM_16000_16, bytes(3200)), 0.1)
        for connection in other.connections:
            connection.release()


def test_silence_of_an_answer_may_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "hamsa-test-key")
    with MockServer(profile="instant") as mock, bench_of(mock, steered=False, timeout=0.2) as bench:
        mock.faults.arm("stall after chunk 1")
        server = bench.server()
        client = server.connect()
        with pytest.raises(Unmet, match=r"the rest of an answer; got nothing in 0\.2 s"):
            client.answer(client.ask(), judges_late=True)
        client.release()
