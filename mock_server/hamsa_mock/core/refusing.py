"""A session that refuses its upgrade: a path that nobody serves, a handshake that is not one."""

from collections.abc import Mapping

import orjson

from hamsa_mock.core import events
from hamsa_mock.core.actions import Action, Reject, Why


class RefusingSession:
    """Answers the upgrade with an HTTP error in the shape of the services' REST errors, and nothing else."""

    deadline = None
    hungry = True
    request = None

    def __init__(self, status: int, message: str, headers: Mapping[str, str]) -> None:
        body = orjson.dumps({"code": status, "message": message})
        headers = {"Content-Type": "application/json", **headers}
        self._reject = Reject(status, body, headers, Why(message))

    def receive(self, event: events.Event, now: float) -> list[Action]:
        """Refuse when the upgrade is asked for; what follows means nothing."""
        return [self._reject] if isinstance(event, events.Opening) else []

    def tick(self, now: float) -> list[Action]:
        """There is never a deadline."""
        return []
