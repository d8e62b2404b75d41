"""Answers in which nothing may be missing: silence is what is judged, and no excuse.

Elsewhere an answer that comes late or not at all leaves something else unjudged, which other cases judge.
"""

from hamsa_conformance.client.answer import Answer
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.requests import SENTENCE
from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import unmet


def speak_to_the_end(client: Connection, text: str = SENTENCE) -> Answer:
    """Request speech and receive it to its end; it may be cut short.

    Errors: Unmet where an error comes, something else, or nothing; CannotTell at the limit of requests.
    """
    answer = client.answer(client.ask(text), judges_cut=True, judges_late=True)
    if answer.error is not None:
        client.stop_at_limit(answer)
        unmet("audio and end", f"the error {answer.error!r}")
    return answer


def expect_any_answer(server: Server, client: Connection, what: str) -> None:
    """Something must come, which is still to be received. `what`: it is, in words. Errors: Unmet."""
    if client.peek() is None:
        unmet(what, f"nothing in {server.timeout:g} s")
