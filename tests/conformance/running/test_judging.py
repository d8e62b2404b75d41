"""What comes of a case: verdicts by axis, attempts, costs."""

from itertools import pairwise

import pytest
from websockets.frames import Frame, Opcode

from hamsa_conformance.client.server import Server
from hamsa_conformance.client.socket_stream import CannotConnect
from hamsa_conformance.judgement import CannotTell, NotTried, require, require_equal
from hamsa_conformance.running.judging import judge
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of, judged, story


def speaks(server: Server) -> None:
    server.connect().speak()


def expects_another_type(server: Server) -> None:
    server.connect(greeting=False).expect("welcome")


def expects_other_words(server: Server) -> None:
    server.wording(server.connect(greeting=False).expect("info")["payload"]["message"], "Welcome", "the greeting")


def expects_another_code(server: Server) -> None:
    client = server.connect("unknown", greeting=False)
    client.expect("error")
    client.expect_close(1008)


def test_server_that_does_as_expected_passes_on_both_axes(mock: MockServer) -> None:
    result = judged(mock, speaks)
    assert (result.verdict, result.messages, result.close) == (Verdict.PASS, Verdict.PASS, Verdict.PASS)
    assert (result.attempts, result.requests, result.connections) == (1, 1, 1)
    assert result.spent.characters == 37
    assert result.spent.seconds == pytest.approx(3.46, abs=0.5)
    assert len(result.sounds) == 1
    assert result.transcript


def test_rest_has_no_close_to_judge(mock: MockServer) -> None:
    result = judged(
        mock, lambda server: require_equal(server.rest("GET", "/v1/projects/by-api-key").status, 200, "status")
    )
    assert (result.verdict, result.close) == (Verdict.PASS, None)


def test_unmet_expectation_of_a_required_case_fails(mock: MockServer) -> None:
    result = judged(mock, expects_another_type)
    assert (result.verdict, result.messages, result.close) == (Verdict.FAIL, Verdict.FAIL, Verdict.PASS)
    (finding,) = result.findings
    assert finding.expected == "a message of type welcome"
    assert "Connected" in finding.actual
    assert finding.position is not None
    assert result.transcript[finding.position - 1].type == "info", "the finding points at what was seen"


def test_unmet_expectation_of_an_optimal_case_is_not_strict(mock: MockServer) -> None:
    assert judged(mock, expects_another_type, "optimal").verdict is Verdict.NON_STRICT


def test_observing_case_never_fails(mock: MockServer) -> None:
    result = judged(mock, expects_another_type, "observe")
    assert result.verdict is Verdict.INFO
    assert result.findings


def test_other_words_are_not_strict(mock: MockServer) -> None:
    assert judged(mock, expects_other_words).verdict is Verdict.NON_STRICT


def test_wrong_close_code_fails_on_the_axis_of_closes(mock: MockServer) -> None:
    result = judged(mock, expects_another_code)
    assert (result.verdict, result.messages, result.close) == (Verdict.FAIL, Verdict.PASS, Verdict.FAIL)


def test_connection_that_ends_without_close_frame_is_not_strict(mock: MockServer) -> None:
    mock.faults.arm("fin after info")

    def says_goodbye(server: Server) -> None:
        server.connect()

    result = judged(mock, says_goodbye)
    assert (result.verdict, result.close) == (Verdict.NON_STRICT, Verdict.NON_STRICT)


def test_server_cannot_close_what_the_case_has_dropped(mock: MockServer) -> None:
    result = judged(mock, lambda server: server.connect().drop())
    assert (result.verdict, result.close, result.findings) == (Verdict.PASS, None, ())


def test_finding_may_be_of_a_close(mock: MockServer) -> None:
    result = judged(mock, lambda server: server.not_strict("a close with 1002", "a close with 1000", "close"))
    assert (result.messages, result.close) == (Verdict.PASS, Verdict.NON_STRICT)


def test_server_that_the_case_has_made_close_needs_no_other_close(mock: MockServer) -> None:
    def breaks_the_protocol(server: Server) -> None:
        client = server.connect()
        client.send_frames(Frame(Opcode.CONT, b""))
        client.expect_close(1002)

    assert judged(mock, breaks_the_protocol).close is Verdict.PASS


def test_what_cannot_be_told_is_tried_again_and_then_inconclusive(mock: MockServer) -> None:
    tries: list[float] = []

    def looks_away(server: Server) -> None:
        tries.append(server.now())
        server.connect().speak()
        raise CannotTell("the wind was too loud")

    result = judged(mock, looks_away)
    assert (result.verdict, result.reason, result.messages) == (Verdict.INCONCLUSIVE, "the wind was too loud", None)
    assert (result.attempts, result.requests, result.spent.characters) == (4, 4, 4 * 37)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert all(seconds >= pause for seconds, pause in zip(pauses, (1, 2, 4), strict=True))


def test_second_attempt_counts(mock: MockServer) -> None:
    tries: list[int] = []

    def succeeds_later(server: Server) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise CannotTell("not yet")

    result = judged(mock, succeeds_later)
    assert (result.verdict, result.attempts, result.reason) == (Verdict.PASS, 2, None)


def test_case_whose_need_is_missing_is_skipped_at_once(mock: MockServer) -> None:
    def needs_more(server: Server) -> None:
        raise NotTried("no second account")

    result = judged(mock, needs_more)
    assert (result.verdict, result.reason, result.attempts) == (Verdict.SKIPPED, "no second account", 1)


def test_target_that_cannot_be_reached_is_inconclusive(mock: MockServer) -> None:
    def fails_to_connect(server: Server) -> None:
        raise CannotConnect("cannot connect to 127.0.0.1:1: Connection refused")

    assert judged(mock, fails_to_connect).verdict is Verdict.INCONCLUSIVE


def test_each_attempt_begins_with_the_mock_as_it_was_found(mock: MockServer) -> None:
    mock.behaviours["hamsa.tts.first_audio_delay"] = 0.7
    mock.faults.arm("drop instead of pong")

    def changes_everything(server: Server) -> None:
        require(server.mock.behaviours["hamsa.tts.first_audio_delay"] == 0.7, "the value as it was found", "another")
        require(len(server.mock.faults.armed()) == 1, "the fault", "none")
        server.mock.behaviours["hamsa.tts.first_audio_delay"] = 9
        server.mock.faults.clear()
        raise CannotTell("again")

    assert judged(mock, changes_everything).attempts == 4
    assert mock.behaviours["hamsa.tts.first_audio_delay"] == 0.7
    assert len(mock.faults.armed()) == 1


def test_attempt_that_may_not_be_made_leaves_the_case_inconclusive(mock: MockServer) -> None:
    def looks_away(server: Server) -> None:
        raise CannotTell("an answer was cut short")

    with bench_of(mock) as bench:
        servers = iter([bench.server()])

        def server() -> Server:
            for each in servers:
                return each
            raise NotTried("the budget is spent")

        result = judge(story(looks_away), server)
    assert (result.verdict, result.attempts) == (Verdict.INCONCLUSIVE, 1)
    assert result.reason == "an answer was cut short; the budget is spent"


def test_attempt_that_ends_with_the_budget_leaves_the_case_inconclusive(mock: MockServer) -> None:
    tries: list[int] = []

    def spends(server: Server) -> None:
        server.connect().speak()
        tries.append(1)
        raise CannotTell("an answer was cut short") if len(tries) == 1 else NotTried("the budget is spent")

    result = judged(mock, spends)
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, "the budget is spent")
    assert (result.attempts, result.spent.characters) == (2, 2 * 37)


def test_server_that_does_not_read_the_close_is_not_strict(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(code: int = 1000) -> None:
        raise TimeoutError("the server does not read what it is sent")

    result = judged(mock, lambda server: monkeypatch.setattr(server.connect(), "close", is_full))
    assert (result.verdict, result.messages, result.close) == (Verdict.NON_STRICT, Verdict.PASS, Verdict.NON_STRICT)
    assert [finding.actual for finding in result.findings] == ["the server does not read what it is sent"]
