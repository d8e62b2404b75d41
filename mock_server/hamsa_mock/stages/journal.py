"""Records what goes over the wire of a connection."""

from hamsa_mock.core.actions import Action
from hamsa_mock.core.events import Event
from hamsa_mock.core.journal import Journal


class JournalStage:
    """A stage that changes nothing. It stands behind those that do, so it sees what the client sees."""

    def __init__(self, journal: Journal, connection: int, provider: str | None) -> None:
        """`provider`: whose path the client asked for; None: nobody's."""
        self._journal = journal
        self._party = journal.connection(connection, provider)

    def step(self, event: Event | None, actions: list[Action], now: float) -> list[Action]:
        """Record the step; return the actions as they are."""
        self._journal.step(self._party, event, actions, now)
        return actions
