"""What is held back of a connection."""

import pytest

from hamsa_mock.core.actions import Abort, Accept, Close, Fin, Ping, Pong, Raw, Reset, Send
from hamsa_mock.core.messages import text_message
from hamsa_mock.faults.fault import Gap, Hold, Later, Mute
from hamsa_mock.faults.lanes import ANSWERS, Lanes, Leaving, lane_of
from tests.mock_server.faults.virtual import CHUNKS, END, request

ASKED = request()
FIRST, SECOND = (Send("chunk", CHUNKS[place], ASKED, place + 1) for place in (0, 1))
LAST = Send("end", END, ASKED)
ERROR = Send("error", text_message("no"), ASKED)


@pytest.mark.parametrize(
    ("action", "lane"),
    [
        (FIRST, ANSWERS),
        (Accept(), ANSWERS),
        (Close(1000, ""), ANSWERS),
        (Mute(), ANSWERS),
        (ERROR, "error"),
        (Ping(), "ping"),
        (Pong(b""), "pong"),
    ],
)
def test_errors_pings_and_pongs_have_lanes_of_their_own(action: Leaving, lane: str) -> None:
    assert lane_of(action) == lane


def test_what_nothing_holds_leaves_at_once_and_in_order() -> None:
    lanes = Lanes()
    assert lanes.idle
    for action in (FIRST, SECOND, LAST):
        lanes.put(action, ANSWERS, 5)
    assert lanes.due(5) == [FIRST, SECOND, LAST]
    assert lanes.idle
    assert lanes.deadline is None


def test_lane_that_waits_holds_up_no_other() -> None:
    lanes = Lanes()
    lanes.wait(Later(2), ANSWERS, 5)
    lanes.put(FIRST, ANSWERS, 5)
    lanes.put(ERROR, "error", 5)
    assert lanes.due(5) == [ERROR]
    assert lanes.deadline == 7
    assert lanes.nbytes == 6400
    assert not lanes.idle
    assert lanes.due(7) == [FIRST]
    assert lanes.nbytes == 0
    assert lanes.idle


def test_what_is_later_never_overtakes() -> None:
    lanes = Lanes()
    lanes.wait(Later(2), ANSWERS, 5)
    lanes.put(FIRST, ANSWERS, 5)
    lanes.wait(Later(1), ANSWERS, 5)
    lanes.put(SECOND, ANSWERS, 5.5)
    assert lanes.due(6.9) == []
    assert lanes.due(7) == [FIRST, SECOND]


def test_gaps_add_up_and_gathered_ones_are_waited_for_together() -> None:
    lanes = Lanes()
    lanes.wait(Gap(1, gathered=True), ANSWERS, 5)
    assert not lanes.idle
    lanes.put(FIRST, ANSWERS, 5)
    assert lanes.due(5) == [FIRST]
    lanes.wait(Gap(2), ANSWERS, 5)
    lanes.put(SECOND, ANSWERS, 5)
    lanes.wait(Gap(4), ANSWERS, 5)
    lanes.put(LAST, ANSWERS, 5)
    assert lanes.deadline == 8
    assert lanes.due(8) == [SECOND]
    assert lanes.deadline == 12


def test_everything_can_be_late() -> None:
    lanes = Lanes()
    lanes.wait(Later(3, everything=True), ANSWERS, 5)
    lanes.put(FIRST, ANSWERS, 5)
    lanes.put(Ping(), "ping", 6)
    assert lanes.due(7) == []
    assert lanes.due(8) == [FIRST, Ping()]
    assert lanes.idle


@pytest.mark.parametrize("end", [Close(1000, ""), Fin(), Reset(), Mute()])
def test_end_of_the_connection_leaves_behind_everything_and_nothing_behind_it(end: Leaving) -> None:
    lanes = Lanes()
    lanes.wait(Later(2), "error", 5)
    lanes.put(ERROR, "error", 5)
    lanes.wait(Later(1), ANSWERS, 5)
    lanes.put(FIRST, ANSWERS, 5)
    lanes.put(end, ANSWERS, 5)
    lanes.put(SECOND, ANSWERS, 5)
    lanes.put(Ping(), "ping", 9)
    assert lanes.due(9) == [FIRST, ERROR, end]
    assert lanes.deadline is None
    assert lanes.nbytes == 0


def test_abort_passes_by_everything() -> None:
    lanes = Lanes()
    lanes.wait(Later(2, everything=True), ANSWERS, 5)
    lanes.put(FIRST, ANSWERS, 5)
    lanes.put(Abort(), ANSWERS, 5)
    assert lanes.due(5) == [Abort()]
    assert lanes.idle


def test_held_action_leaves_behind_the_next_of_its_lane() -> None:
    lanes = Lanes()
    lanes.hold(Hold(FIRST, None))
    assert lanes.nbytes == 6400
    lanes.put(Ping(), "ping", 5)
    assert lanes.due(5) == [Ping()]
    assert not lanes.idle
    lanes.put(SECOND, ANSWERS, 5)
    assert lanes.due(5) == [SECOND, FIRST]
    assert lanes.nbytes == 0
    assert lanes.idle


def test_held_action_leaves_behind_an_event_of_its_request() -> None:
    lanes = Lanes()
    lanes.hold(Hold(FIRST, "end"))
    lanes.put(Send("end", END, request(2)), ANSWERS, 5)
    lanes.put(SECOND, ANSWERS, 5)
    lanes.put(Ping(), "ping", 99)
    assert len(lanes.due(5)) == 2
    lanes.put(LAST, ANSWERS, 5)
    assert lanes.due(5) == [LAST, FIRST]


def test_bytes_count_as_they_go_over_the_wire() -> None:
    lanes = Lanes()
    lanes.wait(Later(2), ANSWERS, 5)
    lanes.put(Raw(bytes(100), "chunk"), ANSWERS, 5)
    lanes.put(Ping(), ANSWERS, 5)
    assert lanes.nbytes == 100


def test_cleared_lanes_hold_nothing() -> None:
    lanes = Lanes()
    lanes.wait(Later(2), ANSWERS, 5)
    lanes.wait(Later(2, everything=True), ANSWERS, 5)
    lanes.wait(Gap(2, gathered=True), ANSWERS, 5)
    lanes.put(FIRST, ANSWERS, 5)
    lanes.hold(Hold(FIRST, None))
    lanes.clear()
    assert lanes.idle
    assert lanes.nbytes == 0
    assert lanes.due(99) == []
