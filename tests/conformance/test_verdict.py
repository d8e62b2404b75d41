"""What can be said of a server."""

from hamsa_conformance.verdict import Verdict, gravest


def test_failure_matters_more_than_everything_else() -> None:
    assert gravest([Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE]) is Verdict.FAIL


def test_what_could_not_be_seen_matters_more_than_other_words() -> None:
    assert gravest([Verdict.NON_STRICT, Verdict.INCONCLUSIVE]) is Verdict.INCONCLUSIVE


def test_nothing_has_no_verdict() -> None:
    assert gravest([]) is None
