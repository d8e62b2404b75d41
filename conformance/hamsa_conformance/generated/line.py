"""Sends generated messages to a server, and judges what each gets."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis.strategies import SearchStrategy

from hamsa_conformance.client.answer import error_text
from hamsa_conformance.client.connection import Connection
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.shown import shown_event, shown_text
from hamsa_conformance.client.spending import characters_of
from hamsa_conformance.generated.bounds import CHARACTERS, LONGEST, MOST, PATIENCE, TRIES
from hamsa_conformance.generated.search import Search, as_json
from hamsa_conformance.judgement import Unmet, require, unmet
from hamsa_kit.client_events import TextMessage
from hamsa_kit.client_session import message_type


class Line:
    """A connection to try messages on; another one where something went wrong on it. `most`: so many are sent."""

    def __init__(self, server: Server, most: int = MOST) -> None:
        self._server = server
        self._most = most
        self._client: Connection | None = None
        self._sent = 0
        self._characters = 0

    def check(
        self,
        values: SearchStrategy[Any],
        check: Callable[[Any], None],
        *,
        tries: int = TRIES,
        messages: int = 1,
        shown: Callable[[Any], str] = as_json,
    ) -> None:
        """Try values, each of which is so many `messages` at most, until what a case may send is sent.

        Errors: Unmet of the plainest value that fails; CannotTell, NotTried.
        """
        ends: list[float] = []

        def on_a_good_line(value: Any) -> None:
            try:
                check(value)
            except Unmet:
                self._client = None
                ends.append(self._server.now() + PATIENCE * self._server.timeout)
                raise

        def may_go_on() -> bool:
            in_time = not ends or self._server.now() < ends[0]
            affordable = self._characters + messages * LONGEST <= CHARACTERS
            return in_time and affordable and self._sent + messages <= self._most

        Search(self._server.seed, tries, may_go_on).run(values, on_a_good_line, shown)

    def expect_speech(self, message: dict[str, Any]) -> None:
        """Send a request for speech, which must be answered with it (WST-5 to WST-7)."""
        client = self._open()
        self._characters += len(message["payload"]["text"])
        answer = client.answer(client.ask_as(message))
        if answer.error is not None:
            unmet("ack, audio and end", f"the error {answer.error!r}")
        shape = [answer.types[0], *sorted({*answer.types[1:-1]}), answer.types[-1]]
        require(shape == ["ack", "chunk", "end"], "ack, audio and end", ", ".join(answer.types))

    def expect_transcript(self, audio: bytes, seconds: float, options: dict[str, Any]) -> None:
        """Send a recording, which must be answered with a text that is no error (API-15)."""
        heard = self._open().hear(audio, seconds, **{"language": None, "isEosEnabled": None} | options)
        require(message_type(heard.text) != "error", "a transcript", shown_text(heard.text))

    def expect_error(self, message: Any, *words: str) -> None:
        """Send something, which must get an error (API-16) with one of these words; none: the documents have none."""
        client = self._open()
        sent = message if isinstance(message, str) else as_json(message)
        self._characters += characters_of(sent)
        client.send(sent)
        error = self._receive_error(client)
        if words:
            self._server.error_words(error, *words)

    def _open(self) -> Connection:
        if self._client is None:
            self._client = self._server.connect()
        self._sent += 1
        return self._client

    def _receive_error(self, client: Connection) -> str:
        """An ack may come before it: no document says that none does."""
        client.let_late_end_pass()
        message = client.receive(what="an error")
        if isinstance(message, TextMessage) and message_type(message.text) == "ack":
            message = client.receive(what="an error")
        if not isinstance(message, TextMessage) or message_type(message.text) != "error":
            unmet("an error", shown_event(message))
        content = json.loads(message.text)
        self._server.stop_at_limit(error_text(content))
        match content:
            case {"payload": {"message": str(words)}}:
                return words
            case _:
                return unmet("an error with payload.message, a text", shown_text(message.text))
