"""What all connections to Hamsa share in one World."""

from collections.abc import Callable
from functools import lru_cache, partial

import orjson

from hamsa_kit.audio_formats import AudioFormat, wav_header
from hamsa_mock.audio.cache import ByteCache
from hamsa_mock.audio.voice import Answer, Voice
from hamsa_mock.core.actions import Request, Why
from hamsa_mock.core.messages import Message, binary_message, text_message
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.accounts import Accounts, Key, ready_made_accounts
from hamsa_mock.providers.hamsa.admission import Admission, Served
from hamsa_mock.providers.hamsa.answers import Speech, Transcript
from hamsa_mock.providers.hamsa.authentication import Doorkeeper
from hamsa_mock.providers.hamsa.limits import Wallets
from hamsa_mock.providers.hamsa.requests import RequestReader, Tts
from hamsa_mock.providers.hamsa.transcription import Transcriber
from hamsa_mock.providers.hamsa.truncation import Truncation
from hamsa_schemas import default_catalogue, load_facts, load_voices

CACHED_AUDIO_BYTES = 64 * 2**20
CACHED_ANSWERS = 1024
SILENCE = {"s16le": b"\0", "ulaw": b"\xff"}


class HamsaService:
    """Facts, schemas, accounts, what is counted and spent, the voice, and the messages that never change."""

    def __init__(self, world: World, accounts: Accounts | None = None) -> None:
        self.behaviours = world.behaviours
        self.facts = load_facts("hamsa")
        self.accounts = accounts or ready_made_accounts()
        self.wallets = Wallets()
        self.doorkeeper = Doorkeeper(self.accounts, self.wallets, self.facts)
        self.admission = Admission(self.accounts, self.behaviours, self.facts, load_voices("hamsa"))
        self.truncation = Truncation(self.behaviours, world.chance)
        tts, stt = (default_catalogue().message("hamsa", "client", type) for type in ("tts", "stt"))
        self.requests = RequestReader(self.facts, self.behaviours, tts, stt)
        self.transcriber = Transcriber(self.behaviours, self.facts, self.message)
        self.info = self.message("info", self.facts.text("text.info"))
        self.end = self.message("end", self.facts.text("text.end"))
        self._ack = self.message("ack", self.facts.text("text.ack"))
        self._header_form = self.behaviours.choice("hamsa.tts.audio_header")
        self._speak = lru_cache(CACHED_ANSWERS)(Voice(world.seed).speak)
        self._frames: ByteCache[tuple[bytes, int], Message] = ByteCache(
            CACHED_AUDIO_BYTES, size=lambda message: len(message.frame)
        )

    @staticmethod
    def message(type: str, text: str) -> Message:
        """A JSON message with the given text (API-5)."""
        return text_message(orjson.dumps({"type": type, "payload": {"message": text}}).decode())

    def answer(self, tts: Tts) -> Answer:
        """The audio of a request, made when it is asked for."""
        return self._speak(tts.text, tts.speaker, tts.dialect, tts.language, tts.format, tts.expressiveness)

    def speech(self, request: Request, served: Served, cut: Why | None) -> Speech:
        """The answer to a request. `cut`: why it is cut short, if it is."""
        tts = served.tts
        answer = self.answer(tts)
        delay = self.behaviours.number("hamsa.tts.first_audio_delay") + served.extra_delay
        request.details["seconds"] = answer.seconds
        request.notes += [*tts.notes, *served.notes]
        chunks = len(answer.chunk_sizes)
        chunk: Callable[[int], Message] = partial(self._chunk, answer)
        if cut is not None:
            short = self._cut(answer)
            chunks, chunk = 1, lambda _: short
            request.notes.append(Why(f"{short.nbytes} bytes: {cut.words}", cut.behaviour))
        header = len(self._header(answer))
        return Speech(request, self._ack, chunks, chunk, self.end, answer.format, header, delay)

    def charge(self, key: Key, answer: Speech | Transcript) -> None:
        """Take an answer, as far as it was given, from the wallet of a key's project."""
        self.charge_seconds(key, answer.request, answer.seconds_sent)

    def charge_seconds(self, key: Key, request: Request, seconds: float) -> None:
        """Take so much audio from the wallet of a key's project, and say so in the request's details."""
        request.details["charged"] = self.wallets.charge(self.accounts.project_of(key), seconds)

    def _chunk(self, answer: Answer, index: int) -> Message:
        """A chunk of audio (counted from 0) as a message, made at its first use."""
        return self._frames.get_or_make((answer.key, index), lambda: binary_message(self._audio(answer, index)))

    def _audio(self, answer: Answer, index: int) -> bytes:
        audio = answer.chunk(index)
        return audio if index > 0 else self._header(answer) + audio

    def _header(self, answer: Answer) -> bytes:
        """What precedes the audio of an answer."""
        return audio_header(self._header_form, answer.format, answer.nbytes)

    def _cut(self, answer: Answer) -> Message:
        """All that is sent of an answer that is cut short, in one message (FAQ-1)."""
        nbytes = int(self.behaviours.number("hamsa.tts.truncated_bytes"))
        if self.behaviours.choice("hamsa.tts.truncated_audio") == "silence":
            audio = self._header(answer) + SILENCE[answer.format.encoding] * min(nbytes, answer.nbytes)
        else:
            audio, chunks = b"", iter(range(len(answer.chunk_sizes)))
            while len(audio) < nbytes and (index := next(chunks, None)) is not None:
                audio += self._audio(answer, index)
        return binary_message(audio[:nbytes])


def audio_header(form: str, format: AudioFormat, nbytes: int) -> bytes:
    """What precedes so many bytes of audio. `form`: an option of the behaviours on headers."""
    return b"" if form == "none" else wav_header(format, nbytes if form == "exact" else None)
