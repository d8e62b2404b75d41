"""What is measured in every case by itself."""

import pytest

from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell
from hamsa_conformance.running.judging import judge
from hamsa_kit.audio_formats import PCM_16000_16, wav_bytes
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of, story

TIMES = {"hamsa.auth.connect_delay": 1.5, "hamsa.tts.first_audio_delay": 0.5, "hamsa.tts.chunk_gap": 0.25}


def test_times_of_whatever_is_asked_are_measured() -> None:
    with MockServer(behaviours={**TIMES, "hamsa.stt.delay": 2}) as mock, bench_of(mock) as bench:
        server = bench.server()
        client = server.connect()
        client.speak()
        client.hear(wav_bytes(PCM_16000_16, bytes(3200)), 0.1)
        client.hear(b"no WAV file", 0.1)
        client.close()
        client.wait_for_end()
        client.release()
    for name, seconds in TIMES.items():
        numbers = server.measured[name]
        assert numbers == pytest.approx([seconds] * len(numbers)), name
    assert server.measured["hamsa.stt.delay"] == pytest.approx([2]), "an error is no transcript"
    assert server.measured["hamsa.tts.first_answer_is_cut"] == [0]


def test_first_answer_is_the_first_that_is_spoken(server: Server) -> None:
    client = server.connect()
    client.answer(client.ask(""))
    client.speak()
    client.speak()
    assert server.measured["hamsa.tts.first_answer_is_cut"] == [0]
    assert server.measured["hamsa.tts.later_answer_is_cut"] == [0]


def test_server_that_a_case_has_changed_tells_nothing_of_itself(server: Server) -> None:
    server.mock.behaviours["hamsa.tts.first_audio_delay"] = 7
    server.connect().speak()
    assert server.measured == {}


def test_answer_over_which_time_was_skipped_has_no_times(server: Server) -> None:
    client = server.connect()
    asked = client.ask()
    server.wait(30)
    client.answer(asked)
    assert "hamsa.tts.first_audio_delay" not in server.measured
    client.speak()
    assert server.measured["hamsa.tts.first_audio_delay"] == pytest.approx([0.3])


def test_what_was_measured_in_an_attempt_that_came_to_nothing_is_kept(mock: MockServer) -> None:
    attempts: list[Server] = []

    def run(server: Server) -> None:
        attempts.append(server)
        server.measure("x", len(attempts))
        if len(attempts) < 3:
            raise CannotTell("not yet")

    with bench_of(mock) as bench:
        result = judge(story(run), bench.server, pauses=(0, 0))
    assert result.measured == {"x": (1, 2, 3)}


def test_end_behind_an_error_is_not_taken_for_the_next_answer() -> None:
    with MockServer(behaviours={"hamsa.error.end": "end"}) as mock, bench_of(mock) as bench:
        server = bench.server()
        client = server.connect()
        assert client.answer(client.ask("")).types == ["error"]
        assert client.speak().types[0] == "ack"
        client.drop()
        client.release()
