"""Faults of a connection."""

import json

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Abort, Accept, Action, Close, Ping, Pong, Reject, Reply, Send
from hamsa_mock.core.messages import binary_message, text_message
from hamsa_mock.core.session import Staged
from hamsa_mock.faults.board import FaultBoard
from hamsa_mock.faults.stage import HELD_BYTES, FaultStage
from hamsa_mock.providers.hamsa.session import HamsaSession
from tests.mock_server.faults.virtual import ACK, CHUNKS, END, VirtualConnection, answer, played, request
from tests.mock_server.providers.hamsa.virtual import VirtualHamsa, tts

WHOLE = ["ack", "chunk 1", "chunk 2", "chunk 3", "end"]


def error() -> Send:
    return Send("error", text_message("no"), request(2))


# What costs nothing


def test_open_connection_without_faults_passes_the_very_list_on() -> None:
    connection = VirtualConnection()
    actions: list[Action] = [answer()]
    assert connection.stage.step(events.Text("{}"), actions, 1) is actions
    assert connection.stage.deadline is None
    assert not connection.stage.full


def test_connection_is_as_before_when_its_fault_is_over() -> None:
    connection = VirtualConnection("delay(2) before ack times 1")
    connection.step(answer())
    connection.wait(10)
    actions: list[Action] = [answer()]
    assert connection.stage.step(events.Text("{}"), actions, 20) is actions


# Which events


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        ("drop instead of message", []),
        ("drop instead of chunk", ["ack", "end"]),
        ("drop instead of chunk 2", ["ack", "chunk 1", "chunk 3", "end"]),
        ("drop instead of chunk 4", WHOLE),
        ("drop instead of transcript", WHOLE),
        ("drop times 2", ["ack", "chunk 3", "end"]),
        ("drop when key=hamsa-test-key", ["ack", "end"]),
        ("drop when key=other", WHOLE),
        ("drop when speaker=Majd request=1", ["ack", "end"]),
        ("drop when text=x", WHOLE),
        ("rest_status instead of answer", WHOLE),
    ],
)
def test_fault_is_applied_where_it_is_addressed_to(fault: str, names: list[str]) -> None:
    assert played(fault).names == names


def test_what_belongs_to_no_request_matches_nothing_about_one() -> None:
    connection = VirtualConnection("drop instead of ping when request=1", "drop instead of info when request=1")
    assert connection.step(Ping(), Send("info", ACK)) == ["ping", "info"]


def test_event_that_no_fault_can_be_addressed_to_passes() -> None:
    board = FaultBoard(lambda: 0)
    board.arm("drop instead of message")
    stage = FaultStage(1, board, lambda line: None)
    assert stage.step(events.Opening("/x"), [Reject(404, b"")], 0) == [Reject(404, b"")]


def test_nth_connection_is_counted_since_the_arming_among_those_of_the_key() -> None:
    board = FaultBoard(lambda: 0)
    before = VirtualConnection(number=1, board=board)
    board.arm("drop instead of ack when key=a connection=2")
    connections = [VirtualConnection(number=2 + place, board=board, key=key) for place, key in enumerate("abaa")]
    acknowledged = [connection.step(answer())[0] == "ack" for connection in [before, *connections]]
    assert acknowledged == [True, True, True, False, True]


# Several faults, chance


def test_faults_are_combined_in_the_order_of_their_arming() -> None:
    connection = VirtualConnection(
        "odd_split instead of chunk 1", "duplicate instead of chunk 1", "delay(1) before chunk 1"
    )
    assert connection.step(answer()) == ["ack"]
    names = connection.wait(10)
    assert names == ["chunk 1"] * 4 + WHOLE[2:]


def test_fault_is_not_applied_to_what_another_one_adds() -> None:
    connection = VirtualConnection("pings before ack", "drop instead of ping", "late_chunk", "drop instead of chunk 2")
    assert connection.step(answer()) == ["ping", "ack", "chunk 1", "chunk 3", "end", "chunk 1"]


def test_nothing_is_left_to_change_of_what_was_dropped() -> None:
    connection = VirtualConnection("drop instead of ack", "duplicate instead of ack")
    assert connection.step(answer()) == WHOLE[1:]
    assert [armed.applied for armed in connection.board.list()] == [1, 1]


def test_what_a_fault_has_made_of_no_message_is_not_changed_again() -> None:
    connection = VirtualConnection("duplicate instead of pong", "close before pong")
    assert connection.step(Pong(b"x")) == ["close 1011"]
    other = VirtualConnection("pings after ack", "drop instead of ack")
    assert other.step(answer())[0] == "ping"


def test_chance_decides_for_each_connection_by_itself_and_is_told() -> None:
    def run(number: int) -> list[str]:
        connection = VirtualConnection("drop with probability 0.5", number=number)
        for _ in range(5):
            connection.step(answer())
        (armed,) = connection.board.list()
        told = [line.event for line in connection.lines]
        assert (armed.applied, armed.bypassed) == (told.count("fault"), told.count("fault bypassed"))
        assert armed.applied + armed.bypassed == 15
        return connection.names

    assert run(1) == run(1) != run(2)


def test_application_is_told_with_connection_and_request() -> None:
    connection = VirtualConnection("drop instead of ack", "ignore_pings", number=7)
    connection.step(answer(request(3)), Pong(b""))
    assert [line.words.split()[0] for line in connection.lines] == ["#7.3", "#7"]


# What is held


def test_answer_that_is_held_up_holds_up_nothing_else() -> None:
    connection = VirtualConnection("delay(2) before chunk 1")
    connection.step(answer(), error(), Ping())
    assert connection.step(Pong(b"")) == ["pong"]
    assert connection.names == ["ack", "error", "ping", "pong"]
    assert connection.wait(2) == WHOLE[1:]


def test_close_waits_for_what_is_held_and_nothing_comes_behind_it() -> None:
    connection = VirtualConnection("delay(2) before chunk 1")
    connection.step(answer(), Close(4003, "no money"))
    connection.wait(10)
    assert connection.times[-1] == "2 close 4003"
    assert connection.step(answer(), Ping()) == []


def test_nothing_comes_behind_the_close_of_a_fault_that_is_spent() -> None:
    connection = VirtualConnection("close after ack times 1")
    assert connection.step(answer()) == ["ack", "close 1011"]
    assert connection.step(answer()) == []
    connection.board.arm("drop")
    assert connection.step(answer()) == []
    assert [line.data["kind"] for line in connection.lines] == ["close"], "what goes nowhere is no application"


def test_event_that_waits_for_another_leaves_behind_it() -> None:
    connection = VirtualConnection("reorder instead of ack")
    assert connection.step(answer()) == ["chunk 1", "ack", "chunk 2", "chunk 3", "end"]


def test_abort_passes_by_everything() -> None:
    connection = VirtualConnection("delay(2) before ack", "stall after ack")
    connection.step(answer())
    assert connection.step(Abort()) == ["abort"]
    assert connection.stage.deadline is None
    silent = VirtualConnection("stall before ack")
    silent.step(answer())
    assert silent.step(Abort()) == ["abort"]


@pytest.mark.parametrize("gone", [events.PeerClosed(1000, ""), events.Failed(1002, ""), events.Lost()])
def test_nothing_is_held_for_a_client_that_has_gone(gone: events.Event) -> None:
    connection = VirtualConnection("delay(2) before ack")
    connection.step(answer())
    assert connection.stage.deadline == 2
    connection.step(event=gone)
    assert connection.stage.deadline is None
    assert connection.step(answer()) == []


@pytest.mark.parametrize("fault", ["delay(2) before ack", "stall before ack"])
def test_mock_that_stops_says_so_whatever_is_held(fault: str) -> None:
    connection = VirtualConnection(fault)
    connection.step(answer())
    assert connection.step(Close(1001, "stop"), event=events.Shutdown()) == ["close 1001"]


def test_connection_for_which_much_is_held_is_full_until_that_has_left() -> None:
    connection = VirtualConnection("stall(10) before ack")
    big = [binary_message(bytes(64_000))] * 5
    assert not connection.stage.full
    connection.step(Reply(request(), ACK, big, END))
    assert HELD_BYTES < 5 * 64_000
    assert connection.stage.full
    connection.wait(10)
    assert not connection.stage.full


def test_silenced_connection_holds_nothing() -> None:
    connection = VirtualConnection("stall before ack")
    connection.step(Reply(request(), ACK, CHUNKS * 100, END))
    assert connection.step(answer(), Ping()) == []
    assert not connection.stage.full
    assert connection.stage.deadline is None


def test_connection_that_is_accepted_by_a_tick_is_known_by_its_key() -> None:
    board = FaultBoard(lambda: 0)
    stage = FaultStage(1, board, lambda line: None)
    assert stage.step(events.Opening("/"), [], 0) == []
    assert stage.step(None, [Accept("sesame")], 1) == [Accept()]
    board.arm("ignore_pings when key=sesame")
    assert stage.step(events.Pinged(b""), [Pong(b"")], 2) == []


def test_session_makes_no_more_for_a_stalled_connection_than_is_held_and_everything_comes_in_the_end() -> None:
    board = FaultBoard(lambda: 0)
    board.arm("stall(10) before chunk 1 times 1")
    staged = Staged(HamsaSession(VirtualHamsa().service), [], FaultStage(1, board, lambda line: None))
    staged.receive(events.Opening("/v1/realtime/ws", {"api_key": "hamsa-test-unlimited"}), 0)
    staged.receive(events.Opened(), 0)
    asked, ended, now = 0, 0, 0.0
    while staged.hungry:
        assert len(staged.receive(events.Text(json.dumps(tts("ب" * 50))), now)) <= 1
        asked += 1
    assert asked == 2, "the answers have some 140,000 bytes each"
    while (deadline := staged.deadline) is not None and deadline < 20:
        now = deadline
        ended += sum(isinstance(action, Send) and action.event == "end" for action in staged.tick(now))
    assert (ended, now) == (asked, 10)
    assert staged.hungry
