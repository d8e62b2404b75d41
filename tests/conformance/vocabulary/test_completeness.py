"""Silence, where it is what is judged."""

import pytest

from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_conformance.vocabulary.completeness import expect_any_answer, speak_to_the_end


def test_whole_answer_is_given(server: Server) -> None:
    answer = speak_to_the_end(server.connect())
    assert (answer.types[0], answer.types[-1], answer.is_whole) == ("ack", "end", True)


def test_answer_that_is_cut_short_is_given(server: Server) -> None:
    server.mock.behaviours["hamsa.tts.truncation"] = "first_answer"
    assert speak_to_the_end(server.connect()).is_truncated


def test_error_instead_of_speech_is_unmet(server: Server) -> None:
    server.mock.behaviours["hamsa.limit.text_characters"] = 1
    with pytest.raises(Unmet, match="Invalid payload"):
        speak_to_the_end(server.connect())


def test_limit_of_requests_cannot_tell(server: Server) -> None:
    server.mock.behaviours["hamsa.limit.requests"] = 0
    with pytest.raises(CannotTell, match="limit of requests"):
        speak_to_the_end(server.connect())


@pytest.mark.parametrize("lost", ["stall instead of ack", "drop instead of end"])
def test_silence_instead_of_an_answer_or_its_end_is_unmet(server: Server, lost: str) -> None:
    server.mock.faults.arm(lost)
    with pytest.raises(Unmet, match="got nothing in 10 s"):
        speak_to_the_end(server.connect())


def test_any_answer_will_do_and_stays_to_be_received(server: Server) -> None:
    client = server.connect()
    client.send("")
    expect_any_answer(server, client, "an answer")
    client.expect("error")


def test_no_answer_is_unmet(server: Server) -> None:
    with pytest.raises(Unmet, match="expected an answer; got nothing in 10 s"):
        expect_any_answer(server, server.connect(), "an answer")
