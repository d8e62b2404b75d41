"""Holds what one client is sent against the rules, whatever it does."""

import json
from collections import Counter
from math import ceil

from websockets.frames import Opcode

from hamsa_kit.audio_formats import PCM_8000_16, PCM_16000_16, ULAW_8000_8, wav_header
from hamsa_mock.core.actions import Accept, Close, Ping, Reject, Request, Send, Single
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_schemas import Behaviours, default_catalogue
from tests.mock_server.providers.hamsa.virtual import VirtualClient

FORMATS = {format.name: format for format in (PCM_16000_16, PCM_8000_16, ULAW_8000_8)}


class Watcher:
    """Holds what one client is sent against the rules, with books of its own."""

    def __init__(
        self, client: VirtualClient, key: Key | None, wallet: int, behaviours: Behaviours, spent: "Counter[str]"
    ) -> None:
        """`wallet`: what the project of the key had at the start."""
        self._wallet = wallet
        self._spent_before = self._spent_at_least = spent.copy()
        self.client = client
        self.key = key
        self.blocked = False
        self.open: set[int] = set()
        """Requests that have no outcome yet."""
        self.asked = 0
        self._header = behaviours.choice("hamsa.tts.audio_header") != "none"
        self._transcript_form = behaviours.choice("hamsa.stt.answer")
        self._interleaves = behaviours.choice("hamsa.tts.overlap") == "interleave"
        self._end_follows = behaviours.choice("hamsa.error.end") == "end"
        self._spent = spent
        self._seen = 0
        self._answers: dict[int, tuple[Request, int, int]] = {}
        """Of each spoken answer that has begun: its request, and how many chunks and bytes were sent."""

    def expect(self) -> int:
        """A message is about to be delivered: its number."""
        self.asked += 1
        self.open.add(self.asked)
        return self.asked

    def look(self, spent: "Counter[str]") -> list[Single]:
        """Judge what is new. `spent`: by all clients, before that."""
        self._spent_before, self._spent_at_least = spent, spent.copy()
        new = self.client.all[self._seen :]
        for place, single in enumerate(new):
            match single:
                case Send():
                    self._judge(single, new[place - 1] if place else None)
                case Close() | Reject():
                    self.end()
                case Accept() | Ping():
                    pass
        self._seen += len(new)
        if self.client.ended:
            self.end()
        return new

    def end(self) -> None:
        """The connection has ended: that is the outcome of whatever had none, and charges what was sent."""
        self.open.clear()
        for number in list(self._answers):
            self._charge(number)

    def _judge(self, send: Send, before: Single | None) -> None:
        self._judge_form(send)
        request = send.request
        if request is None:
            if send.event == "end":
                assert self._end_follows
                assert isinstance(before, Send)
                assert (before.event, before.request and before.request.type) == ("error", "tts")
            return
        assert request.number in self.open, "one outcome, and nothing after it"
        if send.event == "error":
            assert request.number not in self._answers
            self.open.remove(request.number)
            return
        assert not self.blocked, "nothing is made for a client that does not read"
        if send.event == "transcript":
            self.open.remove(request.number)
            text = send.message.payload.decode()
            self._book(request, 0 if text in ("", "[THINKING]") else float(request.details["seconds"]))
            return
        if send.event == "ack":
            assert request.number not in self._answers
            assert self.key is not None
            # Answers that are under way at the same time begin together, before the first of them is paid for.
            spent = self._spent_before if self._interleaves else self._spent_at_least
            assert spent[self.key.project] < self._wallet, "nobody is answered who cannot pay"
            self._answers[request.number] = request, 0, 0
            return
        _, chunks, nbytes = self._answers[request.number]
        if send.event == "chunk":
            assert send.ordinal == chunks + 1
            self._answers[request.number] = request, chunks + 1, nbytes + send.message.nbytes
        else:
            assert send.event == "end"
            self.open.remove(request.number)
            self._judge_whole(request, nbytes)
            self._charge(request.number)

    def _judge_form(self, send: Send) -> None:
        """Every message is valid against its schema; audio is binary, and a plain transcript any text."""
        if send.event == "chunk":
            assert send.message.opcode is Opcode.BINARY
            return
        assert send.message.opcode is Opcode.TEXT
        text = send.message.payload.decode()
        if send.event == "transcript" and (self._transcript_form == "plain" or text in ("", "[THINKING]")):
            return
        type = self._transcript_form if send.event == "transcript" else send.event
        content = json.loads(text)
        assert content["type"] == type
        assert default_catalogue().message("hamsa", "server", type).is_valid(content)

    def _judge_whole(self, request: Request, nbytes: int) -> None:
        format = FORMATS[str(request.details["format"])]
        header = len(wav_header(format, None)) if self._header else 0
        declared = header + format.nbytes(float(request.details["seconds"]))
        truncated = any(note.words.startswith(f"{nbytes} bytes: ") for note in request.notes)
        assert truncated or nbytes == declared
        assert nbytes <= declared
        assert self.key is not None
        assert not (truncated and self.key.truncation == "never")

    def _charge(self, number: int) -> None:
        """An answer costs what was sent of it."""
        request, _, nbytes = self._answers.pop(number)
        format = FORMATS[str(request.details["format"])]
        header = len(wav_header(format, None)) if self._header else 0
        self._book(request, format.seconds(max(0, nbytes - header)))

    def _book(self, request: Request, seconds: float) -> None:
        """Whole seconds are charged, rounded up."""
        charged = ceil(seconds)
        assert request.details["charged"] == charged
        assert self.key is not None
        self._spent[self.key.project] += charged
        self._spent_at_least[self.key.project] += charged
