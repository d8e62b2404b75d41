"""A refused handshake as a fault."""

import json

import pytest

from hamsa_mock.core import events
from hamsa_mock.core.actions import Accept, Reject
from hamsa_mock.faults.board import FaultBoard
from hamsa_mock.faults.stage import FaultStage


def refused(fault: str) -> Reject:
    board = FaultBoard(lambda: 0)
    board.arm(fault)
    (reject,) = FaultStage(1, board, lambda line: None).step(events.Opening("/"), [Accept()], 0)
    assert isinstance(reject, Reject)
    return reject


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_upgrade_is_refused_with_a_status(status: int) -> None:
    reject = refused(f"refuse({status})")
    assert reject.status == status
    assert json.loads(reject.body)["code"] == status
    assert reject.headers == {"Content-Type": "application/json"}


def test_client_is_told_when_to_come_back_and_why() -> None:
    reject = refused('refuse(429, 30, "too many")')
    assert reject.headers["Retry-After"] == "30"
    assert json.loads(reject.body) == {"code": 429, "message": "too many"}
