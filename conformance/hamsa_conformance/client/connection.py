"""A WebSocket connection as a case uses it: one message after the other, judged as it comes."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from hamsa_conformance.client.answer import Answer, error_text
from hamsa_conformance.client.link import Link
from hamsa_conformance.client.requests import SENTENCE, speech_format, stt, tts
from hamsa_conformance.client.shown import shown_event
from hamsa_conformance.judgement import CannotTell, require, unmet
from hamsa_kit.client_events import BinaryMessage, ClientEvent, CloseFrame, TextMessage
from hamsa_kit.client_session import message_type

PATIENCE_SECONDS = 60.0
PATIENCE_TIMEOUTS = 6
"""So long messages may follow one another without an end: a minute, or six timeouts where these are longer."""

PATIENCE_PER_CHARACTER = 0.2
"""Seconds more for each character that is spoken: twice as long as saying it takes."""


class Connection(Link):
    """A connection with the words of the service: requests, answers, errors and closes.

    Waiting and errors: as of `Link`.
    """

    close_judged = False
    """Whether the case itself has judged how it ended."""

    answers_heard = 0
    """How many requests for speech have been answered with speech."""

    # What comes

    def expect(self, type: str, within: float | None = None) -> dict[str, Any]:
        """The next message, which must be JSON of this type (API-5)."""
        if type != "end":
            self.let_late_end_pass(within)
        message = self.receive(within, what=f"a message of type {type}")
        if isinstance(message, BinaryMessage) or message_type(message.text) != type:
            unmet(f"a message of type {type}", shown_event(message))
        content: dict[str, Any] = json.loads(message.text)
        return content

    def expect_error(self, *words: str, within: float | None = None, documented: bool = True) -> str:
        """The words of the next message, which must be an error (API-16); `Server.error_words` judges them."""
        content = self.expect("error", within)
        payload = content.get("payload")
        right = isinstance(payload, dict) and isinstance(payload.get("message"), str)
        require(right, "an error with payload.message, a text", json.dumps(content, ensure_ascii=False))
        told = error_text(content)
        self._server.error_words(told, *words, documented=documented)
        return told

    def nothing_more(self, seconds: float | None = None) -> None:
        """Nothing must come any more: no message, no close; None: for as long as shows it."""
        event = self.next_event(self._server.quiet if seconds is None else seconds)
        if event is not None:
            unmet("nothing more", shown_event(event))

    def expect_close(self, code: int, within: float | None = None) -> CloseFrame:
        """The server must close now, with this code. Errors: Unmet of the close; of messages where one comes first."""
        self.close_judged = True
        event = self.next_event(within)
        if isinstance(event, TextMessage | BinaryMessage):
            unmet(f"a close with {code}", shown_event(event))
        if not isinstance(event, CloseFrame):
            seen = "nothing" if event is None else shown_event(event)
            unmet(f"a close with {code}", seen, "close")
        if event.code != code:
            unmet(f"a close with {code}", shown_event(event), "close")
        return event

    def messages(self) -> Iterator[TextMessage | BinaryMessage]:
        """What comes until nothing does, or a close or an end, which stays the next event. Errors: Unmet where messages
        go on to come."""
        patience = self._patience()
        end = self._server.now() + patience
        while isinstance(self.peek(), TextMessage | BinaryMessage):
            if self._server.now() > end:
                unmet("messages that end", f"more of them after {patience:g} s")
            yield self.receive()

    def let_messages_pass(self) -> None:
        """Take all that come, as what is awaited stands behind them. Errors: Unmet where they go on to come."""
        for _ in self.messages():
            pass

    def let_late_end_pass(self, within: float | None = None) -> None:
        """Take an `end` that comes next, behind an error: no document says that there is none."""
        if _is_of_type(self.last_taken, "error") and _is_of_type(self.peek(within), "end"):
            self.next_event()

    # Speech

    def ask(self, text: str = SENTENCE, **payload: Any) -> Answer:
        """Request speech; `payload` changes fields of it, None leaves one out. What is returned is still empty."""
        return self.ask_as(tts(text, **payload))

    def ask_as(self, request: Mapping[str, Any]) -> Answer:
        """Request speech by a message with a `text` in its payload, right or wrong. What is returned is still empty."""
        text: str = request["payload"]["text"]
        return Answer(text, self.send(request, characters=len(text)), speech_format(request["payload"]))

    def answer(
        self, asked: Answer, within: float | None = None, judges_cut: bool = False, judges_late: bool = False
    ) -> Answer:
        """Receive the whole answer to `ask`, to its end or error.

        Errors also: CannotTell where it was cut short or limited, unless `judges_cut`; or where something came late,
        unless `judges_late`.
        """
        if not asked.messages:
            self.let_late_end_pass(within)
        coming = self.answers(within, len(asked.text), judges_late)
        while not asked.messages or asked.types[-1] not in ("end", "error"):
            asked.messages.append(next(coming))
        self._server.heard(self.session, asked, is_first=self.answers_heard == 0)
        self.answers_heard += asked.error is None
        if not judges_cut:
            self.stop_at_limit(asked)
            self.stop_if_cut(asked)
        return asked

    def answers(
        self, within: float | None = None, characters: int = len(SENTENCE), judges_late: bool = False
    ) -> Iterator[TextMessage | BinaryMessage]:
        """The messages of answers, as many as are asked for, to so many `characters`. Errors: Unmet where they go on to
        come and no end is seen; as of `next_of_answer`."""
        patience = self._patience(within, characters)
        end = self._server.now() + patience
        while True:
            message = self.next_of_answer(within, judges_late)
            if self._server.now() > end:
                unmet("the end of an answer", f"an answer that does not end: it still goes on after {patience:g} s")
            yield message

    def next_of_answer(self, within: float | None = None, judges_late: bool = False) -> TextMessage | BinaryMessage:
        """The next message, where the rest of an answer is due. Errors: Unmet; CannotTell where it comes late, unless
        `judges_late`."""
        late = None if judges_late else "an answer did not go on for"
        return self._due("the rest of an answer", late, within)

    def speak(
        self, text: str = SENTENCE, within: float | None = None, judges_cut: bool = False, **payload: Any
    ) -> Answer:
        """Request speech and receive it. Errors: as of `answer`; CannotTell at the limit of requests in any case."""
        answer = self.answer(self.ask(text, **payload), within, judges_cut)
        if answer.error is not None:
            self.stop_at_limit(answer)
            unmet("audio and end", f"the error {answer.error!r}")
        return answer

    def stop_at_limit(self, answer: Answer) -> None:
        """Errors: CannotTell where the answer is that the key's limit of requests was reached."""
        self._server.stop_at_limit(answer.error)

    def stop_if_cut(self, answer: Answer) -> None:
        """Errors: CannotTell where the audio of an answer was cut short."""
        if answer.is_truncated:
            raise CannotTell(f"an answer was cut short: {len(answer.audio)} bytes")

    # Transcripts

    def send_speech(self, audio: bytes, seconds: float, **payload: Any) -> float:
        """Request the transcript of a file, which is so long; `payload` changes fields, None leaves one out. When that
        was, in seconds of the clock that counts."""
        return self.send(stt(audioBase64=base64.b64encode(audio).decode(), **payload), seconds=seconds)

    def next_transcript(self, within: float | None = None) -> TextMessage:
        """The text message that answers a request for a transcript; it may be an error.

        Errors: Unmet for anything else; CannotTell where the key's limit was reached, or where it is late.
        """
        self.let_late_end_pass(within)
        message = self._due("a transcript", "no transcript came in", within)
        if isinstance(message, BinaryMessage):
            unmet("a transcript", shown_event(message))
        if message_type(message.text) == "error":
            self._server.stop_at_limit(error_text(json.loads(message.text)))
        return message

    def hear(self, audio: bytes, seconds: float, within: float | None = None, **payload: Any) -> TextMessage:
        """Request the transcript of a file and receive what comes. Errors: as of `next_transcript`."""
        sent_at = self.send_speech(audio, seconds, **payload)
        message = self.next_transcript(within)
        if message_type(message.text) != "error":
            self._server.heard_transcript(message.at - sent_at)
        return message

    # Inside

    def _due(self, what: str, late: str | None, within: float | None) -> TextMessage | BinaryMessage:
        """The next message. Errors: Unmet; CannotTell where a server that is not steered is late, with these words."""
        if self.peek(within) is not None:
            return self.receive(what=what)
        seconds = f"{self._seconds(within):g} s"
        if late is not None and not self._server.is_steered:
            raise CannotTell(f"{late} {seconds}")
        return unmet(what, f"nothing in {seconds}")

    def _patience(self, within: float | None = None, characters: int = 0) -> float:
        """Seconds."""
        least = max(PATIENCE_SECONDS, PATIENCE_TIMEOUTS * self._seconds(within))
        return least + PATIENCE_PER_CHARACTER * characters


def _is_of_type(event: ClientEvent | None, type: str) -> bool:
    return isinstance(event, TextMessage) and message_type(event.text) == type
