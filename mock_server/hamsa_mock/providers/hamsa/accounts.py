"""Who uses the service: keys, users, projects with their wallets, custom voices; and the ready-made test keys."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

Limits: TypeAlias = Literal["real", "unlimited", "exceeded"]
"""`real`: as the behaviours say. `unlimited`: counted, and never enforced. `exceeded`: always over."""

Truncation: TypeAlias = Literal["real", "never", "first_answer"]


TEST_PREFIX = "hamsa-test-"


def is_public(key: str) -> bool:
    """Whether an API key may be shown to anybody: a test key. Any other is a secret."""
    return key.startswith(TEST_PREFIX)


def shown_key(key: str) -> str:
    """How an API key is named in logs and errors: of a secret only the length is told."""
    return key if is_public(key) else f"of {len(key)} characters"


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
        """How the key is named in logs and errors."""
        return shown_key(self.key)


@dataclass(frozen=True, slots=True)
class CustomVoice:
    """A cloned voice, addressed by its id, a UUID."""

    id: str
    name: str
    user: str


class UnknownReference(ValueError):
    """A key without its project, a project or a voice without its user."""

    def __init__(self, owner: str, kind: str, reference: str) -> None:
        super().__init__(f"{owner} names the {kind} {reference!r}, which does not exist")
        self.owner = owner
        """Who refers, in words."""
        self.kind = kind
        """What is missing: a user or a project."""
        self.reference = reference
        """Its id."""


@dataclass(frozen=True, slots=True)
class _Tables:
    users: Mapping[str, User]
    projects: Mapping[str, Project]
    keys: Mapping[str, Key]
    voices: Mapping[str, CustomVoice]

    def check(self) -> None:
        for owner, kind, reference, known in self._references():
            if reference not in known:
                raise UnknownReference(owner, kind, reference)

    def _references(self) -> Iterator[tuple[str, str, str, Mapping[str, object]]]:
        """Who refers, to what kind of thing, by which id, and where that must be."""
        for key in self.keys.values():
            yield f"the key {key.shown}", "project", key.project, self.projects
        for project in self.projects.values():
            yield f"the project {project.id}", "user", project.user, self.users
        for voice in self.voices.values():
            yield f"the voice {voice.id}", "user", voice.user, self.users


Kind: TypeAlias = Literal["users", "projects", "keys", "voices"]


class Accounts:
    """All keys, users, projects and custom voices, as they are now. What is spent is kept elsewhere."""

    def __init__(
        self, users: Iterable[User], projects: Iterable[Project], keys: Iterable[Key], voices: Iterable[CustomVoice]
    ) -> None:
        """Raises UnknownReference."""
        self._tables = _Tables({}, {}, {}, {})
        self._known_users: dict[str, User] = {}
        self._known_projects: dict[str, Project] = {}
        self.put(users, projects, keys, voices)
        self.keep()

    @property
    def users(self) -> Mapping[str, User]:
        """By their ids."""
        return self._tables.users

    @property
    def projects(self) -> Mapping[str, Project]:
        """By their ids."""
        return self._tables.projects

    @property
    def keys(self) -> Mapping[str, Key]:
        """By the keys themselves."""
        return self._tables.keys

    @property
    def voices(self) -> Mapping[str, CustomVoice]:
        """By their ids in lower case, because clients may write a UUID in either case."""
        return self._tables.voices

    def put(
        self,
        users: Iterable[User] = (),
        projects: Iterable[Project] = (),
        keys: Iterable[Key] = (),
        voices: Iterable[CustomVoice] = (),
    ) -> None:
        """Add these, or replace those of the same ids: all of them, or none. Raises UnknownReference."""
        self._become(
            _Tables(
                {**self.users, **{user.id: user for user in users}},
                {**self.projects, **{project.id: project for project in projects}},
                {**self.keys, **{key.key: key for key in keys}},
                {**self.voices, **{voice.id.lower(): voice for voice in voices}},
            )
        )

    def remove(self, kind: Kind, id: str) -> None:
        """Take one away. Raises KeyError where there is none, UnknownReference where another one needs it."""
        left: dict[str, Any] = dict(getattr(self, kind))
        del left[id]
        self._become(replace(self._tables, **{kind: left}))

    def keep(self) -> None:
        """What is there now is what `reset` returns to."""
        self._start = self._tables

    def reset(self) -> None:
        """Back to what was there at the start."""
        self._become(self._start)

    def _become(self, tables: _Tables) -> None:
        tables.check()
        self._tables = tables
        self._known_users.update(tables.users)
        self._known_projects.update(tables.projects)

    @property
    def test_keys(self) -> tuple[str, ...]:
        """The keys that may be shown to anybody."""
        return tuple(filter(is_public, self.keys))

    def project_of(self, key: Key) -> Project:
        """The project that a key belongs to. A connection outlives its key: one that was taken away counts too."""
        return self._known_projects[key.project]

    def user_of(self, key: Key) -> User:
        """The user whose project a key belongs to."""
        return self._known_users[self.project_of(key).user]


TESTER = "tester"
TESTER_PROJECT = "00000000-0000-4000-8000-000000000001"
"""To whom everything belongs of which a user does not say whose it is."""

OWN_VOICE = "c803658e-ccec-47e7-ad0f-1caf9ba4babb"
FOREIGN_VOICE = "00000000-0000-4000-8000-000000000403"


def ready_made_accounts() -> Accounts:
    """What every mock knows: a key for each state that a client must be able to handle."""
    return Accounts(
        users=[User(TESTER), User("somebody-else"), User("inactive-user", active=False)],
        projects=[
            Project(TESTER_PROJECT, TESTER),
            Project("00000000-0000-4000-8000-000000000002", TESTER, active=False),
            Project("00000000-0000-4000-8000-000000000003", TESTER, wallet=0),
            Project("00000000-0000-4000-8000-000000000004", TESTER, wallet=1),
            Project("00000000-0000-4000-8000-000000000005", "inactive-user"),
        ],
        keys=[
            Key("hamsa-test-key", TESTER_PROJECT),
            Key(
                "hamsa-test-unlimited",
                TESTER_PROJECT,
                limits="unlimited",
                truncation="never",
            ),
            Key("hamsa-test-rate-limited", TESTER_PROJECT, limits="exceeded"),
            Key("hamsa-test-truncated", TESTER_PROJECT, truncation="first_answer"),
            Key("hamsa-test-expired", TESTER_PROJECT, expired=True),
            Key("hamsa-test-inactive-user", "00000000-0000-4000-8000-000000000005"),
            Key("hamsa-test-inactive-project", "00000000-0000-4000-8000-000000000002"),
            Key("hamsa-test-no-funds", "00000000-0000-4000-8000-000000000003"),
            Key("hamsa-test-nearly-broke", "00000000-0000-4000-8000-000000000004"),
            Key("hamsa-test-internal-error", TESTER_PROJECT, internal_error=True),
        ],
        voices=[
            CustomVoice(OWN_VOICE, "the tester's voice", TESTER),
            CustomVoice(FOREIGN_VOICE, "a voice of somebody else", "somebody-else"),
        ],
    )
