"""What all connections to Hamsa share in one World."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeAlias

import orjson

from hamsa_kit.audio_formats import AudioFormat, wav_header
from hamsa_mock.audio.cache import ByteCache
from hamsa_mock.audio.scripted import ScriptedAnswer, ScriptedAudio
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
Audio: TypeAlias = Answer | ScriptedAnswer
"""What is played: the voice, or a recording of the user's."""

SILENCE = {"s16le": b"\0", "ulaw": b"\xff"}


class HamsaService:
    """Facts, schemas, accounts, what is counted and spent, the voice, and the messages that never change."""

    def __init__(self, world: World, accounts: Accounts | None = None) -> None:
        self._world = world
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
        self.audio = ScriptedAudio()
        self.info = self.message("info", self.facts.text("text.info"))
        self.end = self.message("end", self.facts.text("text.end"))
        self._ack = self.message("ack", self.facts.text("text.ack"))
        self._spoken = lru_cache(CACHED_ANSWERS)(speak)
        Voice(world.seed)  # makes the syllables now, not for the first request
        self._frames: ByteCache[tuple[bytes, bool, int, str], Message] = ByteCache(
            CACHED_AUDIO_BYTES, size=lambda message: len(message.frame)
        )

    def reset(self) -> None:
        """Forget limits and loaded voices; accounts, wallets and scripts are what they were at the start. Connections
        stay open."""
        self.accounts.reset()
        self.wallets.reset()
        self.transcriber.transcripts.reset()
        self.audio.reset()
        self.admission.reset()
        self.truncation.reset()

    @staticmethod
    def message(type: str, text: str) -> Message:
        """A JSON message with the given text (API-5)."""
        return text_message(orjson.dumps({"type": type, "payload": {"message": text}}).decode())

    def answer(self, request: Request, tts: Tts, growing: bool = False) -> Audio:
        """The audio of a request: the recording that is scripted for its text, else the voice, made when it is asked
        for. `growing`: its chunks are."""
        scripted = self.audio.answer(tts.text, tts.format, growing=growing)
        if scripted is not None:
            request.notes.append(Why("scripted audio is played for this text"))
            return scripted
        seed = self._world.seed
        voice = tts.text, tts.speaker, tts.dialect, tts.language, tts.format, tts.expressiveness
        return self._spoken(seed, growing, *voice)

    def speech(self, request: Request, served: Served, cut: Why | None) -> Speech:
        """The answer to a request. `cut`: why it is cut short, if it is."""
        tts = served.tts
        growing = self.behaviours.choice("hamsa.tts.chunking") == "seconds"
        answer = self.answer(request, tts, growing)
        delay = self.behaviours.number("hamsa.tts.first_audio_delay")
        gap = self.behaviours.number("hamsa.tts.chunk_gap")
        request.details["seconds"] = answer.seconds
        request.notes += [*tts.notes, *served.notes]
        chunks = len(answer.chunk_sizes)
        chunk: Callable[[int], Message] = partial(self._chunk, answer, growing)
        if cut is not None:
            short = self._cut(answer)
            chunks, chunk = 1, lambda _: short
            request.notes.append(Why(f"{short.nbytes} bytes: {cut.words}", cut.behaviour))
        header = len(self._header(answer))
        return Speech(request, self._ack, chunks, chunk, self.end, answer.format, header, delay, gap, served.ready)

    def charge(self, key: Key, answer: Speech | Transcript) -> None:
        """Take an answer, as far as it was given, from the wallet of a key's project."""
        self.charge_seconds(key, answer.request, answer.seconds_sent)

    def charge_seconds(self, key: Key, request: Request, seconds: float) -> None:
        """Take so much audio from the wallet of a key's project, and say so in the request's details."""
        request.details["charged"] = self.wallets.charge(self.accounts.project_of(key), seconds)

    def _chunk(self, answer: Audio, growing: bool, index: int) -> Message:
        """A chunk of audio (counted from 0) as a message, made at its first use."""
        key = answer.key, growing, index, self._header_form
        return self._frames.get_or_make(key, lambda: binary_message(self._audio(answer, index)))

    @property
    def _header_form(self) -> str:
        return self.behaviours.choice("hamsa.tts.audio_header")

    def _audio(self, answer: Audio, index: int) -> bytes:
        audio = answer.chunk(index)
        return audio if index > 0 else self._header(answer) + audio

    def _header(self, answer: Audio) -> bytes:
        """What precedes the audio of an answer."""
        return audio_header(self._header_form, answer.format, answer.nbytes)

    def _cut(self, answer: Audio) -> Message:
        """All that is sent of an answer that is cut short, in one message (FAQ-1)."""
        nbytes = int(self.behaviours.number("hamsa.tts.truncated_bytes"))
        if self.behaviours.choice("hamsa.tts.truncated_audio") == "silence":
            audio = self._header(answer) + SILENCE[answer.format.encoding] * min(nbytes, answer.nbytes)
        else:
            audio, chunks = b"", iter(range(len(answer.chunk_sizes)))
            while len(audio) < nbytes and (index := next(chunks, None)) is not None:
                audio += self._audio(answer, index)
        return binary_message(audio[:nbytes])


def speak(seed: int, growing: bool, *request: Any) -> Answer:
    """What the voice of a seed makes of a request."""
    return Voice(seed).speak(*request, growing=growing)


def audio_header(form: str, format: AudioFormat, nbytes: int) -> bytes:
    """What precedes so many bytes of audio. `form`: an option of the behaviours on headers."""
    return b"" if form == "none" else wav_header(format, nbytes if form == "exact" else None)
