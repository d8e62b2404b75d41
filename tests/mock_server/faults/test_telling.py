"""How the log tells of faults."""

from hamsa_mock.faults.board import FaultBoard
from hamsa_mock.faults.telling import fault_line


def test_application_is_told_with_the_fault_and_where_it_was_applied() -> None:
    armed = FaultBoard(lambda: 0).arm("close(4003) after chunk 3 when key=sesame")
    line = fault_line(armed, True, 1.5, 7, 2)
    text = 'close(code=4003) after chunk 3 when key="***"'
    assert (line.time, line.connection, line.event) == (1.5, 7, "fault")
    assert line.words == f"#7.2 fault 1 applied: {text}"
    assert line.data == {"fault": 1, "kind": "close", "at": "after chunk 3", "spec": text, "request": 2}
    assert "sesame" not in repr(line)


def test_event_that_chance_let_go_by_is_told_too() -> None:
    armed = FaultBoard(lambda: 0).arm("ignore_pings with probability 0.5")
    line = fault_line(armed, False, 1.5, 7, None)
    assert line.event == "fault bypassed"
    assert line.words == "#7 fault 1 bypassed by chance: ignore_pings instead of pong with probability 0.5"
    assert line.data["at"] == "instead of pong"


def test_fault_over_rest_belongs_to_no_connection() -> None:
    armed = FaultBoard(lambda: 0).arm("rest_status")
    line = fault_line(armed, True, 1.5, None, 2)
    assert line.connection is None
    assert line.words == "fault 1 applied: rest_status instead of answer"
