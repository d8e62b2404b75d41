"""The forms in which a client is turned away, all of which are right."""

import pytest

from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried, Unmet
from hamsa_conformance.vocabulary.turning_away import expect_to_be_turned_away, is_refused

FAILED = "close.authentication_failed"
UNKNOWN = "text.unknown_key"


@pytest.mark.parametrize("info", ["after_key", "before_key"])
@pytest.mark.parametrize("failure", ["error_then_close", "close_only"])
def test_greeting_and_error_before_the_close_may_be_missing(server: Server, failure: str, info: str) -> None:
    server.mock.behaviours.update({"hamsa.auth.failure": failure, "hamsa.auth.info": info})
    expect_to_be_turned_away(server, server.upgrade("unknown"), FAILED, UNKNOWN)
    assert not server.findings


def test_refused_upgrade_shows_no_code(server: Server) -> None:
    server.mock.behaviours["hamsa.auth.failure"] = "http_401"
    client = server.upgrade("unknown")
    assert is_refused(client)
    with pytest.raises(NotTried, match="refused with HTTP 401"):
        expect_to_be_turned_away(server, client, FAILED)


def test_client_that_is_let_in_is_unmet(server: Server) -> None:
    client = server.upgrade()
    assert not is_refused(client)
    with pytest.raises(Unmet, match="expected a close with 4001; got nothing") as caught:
        expect_to_be_turned_away(server, client, FAILED)
    assert caught.value.axis == "close"


@pytest.mark.parametrize("failure", ["error_then_close", "close_only"])
def test_reason_of_somebody_else_is_unmet_in_either_form(server: Server, failure: str) -> None:
    server.mock.behaviours["hamsa.auth.failure"] = failure
    with pytest.raises(Unmet, match="got API key is invalid") as caught:
        expect_to_be_turned_away(server, server.upgrade("unknown"), FAILED, "text.inactive_user")
    assert caught.value.axis == "messages"


def test_close_without_any_reason_is_unmet_where_there_is_one_to_tell(server: Server) -> None:
    server.mock.faults.arm("drop instead of error")
    server.mock.faults.arm("close(4001) instead of close")
    with pytest.raises(Unmet, match="before the close or in it; got a close without a reason"):
        expect_to_be_turned_away(server, server.upgrade("unknown"), FAILED, UNKNOWN)
    expect_to_be_turned_away(server, server.upgrade("unknown"), FAILED)


def test_connection_that_ends_before_an_answer_is_neither_refused_nor_open(server: Server) -> None:
    server.mock.faults.arm("fin instead of accept")
    with pytest.raises(Unmet, match="an answer to the upgrade that refuses it"):
        is_refused(server.upgrade("unknown"))
