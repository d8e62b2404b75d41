"""The words of errors."""

import pytest

from hamsa_conformance.client.error_words import is_of_another_error
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import CannotTell, Unmet
from hamsa_schemas import load_facts

FACTS = load_facts()


@pytest.mark.parametrize(
    "words", [FACTS.text("text.missing_key"), FACTS.text("text.invalid_stt"), "Unsupported message type: sing"]
)
def test_words_of_the_documents_are_those_of_an_error(words: str) -> None:
    assert is_of_another_error(FACTS, words)


@pytest.mark.parametrize("words", ["", "Something went wrong", FACTS.text("text.info")])
def test_words_of_nobody_are_those_of_no_error(words: str) -> None:
    assert not is_of_another_error(FACTS, words)


def test_right_words_are_met_and_own_ones_are_not_strict(server: Server) -> None:
    server.error_words("b", "a", "b")
    assert not server.findings
    server.error_words("c", "a", "b", documented=False)
    (finding,) = server.findings
    assert (finding.verdict, finding.expected, finding.actual) == ("NON-STRICT", "the words of the error: a", "c")


def test_words_of_another_error_are_unmet(server: Server) -> None:
    with pytest.raises(Unmet, match="expected the error a; got Project is inactive"):
        server.error_words(server.facts.text("text.inactive_project"), "a", documented=False)
    with pytest.raises(Unmet, match="expected the error a; got c"):
        server.error_words("c", "a")


def test_limit_of_requests_says_nothing_of_what_was_asked_for(server: Server) -> None:
    limited = server.facts.text("text.rate_limit_exceeded")
    with pytest.raises(CannotTell):
        server.error_words(limited, "a")
    server.error_words(limited, limited)
