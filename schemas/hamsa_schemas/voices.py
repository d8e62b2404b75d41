"""The built-in voices of a service and the dialects that its documents list them under."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from types import MappingProxyType

from hamsa_schemas.data_files import package_data, read

__all__ = ["Voice", "Voices", "load_voices"]


@dataclass(frozen=True)
class Voice:
    """A built-in voice. `dialects` is empty where the documents name none."""

    id: str
    name: str
    dialects: tuple[str, ...]


@dataclass(frozen=True)
class Voices:
    """All built-in voices, and the dialect codes of the service with their language tags (BCP 47)."""

    by_name: Mapping[str, Voice]
    by_id: Mapping[str, Voice]
    dialects: Mapping[str, str]

    def find(self, speaker: str) -> Voice | None:
        """The voice of this name or id (WST-9)."""
        return self.by_name.get(speaker) or self.by_id.get(speaker.lower())


@cache
def load_voices(provider: str = "hamsa") -> Voices:
    """The built-in voices of a provider of this package."""
    data = read(package_data().joinpath(provider, "voices.json"))
    voices = [Voice(_id(f"{provider}/{name}"), name, tuple(dialects)) for name, dialects in data["voices"].items()]
    by_name, by_id = {voice.name: voice for voice in voices}, {voice.id: voice for voice in voices}
    return Voices(MappingProxyType(by_name), MappingProxyType(by_id), MappingProxyType(data["dialects"]))


def _id(name: str) -> str:
    """Ids of built-in voices are not public: they are made from the names, the same in every run (RFC 9562, UUIDv8)."""
    digits = blake2b(name.encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
