"""Connections behind an error: their end is not strict, what else comes is."""

import pytest

from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import Unmet
from hamsa_conformance.verdict import Verdict
from hamsa_conformance.vocabulary.going_on import goes_on, nothing_behind_error


def test_open_connection_goes_on(server: Server) -> None:
    assert goes_on(server, server.connect())
    assert not server.findings


def test_connection_that_was_closed_does_not_and_is_not_strict(server: Server) -> None:
    client = server.connect()
    client.close()
    assert client.wait_for_end()
    assert not goes_on(server, client)
    assert [(finding.axis, finding.verdict) for finding in server.findings] == [("close", Verdict.NON_STRICT)]


def test_open_connection_without_a_pong_is_unmet(server: Server) -> None:
    client = server.connect()
    server.mock.faults.arm("drop instead of pong")
    with pytest.raises(Unmet, match="a pong"):
        goes_on(server, client)


def test_silence_behind_an_error_is_right(server: Server) -> None:
    nothing_behind_error(server, server.connect())
    assert not server.findings


def test_close_behind_an_error_is_not_strict(server: Server) -> None:
    client = server.connect()
    client.close()
    nothing_behind_error(server, client)
    assert [(finding.axis, finding.verdict) for finding in server.findings] == [("close", Verdict.NON_STRICT)]


def test_message_behind_an_error_is_unmet(server: Server) -> None:
    client = server.connect()
    client.send("")
    with pytest.raises(Unmet, match="nothing behind the error"):
        nothing_behind_error(server, client)
