"""The server as a case sees it, at a real mock."""

import pytest

from hamsa_conformance.client.rest import RestRequest, unless_limited
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, NotTried
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of


def test_subprotocols_are_offered(server: Server) -> None:
    server.connect(subprotocols=("a", "b"))
    assert server.transcript[0].headers["sec-websocket-protocol"] == "a, b"


def test_spare_server_is_like_the_other_one_and_may_be_ended(server: Server) -> None:
    server.mock.behaviours["hamsa.error.end"] = "end"
    first = server.connect()
    with server.spare() as spare:
        client = spare.connect()
        assert spare.mock.behaviours["hamsa.error.end"] == "end"
        spare.not_strict("a smile", "none")
        spare.observe("hamsa.error.end", "end")
        spare.measure("seconds", 1.0)
        spare.mock.shut_down()
        client.expect_close(1001)
        assert client.wait_for_end()
    first.ping()
    assert [finding.expected for finding in server.findings] == ["a smile"]
    assert server.observations == {"hamsa.error.end": "end"}
    assert not server.measured.get("seconds"), "its clock is another one"
    assert server.connections == [first, client]
    assert {entry.connection for entry in server.transcript} == {1, 2}


def test_server_that_cannot_be_steered_has_no_spare(mock: MockServer) -> None:
    with (
        bench_of(mock, steered=False) as bench,
        pytest.raises(NotTried, match="a server that a case may end"),
        bench.server().spare(),
    ):
        pass


def test_steered_server_that_is_hurried_answers_at_once(server: Server) -> None:
    server.hurry()
    answer = server.connect().speak()
    assert answer.times[-1] == 0
    assert answer.is_whole


def test_server_that_cannot_be_steered_is_not_hurried(mock: MockServer) -> None:
    with bench_of(mock, steered=False) as bench:
        bench.server().hurry()
    assert mock.client.behaviours["hamsa.tts.first_audio_delay"] == 0.3


def test_requests_over_rest_are_made_at_once(server: Server) -> None:
    headers = {"Authorization": server.authorization()}
    body = {"text": "مرحبا", "speaker": "Majd"}
    requests = [RestRequest("POST", path, body, headers) for path in ("/v1/realtime/tts", "/v1/realtime/tts-stream")]
    begin = server.now()
    answers = server.rest_at_once(*requests, characters=5)
    assert [answer.status for answer in answers] == [200, 200]
    assert server.now() - begin == pytest.approx(max(answer.ended_after for answer in answers))
    assert server.meter.spent.characters == 10
    assert [entry.kind for entry in server.transcript] == 2 * ["http_request"] + 2 * ["http_answer"]


def test_limited_answer_over_rest_tells_nothing(server: Server) -> None:
    voices = server.rest("GET", "/v2/tts/voices")
    assert unless_limited(voices) is voices
    with pytest.raises(CannotTell, match="limit of requests was reached: HTTP 429"):
        unless_limited(server.rest("GET", "/v2/tts/voices", key="rate-limited"))
