"""The faults that are armed in one mock."""

import pytest

from hamsa_mock.faults.board import FaultBoard, read_fault
from hamsa_mock.faults.errors import UnknownFault, WrongFault


def board() -> FaultBoard:
    return FaultBoard(lambda: 7)


def test_fault_is_armed_in_either_form() -> None:
    faults = board()
    first = faults.arm("drop instead of ack")
    second = faults.arm({"kind": "drop", "event": "ack"})
    assert [armed.id for armed in faults.list()] == [1, 2]
    assert first.as_text() == second.as_text() == "drop instead of ack"
    assert faults.active == (first, second)


def test_armed_fault_is_shown_with_its_id_and_its_counts() -> None:
    faults = board()
    armed = faults.arm("drop instead of ack")
    faults.applies(armed)
    armed.bypassed += 2
    shown = armed.as_json()
    assert (shown["id"], shown["kind"], shown["applied"], shown["bypassed"]) == (1, "drop", 1, 2)


def test_wrong_fault_is_not_armed() -> None:
    faults = board()
    for wrong in ("dorp", {"kind": "drop", "times": 0}, f'close(1000, "{"x" * 124}")'):
        with pytest.raises(WrongFault):
            faults.arm(wrong)
    assert list(faults.list()) == []


def test_values_that_only_the_kind_can_judge_are_judged_before_arming() -> None:
    with pytest.raises(WrongFault, match="reason has 124 bytes"):
        read_fault(f'close(1000, "{"x" * 124}")')


def test_disarmed_fault_is_gone() -> None:
    faults = board()
    first, second = faults.arm("drop"), faults.arm("fin")
    faults.disarm(first.id)
    assert list(faults.list()) == [second]
    assert faults.active == (second,)


def test_disarming_what_is_not_armed_names_what_is() -> None:
    faults = board()
    with pytest.raises(UnknownFault, match="no fault with the id 1 is armed; armed: none"):
        faults.disarm(1)
    faults.arm("drop")
    faults.arm("fin")
    with pytest.raises(UnknownFault, match="no fault with the id 7 is armed; armed: 1, 2"):
        faults.disarm(7)


def test_fault_that_was_applied_often_enough_stays_listed_and_is_not_active() -> None:
    faults = board()
    armed = faults.arm("drop times 2")
    faults.applies(armed)
    assert list(faults.active) == [armed]
    faults.applies(armed)
    assert armed.spent
    assert list(faults.active) == []
    assert list(faults.list()) == [armed]


def test_cleared_board_counts_ids_anew() -> None:
    faults = board()
    faults.arm("drop")
    faults.clear()
    assert faults.active == ()
    assert list(faults.list()) == []
    assert faults.arm("drop").id == 1


def test_chance_follows_from_seed_fault_and_connection() -> None:
    def draws(seed: int, fault: int, connection: int) -> list[float]:
        faults = FaultBoard(lambda: seed)
        armed = [faults.arm("drop") for _ in range(fault)]
        chance = armed[-1].chance(connection)
        return [chance() for _ in range(3)]

    assert draws(7, 1, 1) == draws(7, 1, 1)
    others = [draws(7, 1, 2), draws(7, 2, 1), draws(8, 1, 1), draws(-7, 1, 1)]
    assert all(other != draws(7, 1, 1) for other in others)


def test_fault_counts_what_matches() -> None:
    armed = board().arm("drop")
    assert [armed.next_match() for _ in range(3)] == [1, 2, 3]
