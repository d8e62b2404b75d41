"""What all connections to Hamsa share in one World."""

from functools import lru_cache

import orjson

from hamsa_mock.audio.cache import ByteCache
from hamsa_mock.audio.voice import Answer, Voice
from hamsa_mock.core.messages import Message, binary_message, text_message
from hamsa_mock.core.world import World
from hamsa_mock.providers.hamsa.requests import RequestReader
from hamsa_schemas import default_catalogue, load_facts

TEST_KEY = "hamsa-test-key"
CACHED_AUDIO_BYTES = 64 * 2**20
CACHED_ANSWERS = 1024


class HamsaService:
    """Facts, schemas, keys, voice and the messages that never change."""

    keys: tuple[str, ...] = (TEST_KEY,)

    def __init__(self, world: World) -> None:
        self.behaviours = world.behaviours
        self.facts = load_facts("hamsa")
        self.requests = RequestReader(self.facts, default_catalogue().message("hamsa", "client", "tts"))
        self.info = self.message("info", self.facts.text("text.info"))
        self.ack = self.message("ack", self.facts.text("text.ack"))
        self.end = self.message("end", self.facts.text("text.end"))
        self.speak = lru_cache(CACHED_ANSWERS)(Voice(world.seed).speak)
        self._frames: ByteCache[tuple[bytes, int], Message] = ByteCache(
            CACHED_AUDIO_BYTES, size=lambda message: len(message.frame)
        )

    @staticmethod
    def message(type: str, text: str) -> Message:
        """A JSON message with the given text (API-5)."""
        return text_message(orjson.dumps({"type": type, "payload": {"message": text}}).decode())

    def chunk(self, answer: Answer, index: int) -> Message:
        """A chunk of audio (counted from 0) as a message, made at its first use."""
        return self._frames.get_or_make((answer.key, index), lambda: binary_message(answer.chunk(index)))
