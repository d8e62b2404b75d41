"""The accounts as resources: users, projects, keys, cloned voices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hamsa_mock.core.resources import BadResource, Resource
from hamsa_mock.providers.hamsa.accounts import (
    TESTER,
    TESTER_PROJECT,
    Accounts,
    CustomVoice,
    Key,
    Kind,
    Project,
    UnknownReference,
    User,
    is_public,
    shown_key,
)
from hamsa_mock.providers.hamsa.limits import Wallets
from hamsa_schemas.errors import shown, suggestion

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Table(Generic[T]):
    """One table of the accounts. `make` and `show` translate between its items and entries."""

    accounts: Accounts
    kind: Kind
    make: Callable[[Mapping[str, Any]], T]
    show: Callable[[T], dict[str, Any]]

    @property
    def items(self) -> Mapping[str, T]:
        items: Mapping[str, T] = getattr(self.accounts, self.kind)
        return items

    def read(self) -> list[Any]:
        return [self.show(item) for id, item in self.items.items() if self._is_shown(id)]

    def hidden(self) -> int:
        return len(self.items) - len(self.read())

    def put(self, entries: list[Any]) -> None:
        changes: dict[str, Any] = {self.kind: [self.make(entry) for entry in entries]}
        try:
            self.accounts.put(**changes)
        except UnknownReference as error:
            kind: Kind = "projects" if error.kind == "project" else "users"
            words = f"{error}; {suggestion(error.reference, getattr(self.accounts, kind))}"
            wrong = (place for place, entry in enumerate(entries) if entry.get(error.kind) == error.reference)
            raise BadResource(f"{self.kind}: {words}", tuple(wrong)[:1]) from error

    def remove(self, id: str) -> None:
        id = id.lower() if self.kind == "voices" else id
        kind = self.kind.removesuffix("s")
        try:
            self.accounts.remove(self.kind, id)
        except KeyError as error:
            name = shown_key(id) if self.kind == "keys" else shown(id)
            known = suggestion(id, filter(self._is_shown, self.items))
            raise BadResource(f"there is no {kind} {name}; {known}") from error
        except UnknownReference as error:
            raise BadResource(f"{error.owner} belongs to the {kind} {shown(id)}: remove that first") from error

    def _is_shown(self, id: str) -> bool:
        return self.kind != "keys" or is_public(id)


def account_resources(accounts: Accounts, wallets: Wallets) -> tuple[Resource, ...]:
    """Users, projects, keys and voices. They refer to each other, so they are kept, and go back, together."""
    users = _Table(accounts, "users", _make_user, _show_user)
    projects = _Table(accounts, "projects", _make_project, lambda project: _show_project(project, wallets))
    keys = _Table(accounts, "keys", _make_key, _show_key)
    voices = _Table(accounts, "voices", _make_voice, _show_voice)

    def put_projects(entries: list[Any]) -> None:
        for place, entry in enumerate(entries):
            if "balance" in entry and (entry["balance"] is None) != (entry.get("wallet") is None):
                words = "null where the wallet is without end (null), and a number where it is not"
                raise BadResource(f"projects[{place}].balance must be {words}", (place, "balance"))
        projects.put(entries)
        for entry in entries:
            wallets.fill(accounts.projects[entry["id"]], entry.get("balance"))

    def keep() -> None:
        accounts.keep()
        wallets.keep()

    def reset() -> None:
        accounts.reset()
        wallets.reset()

    def resource(table: _Table[Any], put: Callable[[list[Any]], None]) -> Resource:
        schema = f"hamsa/resources/{table.kind}.schema.json"
        return Resource(table.kind, schema, table.read, table.hidden, put, table.remove, keep, reset)

    return (
        resource(users, users.put),
        resource(projects, put_projects),
        resource(keys, keys.put),
        resource(voices, voices.put),
    )


def _make_user(entry: Mapping[str, Any]) -> User:
    return User(entry["id"], entry.get("active", True))


def _show_user(user: User) -> dict[str, Any]:
    return {"id": user.id, "active": user.active}


def _make_project(entry: Mapping[str, Any]) -> Project:
    return Project(entry["id"], entry.get("user", TESTER), entry.get("active", True), entry.get("wallet"))


def _show_project(project: Project, wallets: Wallets) -> dict[str, Any]:
    balance = None if project.wallet is None else int(wallets.balance(project))
    return {
        "id": project.id,
        "user": project.user,
        "active": project.active,
        "wallet": project.wallet,
        "balance": balance,
    }


def _make_key(entry: Mapping[str, Any]) -> Key:
    return Key(
        entry["key"],
        entry.get("project", TESTER_PROJECT),
        entry.get("expired", False),
        entry.get("internal_error", False),
        entry.get("limits", "real"),
        entry.get("truncation", "real"),
    )


def _show_key(key: Key) -> dict[str, Any]:
    return {
        "key": key.key,
        "project": key.project,
        "expired": key.expired,
        "internal_error": key.internal_error,
        "limits": key.limits,
        "truncation": key.truncation,
    }


def _make_voice(entry: Mapping[str, Any]) -> CustomVoice:
    return CustomVoice(entry["id"], entry.get("name", entry["id"]), entry.get("user", TESTER))


def _show_voice(voice: CustomVoice) -> dict[str, Any]:
    return {"id": voice.id, "name": voice.name, "user": voice.user}
