"""What a recording is answered with: a transcript in one of several forms, a marker, an error or a close."""

from collections.abc import Callable

import orjson

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
        """The answer to a recording that came with a key. Uses up a scripted transcript, if there is one.

        A recording without a transcript costs nothing (assumed).
        """
        heard = self.transcripts.hear(stt.recording, key)
        request.details["seconds"] = stt.recording.seconds
        request.details["heard"] = heard.kind
        request.details["hash"] = heard.content_hash
        request.notes.append(Why(heard.why))
        delay = self._behaviours.number("hamsa.stt.delay")
        if self._unfinished(stt, heard):
            words = f"the speaker has not finished: {heard.score:.2f}, finished from {stt.finished_from:g}"
            request.notes.append(Why(words, "hamsa.stt.unfinished"))
            marker = text_message(self._facts.text("text.thinking"))
            return Transcript(request, Send("transcript", marker, request), 0, delay)
        if not heard.text:
            return Transcript(request, self._empty(request), 0, delay)
        action = Send("transcript", self._in_form(heard.text), request)
        return Transcript(request, action, stt.recording.seconds, delay)

    def _unfinished(self, stt: Stt, heard: Heard) -> bool:
        """API-13, API-14: judged only where the client asks for it."""
        if stt.finished_from is None or self._behaviours.choice("hamsa.stt.unfinished") == "transcript":
            return False
        return heard.score < stt.finished_from

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
                return Close(self._facts.code("close.inactivity"), "", why)

    def _in_form(self, text: str) -> Message:
        """API-15: a bare string; or one of the forms that public clients read besides."""
        form = self._behaviours.choice("hamsa.stt.answer")
        if form == "plain":
            return text_message(text)
        payload: dict[str, str | bool] = {"text": text}
        if form in FINISHED_FORMS:
            payload["isFinal"] = True
        return text_message(orjson.dumps({"type": form, "payload": payload}).decode())
