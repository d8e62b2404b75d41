"""Hamsa's REST route for projects: which one a key belongs to."""

from hamsa_mock.core.actions import Request
from hamsa_mock.core.http import HttpAnswer, json_answer
from hamsa_mock.providers.hamsa.accounts import Key
from hamsa_mock.providers.hamsa.rest_routes import RestRoute, RestRoutes, read_nothing
from hamsa_schemas import Facts


class ProjectRoutes:
    """The project of a key. Path and form come from public clients (assumed)."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def routes(self) -> RestRoutes:
        """The route by its path."""
        return {self._facts.text("endpoint.project"): RestRoute("GET", "project", read_nothing, self._project)}

    def _project(self, nothing: None, key: Key, asked: Request, now: float) -> HttpAnswer:
        return json_answer(int(self._facts.number("status.ok")), {"success": True, "data": {"id": key.project}})
