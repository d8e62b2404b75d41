"""What a recording is answered with: a transcript in one of several forms, a marker, an error or a close."""

from collections.abc import Callable

import orjson

from hamsa_mock.audio.decoding import Recording
from hamsa_mock.core.actions import Action, Close, Request, Send, Why
from hamsa_mock.core.messages import Message, text_message
from hamsa_mock.providers.hamsa.answers import Transcript
from hamsa_mock.providers.hamsa.hearing import Heard, Transcripts
from hamsa_mock.providers.hamsa.requests import Stt
from hamsa_schemas import Behaviours, Facts

FINISHED_FORMS = ("transcript", "stt_response")
"""The forms of an answer that also say that it is the last word."""


class Transcriber:
    """Answers recordings, by the scripts and ears of one World."""

    def __init__(self, behaviours: Behaviours, facts: Facts, message: Callable[[str, str], Message]) -> None:
        """`message` makes a JSON message of a type and a text."""
        self.transcripts = Transcripts()
        self._behaviours = behaviours
        self._facts = facts
        self._message = message

    def transcribe(self, request: Request, stt: Stt, key: str) -> Transcript:
        """The answer to a recording that came with a key. Uses up a scripted transcript, if that is the answer.

        API-13, API-14: the end of speech is judged only where the client asks for it.
        """
        request.notes += stt.notes
        judged = self._behaviours.choice("hamsa.stt.unfinished") != "transcript"
        heard = self.hear(request, stt.recording, key, stt.finished_from if judged else None)
        delay = self._behaviours.number("hamsa.stt.delay")
        if not heard.finished:
            words = f"the speaker has not finished: {heard.score:.2f}, finished from {stt.finished_from:g}"
            request.notes.append(Why(words, "hamsa.stt.unfinished"))
            marker = text_message(self._facts.text("text.thinking"))
            return Transcript(request, Send("transcript", marker, request), 0, delay)
        action = Send("transcript", self._in_form(heard.text), request) if heard.text else self._empty(request)
        return Transcript(request, action, charged_seconds(heard, stt.recording), delay)

    def hear(self, request: Request, recording: Recording, key: str, finished_from: float | None = None) -> Heard:
        """What a recording says, as `Transcripts.hear` tells it; the request's details and notes say so."""
        heard = self.transcripts.hear(recording, key, finished_from)
        request.details.update(seconds=recording.seconds, heard=heard.kind, hash=heard.content_hash)
        request.notes.append(Why(heard.why))
        return heard

    def _empty(self, request: Request) -> Action:
        why = Why("nothing was recognised", "hamsa.stt.empty")
        request.notes.append(why)
        match self._behaviours.choice("hamsa.stt.empty"):
            case "empty_text":
                return Send("transcript", text_message(""), request)
            case "error":
                error = self._message("error", self._facts.text("text.unsupported_audio"))
                return Send("error", error, request, why=why)
            case _:
                return Close(self._facts.code("close.nothing_heard"), "", why)

    def _in_form(self, text: str) -> Message:
        """API-15: a bare string; or one of the forms that public clients read besides."""
        form = self._behaviours.choice("hamsa.stt.answer")
        if form == "plain":
            return text_message(text)
        payload: dict[str, str | bool] = {"text": text}
        if form in FINISHED_FORMS:
            payload["isFinal"] = True
        return text_message(orjson.dumps({"type": form, "payload": payload}).decode())


def charged_seconds(heard: Heard, recording: Recording) -> float:
    """How much audio a transcript costs. A recording in which nothing is recognised costs nothing (assumed)."""
    return recording.seconds if heard.text else 0
