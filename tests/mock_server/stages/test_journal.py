"""The stage that records a connection."""

from hamsa_mock.core import events
from hamsa_mock.core.actions import Action, Close
from hamsa_mock.core.journal import Journal
from hamsa_mock.stages.journal import JournalStage


def test_stage_records_each_step_of_its_connection_and_changes_nothing() -> None:
    journal = Journal(lambda: 1e9)
    first, second = JournalStage(journal, 1, "hamsa"), JournalStage(journal, 2, None)
    actions: list[Action] = [Close(1000, "bye")]
    assert first.step(events.Text("a"), actions, 0.5) is actions
    assert second.step(None, actions, 0.75) is actions
    assert [
        (entry.connection, entry.sequence, entry.kind, entry.provider, entry.time) for entry in journal.entries()
    ] == [
        (1, 1, "message", "hamsa", 0.5),
        (1, 2, "close", "hamsa", 0.5),
        (2, 1, "close", None, 0.75),
    ]
