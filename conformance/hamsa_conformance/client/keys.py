"""The keys and voices that cases ask for, by what is special about them."""

import os
from collections.abc import Iterable, Iterator, Mapping

from hamsa_conformance.judgement import NotTried

VALID = "valid"
UNKNOWN = "unknown"
UNKNOWN_KEY = "00000000-0000-4000-8000-00000000dead"
"""Nobody has it: keys are UUIDs of chance."""

PART_CHARACTERS = 8
"""Who knows so much of a key, from its begin or its end, knows too much of it."""

MOCK_KEYS = {
    "unlimited": "hamsa-test-unlimited",
    "expired": "hamsa-test-expired",
    "inactive-user": "hamsa-test-inactive-user",
    "inactive-project": "hamsa-test-inactive-project",
    "no-funds": "hamsa-test-no-funds",
    "nearly-broke": "hamsa-test-nearly-broke",
    "internal-error": "hamsa-test-internal-error",
    "rate-limited": "hamsa-test-rate-limited",
}
MOCK_VOICES = {
    "custom": "c803658e-ccec-47e7-ad0f-1caf9ba4babb",
    "foreign": "00000000-0000-4000-8000-000000000403",
}


def variable(kind: str, name: str) -> str:
    """The environment variable that gives a `key` or `voice`: HAMSA_API_KEY, HAMSA_KEY_EXPIRED, HAMSA_VOICE_CUSTOM."""
    if (kind, name) == ("key", VALID):
        return "HAMSA_API_KEY"
    return f"HAMSA_{kind}_{name}".upper().replace("-", "_")


class Credentials:
    """What there is. `given`: by kind and name, such as `("key", "expired")`. `are_real`: the keys are somebody's, so
    that parts of them are secret, too."""

    def __init__(self, given: Mapping[tuple[str, str], str], *, are_real: bool = False) -> None:
        self._given = dict(given)
        self._are_real = are_real

    @classmethod
    def of_mock(cls, key: str, keys: Iterable[str], voices: Iterable[str]) -> "Credentials":
        """Those that a mock has: `key` is accepted; of the ready-made ones, those which it still has."""
        keys, voices = set(keys), set(voices)
        given = {("key", name): value for name, value in MOCK_KEYS.items() if value in keys}
        given |= {("voice", name): value for name, value in MOCK_VOICES.items() if value in voices}
        return cls({**given, ("key", VALID): key})

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> "Credentials":
        """Those that the environment names."""
        wanted = [("key", VALID), *(("key", name) for name in MOCK_KEYS), *(("voice", name) for name in MOCK_VOICES)]
        found = {place: environment.get(variable(*place), "").strip() for place in wanted}
        return cls({place: value for place, value in found.items() if value}, are_real=True)

    def get(self, kind: str, name: str) -> str:
        """Errors: NotTried, which names the variable."""
        if (kind, name) == ("key", UNKNOWN):
            return UNKNOWN_KEY
        if (kind, name) not in self._given:
            raise NotTried(f"no {name} {kind}; give one in {variable(kind, name)}")
        return self._given[kind, name]

    def has(self, kind: str, name: str) -> bool:
        """Whether there is one."""
        return (kind, name) in self._given or name == UNKNOWN

    @property
    def secrets(self) -> frozenset[str]:
        """What no report may show."""
        keys = {value for (kind, _), value in self._given.items() if kind == "key"}
        parts = {part for key in keys for part in _parts(key)} if self._are_real else set[str]()
        return frozenset({*keys, *parts})


def _parts(key: str) -> Iterator[str]:
    """What servers quote of a key."""
    for characters in range(PART_CHARACTERS, len(key)):
        yield key[:characters]
        yield key[-characters:]
