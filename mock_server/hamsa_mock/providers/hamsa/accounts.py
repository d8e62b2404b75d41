"""Who uses the service: keys, users, projects with their wallets, custom voices; and the ready-made test keys."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Limits: TypeAlias = Literal["real", "unlimited", "exceeded"]
"""`real`: as the behaviours say. `unlimited`: counted, and never enforced. `exceeded`: always over."""

Truncation: TypeAlias = Literal["real", "never", "first_answer"]


TEST_PREFIX = "hamsa-test-"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account."""

    id: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Project:
    """What is billed. `wallet`: seconds of audio that are paid for; None: without end."""

    id: str
    user: str
    active: bool = True
    wallet: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of a project."""

    key: str
    project: str
    expired: bool = False
    internal_error: bool = False
    """Judging the key fails inside the service (API-19)."""
    limits: Limits = "real"
    truncation: Truncation = "real"

    @property
    def shown(self) -> str:
        """How the key is named in logs: test keys are public, of any other only the length is told."""
        return self.key if self.key.startswith(TEST_PREFIX) else f"of {len(self.key)} characters"


@dataclass(frozen=True, slots=True)
class CustomVoice:
    """A cloned voice, addressed by its id, a UUID."""

    id: str
    name: str
    user: str


class UnknownReference(ValueError):
    """A key without its project, a project or a voice without its user."""


class Accounts:
    """All keys, users, projects and custom voices. What they are never changes; what is spent is kept elsewhere."""

    def __init__(
        self, users: Iterable[User], projects: Iterable[Project], keys: Iterable[Key], voices: Iterable[CustomVoice]
    ) -> None:
        """Raises UnknownReference."""
        self.users: Mapping[str, User] = {user.id: user for user in users}
        self.projects: Mapping[str, Project] = {project.id: project for project in projects}
        self.keys: Mapping[str, Key] = {key.key: key for key in keys}
        self.voices: Mapping[str, CustomVoice] = {voice.id.lower(): voice for voice in voices}
        """By their ids in lower case, because clients may write a UUID in either case."""
        for owner, kind, reference, known in self._references():
            if reference not in known:
                raise UnknownReference(f"{owner} names the {kind} {reference!r}, which does not exist")

    def _references(self) -> Iterator[tuple[str, str, str, Mapping[str, object]]]:
        """Who refers, to what kind of thing, by which id, and where that must be."""
        for key in self.keys.values():
            yield f"the key {key.shown}", "project", key.project, self.projects
        for project in self.projects.values():
            yield f"the project {project.id}", "user", project.user, self.users
        for voice in self.voices.values():
            yield f"the voice {voice.id}", "user", voice.user, self.users

    @property
    def test_keys(self) -> tuple[str, ...]:
        """The keys that may be shown to anybody."""
        return tuple(key for key in self.keys if key.startswith(TEST_PREFIX))

    def project_of(self, key: Key) -> Project:
        """The project that a key belongs to."""
        return self.projects[key.project]

    def user_of(self, key: Key) -> User:
        """The user whose project a key belongs to."""
        return self.users[self.project_of(key).user]


OWN_VOICE = "c803658e-ccec-47e7-ad0f-1caf9ba4babb"
FOREIGN_VOICE = "00000000-0000-4000-8000-000000000403"


def ready_made_accounts() -> Accounts:
    """What every mock knows: a key for each state that a client must be able to handle."""
    return Accounts(
        users=[User("tester"), User("somebody-else"), User("inactive-user", active=False)],
        projects=[
            Project("00000000-0000-4000-8000-000000000001", "tester"),
            Project("00000000-0000-4000-8000-000000000002", "tester", active=False),
            Project("00000000-0000-4000-8000-000000000003", "tester", wallet=0),
            Project("00000000-0000-4000-8000-000000000004", "tester", wallet=1),
            Project("00000000-0000-4000-8000-000000000005", "inactive-user"),
        ],
        keys=[
            Key("hamsa-test-key", "00000000-0000-4000-8000-000000000001"),
            Key(
                "hamsa-test-unlimited",
                "00000000-0000-4000-8000-000000000001",
                limits="unlimited",
                truncation="never",
            ),
            Key("hamsa-test-rate-limited", "00000000-0000-4000-8000-000000000001", limits="exceeded"),
            Key("hamsa-test-truncated", "00000000-0000-4000-8000-000000000001", truncation="first_answer"),
            Key("hamsa-test-expired", "00000000-0000-4000-8000-000000000001", expired=True),
            Key("hamsa-test-inactive-user", "00000000-0000-4000-8000-000000000005"),
            Key("hamsa-test-inactive-project", "00000000-0000-4000-8000-000000000002"),
            Key("hamsa-test-no-funds", "00000000-0000-4000-8000-000000000003"),
            Key("hamsa-test-nearly-broke", "00000000-0000-4000-8000-000000000004"),
            Key("hamsa-test-internal-error", "00000000-0000-4000-8000-000000000001", internal_error=True),
        ],
        voices=[
            CustomVoice(OWN_VOICE, "the tester's voice", "tester"),
            CustomVoice(FOREIGN_VOICE, "a voice of somebody else", "somebody-else"),
        ],
    )
