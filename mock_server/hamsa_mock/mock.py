"""The mock without a socket: a World, the providers that live in it, and who answers on which path."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from hamsa_kit.redaction import Redactor, holds_key, shown_path
from hamsa_mock.core.actions import Why
from hamsa_mock.core.http import HttpRoute
from hamsa_mock.core.journal import Journal
from hamsa_mock.core.refusing import RefusingSession
from hamsa_mock.core.session import Route, Session, Stage, Staged
from hamsa_mock.core.world import World
from hamsa_mock.faults.board import FaultBoard
from hamsa_mock.faults.stage import FaultStage
from hamsa_mock.providers.registry import PROVIDERS, Provider
from hamsa_mock.stages.journal import JournalStage
from hamsa_mock.stages.request_log import LogLine, RequestLog


class Mock:
    """A World with all providers, faults and a journal.

    `log` takes a line for every request, refusal and close; None: no log. `real` gives seconds since the epoch.
    """

    def __init__(
        self, world: World, log: Callable[[LogLine], None] | None = None, real: Callable[[], float] = time.time
    ) -> None:
        self.world = world
        self.providers: tuple[Provider, ...] = tuple(make(world) for make in PROVIDERS)
        self.faults = FaultBoard(lambda: world.seed)
        self.journal = Journal(real, self._secrets, lambda: world.seed, test_keys=self._test_keys)
        self.told: Counter[str] = Counter()
        """How many lines of each kind were told."""
        self._log = log
        self._websockets = {path: provider for provider in self.providers for path in provider.websocket_routes()}
        self._rest = {path: provider for provider in self.providers for path in provider.http_routes()}

    def tell(self, line: LogLine) -> None:
        """Something happened that is worth telling."""
        self.told[line.event] += 1
        self.journal.note(line.time, line.connection, line.event, line.words, line.data)
        if self._log is not None:
            self._log(self._without_secrets(line))

    def route(self, path: str) -> Route | None:
        """Who takes an upgrade on this path; None: nobody."""
        provider = self._websockets.get(path)
        return None if provider is None else provider.websocket_routes()[path]

    @property
    def http_paths(self) -> tuple[str, ...]:
        """The paths that answer REST requests."""
        return tuple(self._rest)

    def http_route(self, path: str) -> HttpRoute:
        """Who answers on one of these paths."""
        return self._rest[path].http_routes()[path]

    def http_provider(self, path: str) -> str:
        """The name of the provider that answers on one of these paths."""
        return self._rest[path].name

    def nothing_at(self, path: str) -> str:
        """The message of a 404. A key in the path is not shown."""
        hint = ' the query with the key begins with "?";' if holds_key(path) else ""
        return (
            f"Nothing at {shown_path(path)};{hint} WebSocket clients connect to {', '.join(self._websockets)},"
            f" REST requests are answered at {', '.join(self._rest)}"
        )

    def session(self, number: int, path: str, route: Route) -> Staged:
        """The session of a new connection to a path, with all its stages."""
        return self._staged(number, route.make(), self._websockets[path].name, route.too_large)

    def refusing(self, number: int, status: int, message: str, headers: Mapping[str, str] | None = None) -> Staged:
        """A session that answers its upgrade with an HTTP error."""
        return self._staged(number, RefusingSession(status, message, headers or {}), None)

    def reset(self, open_connections: int = 0) -> None:
        """Forget what was counted, spent, scripted and changed since the start. Connections stay open;
        `open_connections`: the highest number of one that is.
        """
        self.world.reset(open_connections)
        self.faults.clear()
        self.journal.clear()
        for provider in self.providers:
            provider.reset()

    def _staged(self, number: int, session: Session, provider: str | None, too_large: Why | None = None) -> Staged:
        """Faults first, so that log and journal see what goes over the wire."""
        seen_by: list[Stage] = [
            JournalStage(self.journal, number, provider),
            RequestLog(number, self.tell, self.world.behaviours, lambda: session.request, too_large),
        ]
        return Staged(session, seen_by, FaultStage(number, self.faults, self.tell))

    def _without_secrets(self, line: LogLine) -> LogLine:
        """Clients write keys where none belongs: in paths, in names of speakers. Test keys may be shown."""
        secrets = self._secrets()
        if not secrets:
            return line
        text = Redactor(secrets).text
        data = {name: text(value) if isinstance(value, str) else value for name, value in line.data.items()}
        return replace(line, words=text(line.words), data=data)

    def _secrets(self) -> list[str]:
        return [secret for provider in self.providers for secret in provider.secrets]

    def _test_keys(self) -> list[str]:
        return [key for provider in self.providers for key in provider.keys]
