"""A running mock as Python sees it: its clock, faults, journal, behaviours and connections, over the admin API."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hamsa_kit.admin_calls import AdminCalls
from hamsa_kit.transcript import Entry, entry_of

BehaviourValue = str | float


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the clock of a mock shows, in seconds since the mock started. `next_deadline`: when something is due next;
    None: nothing waits. It may be told too early, never too late. `scale`: so many seconds pass in one of real time,
    unless it is `frozen`.
    """

    now: float
    next_deadline: float | None
    scale: float
    frozen: bool


class MockClock:
    """The clock of a mock. Times are seconds since the mock started."""

    def __init__(self, calls: AdminCalls) -> None:
        self._calls = calls

    def reading(self) -> ClockReading:
        """What it shows at present."""
        return _reading(self._calls.get("clock"))

    def now(self) -> float:
        """The present reading."""
        return self.reading().now

    def next_deadline(self) -> float | None:
        """When something is due next."""
        return self.reading().next_deadline

    def advance(self, seconds: float) -> ClockReading:
        """Let time pass, and return when all that fell due in it has been written. Errors: MockRefused."""
        return _reading(self._steer(advance=seconds))

    def advance_to_next_deadline(self) -> float:
        """Let time pass until something falls due; how many seconds that was, 0 where nothing waits."""
        return float(self._steer(advance="next")["advanced"])

    def freeze(self) -> ClockReading:
        """Stand still until `advance`, `unfreeze` or a reset; what it shows from now on."""
        return _reading(self._steer(freeze=True))

    def unfreeze(self) -> None:
        """Run again."""
        self._steer(freeze=False)

    def scale(self, factor: float) -> None:
        """Let so many seconds pass in one of real time. Errors: MockRefused."""
        self._steer(scale=factor)

    def _steer(self, **order: object) -> dict[str, Any]:
        reading: dict[str, Any] = self._calls.send("POST", "clock", content=order)
        return reading


def _reading(shown: dict[str, Any]) -> ClockReading:
    return ClockReading(shown["now"], shown["next_deadline"], shown["scale"], shown["frozen"])


class MockBehaviours(Mapping[str, BehaviourValue]):
    """The behaviours of a mock, by slug. A change counts from the mock's next decision on."""

    def __init__(self, calls: AdminCalls) -> None:
        self._calls = calls

    def __getitem__(self, slug: str) -> BehaviourValue:
        values = self._values()
        if slug not in values:
            raise KeyError(slug)
        return values[slug]

    def __setitem__(self, slug: str, value: BehaviourValue) -> None:
        """Errors: MockRefused with the nearest right name or value."""
        self.update({slug: value})

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def update(self, changes: Mapping[str, BehaviourValue]) -> None:
        """Change some values, or none if one is refused. Errors: MockRefused."""
        self._calls.send("PATCH", "behaviours", content=dict(changes))

    def profile(self, name: str) -> None:
        """Set all values as a profile has them. Errors: MockRefused."""
        self._calls.send("PUT", "profile", content={"profile": name})

    def _values(self) -> dict[str, BehaviourValue]:
        values: dict[str, BehaviourValue] = self._calls.get("behaviours")
        return values


class MockFaults:
    """The faults of a mock."""

    def __init__(self, calls: AdminCalls) -> None:
        self._calls = calls

    def arm(self, fault: str | Mapping[str, Any]) -> int:
        """Arm a fault, such as `close(4003) after chunk 3`; the number to disarm it by. Errors: MockRefused."""
        content = fault if isinstance(fault, str) else dict(fault)
        return int(self._calls.send("POST", "faults", content=content)["id"])

    def armed(self) -> list[dict[str, Any]]:
        """What is armed, and how often it was applied."""
        faults: list[dict[str, Any]] = self._calls.get("faults")["faults"]
        return faults

    def disarm(self, number: int) -> None:
        """Take a fault away. Errors: MockRefused for one that is not armed."""
        self._calls.send("DELETE", "faults", number)

    def clear(self) -> None:
        """Take all faults away."""
        self._calls.send("DELETE", "faults")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a question to the journal. `text` names what was found; `positions` the entries."""

    verdict: str
    text: str
    positions: tuple[int, ...]

    def __bool__(self) -> bool:
        return self.verdict == "satisfied"


class MockJournal:
    """What a mock has seen and done."""

    def __init__(self, calls: AdminCalls) -> None:
        self._calls = calls

    def entries(
        self,
        *,
        after: int | None = None,
        connection: int | None = None,
        kind: str | None = None,
        event: str | None = None,
        request: int | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """Entries that fit all that is given, the oldest first."""
        found = self._calls.get(
            "journal", after=after, connection=connection, kind=kind, event=event, request=request, limit=limit
        )
        return [entry_of(entry) for entry in found["entries"]]

    def audio(self, entry: Entry) -> bytes:
        """The bytes of an entry. Errors: MockRefused where it has none, or no longer."""
        data: bytes | None = self._calls.get("journal", entry.connection or 0, entry.sequence, "bytes")
        return data or b""

    def export(self, *, canonical: bool = False) -> str:
        """All of it as JSON Lines. `canonical`: without what differs between equal runs."""
        exported: bytes = self._calls.get("journal", "export", canonical=str(canonical).lower())
        return exported.decode()

    def verify(self, *, timeout: float = 0, **query: object) -> Verdict:
        """Judge what happened, as in `verify(event="tts", exactly=3, same_connection=True)`. `timeout`: so many seconds
        of real time to wait until it can be judged. Errors: MockRefused.
        """
        found = self._calls.send("POST", "verify", content={"query": query, "timeout": timeout})
        return Verdict(found["verdict"], found["text"], tuple(found["positions"]))

    def clear(self) -> None:
        """Forget all entries."""
        self._calls.send("POST", "reset", "journal")


class MockConnections:
    """The WebSocket connections of a mock that are open."""

    def __init__(self, calls: AdminCalls) -> None:
        self._calls = calls

    def open(self) -> list[dict[str, Any]]:
        """Number, path, peer and age of each, the oldest first."""
        connections: list[dict[str, Any]] = self._calls.get("connections")["connections"]
        return connections

    def close(self, number: int, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake. Errors: MockRefused."""
        self._calls.send("POST", "connections", number, "close", content={"code": code, "reason": reason})

    def send(self, number: int, message: str | bytes) -> None:
        """Send a message that nobody asked for. Errors: MockRefused."""
        content = {"text": message} if isinstance(message, str) else {"base64": base64.b64encode(message).decode()}
        self._calls.send("POST", "connections", number, "send", content=content)

    def drop_all(self) -> None:
        """End all connections without a close frame, and return when they are gone."""
        self._calls.send("DELETE", "connections")


class MockClient:
    """Steers a running mock. Errors of every method: MockUnreachable, MockRefused."""

    def __init__(
        self,
        admin_url: str,
        token: str | None = None,
        ca_file: str | None = None,
        before: Callable[[], None] | None = None,
    ) -> None:
        """`token`: where the mock is reachable from other machines. `before` is called before each request."""
        calls = AdminCalls(admin_url, token, ca_file, before)
        self._calls = calls
        self.clock = MockClock(calls)
        self.behaviours = MockBehaviours(calls)
        self.faults = MockFaults(calls)
        self.journal = MockJournal(calls)
        self.connections = MockConnections(calls)

    @property
    def admin_url(self) -> str:
        """Of the admin API."""
        return self._calls.url

    @property
    def ws_url(self) -> str:
        """The whole WebSocket endpoint of Hamsa, without a key."""
        return str(self._info["ws_url"])

    @property
    def http_url(self) -> str:
        """The origin of the REST routes, without a path."""
        return str(self._info["http_url"])

    @property
    def key(self) -> str:
        """A key that is accepted."""
        return str(self._info["keys"][0])

    @property
    def environment(self) -> dict[str, str]:
        """Variables that name the mock to programs which read their URLs and keys from the environment."""
        return dict(self._info["environment"])

    @cached_property
    def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = self._calls.get("info")
        return info

    def reset(self, *, close_connections: bool = False) -> None:
        """Forget limits, wallets, preloads, journal and faults, and all that was changed since the start. Connections
        stay open, unless they are to be closed.
        """
        self._calls.send("POST", "reset", content={"close_connections": close_connections})

    def seed(self, seed: int) -> None:
        """Begin chance and voice anew, from a seed."""
        self._calls.send("PUT", "seed", content={"seed": seed})

    def put(self, provider: str, resource: str, entries: Sequence[Any]) -> None:
        """Add entries to a resource of a provider, such as the `keys` or `transcripts` of `hamsa`, or replace those of
        the same id.
        """
        self._calls.send("PATCH", "providers", provider, resource, content=list(entries))

    def read(self, provider: str, resource: str) -> list[Any]:
        """The entries of a resource, without secrets."""
        entries: list[Any] = self._calls.get("providers", provider, resource)
        return entries

    def config(self) -> str:
        """The present state as a configuration file in YAML, without secrets."""
        text: bytes = self._calls.get("config")
        return text.decode()

    def shut_down(self) -> None:
        """End the mock, as Ctrl-C does: it says so with 1001 to everybody, and returns nothing to wait for."""
        self._calls.send("POST", "shutdown")

    def is_ready(self) -> bool:
        """Whether the mock takes connections."""
        return bool(self._calls.get("ready")["status"] == "ok")
