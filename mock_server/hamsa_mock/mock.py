"""The mock without a socket: a World, the providers that live in it, and who answers on which path."""

from collections.abc import Callable, Mapping

from hamsa_kit.redaction import holds_key, shown_path
from hamsa_mock.core.http import HttpRoute
from hamsa_mock.core.refusing import RefusingSession
from hamsa_mock.core.session import Route, Session, Staged
from hamsa_mock.core.world import World
from hamsa_mock.providers.registry import PROVIDERS, Provider
from hamsa_mock.stages.request_log import LogLine, RequestLog


class Mock:
    """A World with all providers. `log` takes a line for every request, refusal and close; None: no log."""

    def __init__(self, world: World, log: Callable[[LogLine], None] | None = None) -> None:
        self.world = world
        self.log = log
        self.providers: tuple[Provider, ...] = tuple(make(world) for make in PROVIDERS)
        self._routes: dict[str, Route] = {}
        self.http_routes: dict[str, HttpRoute] = {}
        for provider in self.providers:
            self._routes.update(provider.websocket_routes())
            self.http_routes.update(provider.http_routes())

    def route(self, path: str) -> Route | None:
        """Who takes an upgrade on this path; None: nobody."""
        return self._routes.get(path)

    def nothing_at(self, path: str) -> str:
        """The message of a 404. A key in the path is not shown."""
        hint = ' the query with the key begins with "?";' if holds_key(path) else ""
        return (
            f"Nothing at {shown_path(path)};{hint} WebSocket clients connect to {', '.join(self._routes)},"
            f" REST requests are answered at {', '.join(self.http_routes)}"
        )

    def session(self, route: Route) -> Session:
        """The session of a new connection, with all its stages."""
        return self._staged(route.make())

    def refusing(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> Session:
        """A session that answers its upgrade with an HTTP error."""
        return self._staged(RefusingSession(status, message, headers or {}))

    def _staged(self, session: Session) -> Session:
        if self.log is None:
            return session
        number = self.world.next_connection()
        return Staged(session, [RequestLog(number, self.log, self.world.behaviours)])
