"""Whether a valid request is served, refused, or ends its connection: limits, money, voices."""

import re
from dataclasses import dataclass

from hamsa_mock.core.actions import Request, Why
from hamsa_mock.providers.hamsa.accounts import Accounts, Key
from hamsa_mock.providers.hamsa.limits import LoadedVoices, SlidingWindow
from hamsa_mock.providers.hamsa.requests import Tts, WireError
from hamsa_schemas import Behaviours, Facts, Voices
from hamsa_schemas.errors import nearest

VOICE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""Ids of voices are UUIDs (WST-9)."""

ERRORS = {
    "not_owned": "text.voice_not_owned",
    "invalid": "text.invalid_tts",
    "aborted": "text.tts_aborted",
}
"""The options of the behaviours here that refuse a request, and the texts of their errors."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is spoken. `ready`: no audio is made before this time, in seconds of the World's clock. Notes say what is
    other than asked for."""

    tts: Tts
    ready: float
    notes: tuple[Why, ...]


class Admission:
    """Judges requests by the state of one World."""

    def __init__(self, accounts: Accounts, behaviours: Behaviours, facts: Facts, voices: Voices) -> None:
        self._accounts = accounts
        self._behaviours = behaviours
        self._facts = facts
        self._voices = voices
        self._requests = SlidingWindow(lambda: behaviours.number("hamsa.limit.requests_window"))
        self._loaded = LoadedVoices()

    def reset(self) -> None:
        """Forget what was counted, and which voices are loaded."""
        self._requests.reset()
        self._loaded.reset()

    def connected(self, key: Key, now: float) -> None:
        """Count a new connection, where connections count as requests."""
        if self._behaviours.choice("hamsa.limit.counts") == "messages_and_connections":
            self._requests.add(key.key, now)

    def count(self, request: Request, key: Key, now: float, *, valid: bool) -> WireError | None:
        """Count one more request of a key, over all its connections (API-31); the error if that is too many.

        A request that is refused so is not counted (assumed). Of an unlimited key requests are counted and never
        refused.
        """
        if self._behaviours.choice("hamsa.limit.counts") == "requests" and not valid:
            return None
        limit = int(self._behaviours.number("hamsa.limit.requests"))
        over = self._requests.count(key.key, now) >= limit
        words = f"more than {limit} requests of this key in {self._requests.seconds:g} s"
        if key.limits == "exceeded":
            return self._too_many(Why(f"the key {key.shown} is always over its limit"))
        if over and key.limits == "real":
            return self._too_many(Why(words, "hamsa.limit.requests"))
        self._requests.add(key.key, now)
        if over:
            request.notes.append(Why(f"{words}, which is not enforced for this one", "hamsa.limit.requests"))
        return None

    def _too_many(self, why: Why) -> WireError:
        return WireError(self._facts.text("text.rate_limit_exceeded"), why)

    def admit(self, tts: Tts, key: Key, busy: bool, now: float) -> Served | WireError:
        """Judge a request by its speaker (WST-9). `busy`: another one of its connection is being answered."""
        if busy and self._behaviours.choice("hamsa.tts.overlap") == "aborted":
            return self._refuse("hamsa.tts.overlap", "another request of this connection is being answered")
        voice = self._voices.find(tts.speaker)
        if voice is not None:
            if tts.dialect in self._voices.dialects and voice.dialects and tts.dialect not in voice.dialects:
                return self._mismatch(tts, voice.name, voice.dialects)
            return Served(tts, 0, ())
        if VOICE_ID.fullmatch(tts.speaker):
            return self._admit_custom(tts, key, now)
        return self._unknown(tts)

    def _admit_custom(self, tts: Tts, key: Key, now: float) -> Served | WireError:
        """A cloned voice: whose it is (API-30), and whether it is loaded (PRE-8, PRE-9)."""
        voice = self._accounts.voices.get(tts.speaker.lower())
        if voice is None or voice.user != self._accounts.user_of(key).id:
            words = "does not exist" if voice is None else f"belongs to {voice.user}"
            return self._refuse("hamsa.tts.foreign_voice", f"the voice {tts.speaker} {words}")
        wait = self._loaded.wait(voice.id, now)
        if wait is None:
            choice = self._behaviours.choice("hamsa.tts.unpreloaded_voice")
            if choice == "aborted":
                return self._refuse("hamsa.tts.unpreloaded_voice", f"the voice {voice.id} was not preloaded")
            wait = self._start_loading(voice.id, now) if choice == "slow" else 0
        if not wait:
            return Served(tts, 0, ())
        words = f"the voice {voice.id} was not preloaded: it is ready {round(wait, 3):g} s after the request"
        return Served(tts, now + wait, (Why(words, "hamsa.tts.unpreloaded_voice"),))

    def _start_loading(self, voice: str, now: float) -> float:
        """Load a voice because a request needs it; how many seconds that takes."""
        loading = self._behaviours.number("hamsa.tts.voice_loading")
        self.preload(voice, now + loading)
        return loading

    def preload(self, voice: str, now: float) -> None:
        """A custom voice is loaded from now on (PRE-9). `voice` is its id as the accounts have it."""
        self._loaded.load(voice, now, now + self._behaviours.number("hamsa.tts.preload_lasts"))

    def _mismatch(self, tts: Tts, name: str, dialects: tuple[str, ...]) -> Served | WireError:
        words = f"{name} speaks {', '.join(dialects)}, not {tts.dialect}"
        if self._behaviours.choice("hamsa.tts.dialect_mismatch") == "invalid":
            return self._refuse("hamsa.tts.dialect_mismatch", words)
        return Served(tts, 0, (Why(words, "hamsa.tts.dialect_mismatch"),))

    def _unknown(self, tts: Tts) -> Served | WireError:
        near = nearest(tts.speaker, self._voices.by_name)
        words = "the speaker is no built-in voice and no voice id" + (f"; did you mean {near}?" if near else "")
        if self._behaviours.choice("hamsa.tts.unknown_speaker") == "speak":
            return Served(tts, 0, (Why(words, "hamsa.tts.unknown_speaker"),))
        return self._refuse("hamsa.tts.unknown_speaker", words)

    def _refuse(self, behaviour: str, words: str) -> WireError:
        return WireError(self._facts.text(ERRORS[self._behaviours.choice(behaviour)]), Why(words, behaviour))
