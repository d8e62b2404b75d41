"""All kinds of faults."""

from pathlib import Path

import pytest

from hamsa_mock.faults import kinds as package
from hamsa_mock.faults.board import read_fault
from hamsa_mock.faults.fault import CONNECTION, PLACES, Fault, HttpFault
from hamsa_mock.faults.parameters import parameters_of
from hamsa_mock.faults.registry import kinds
from tests.mock_server.faults.virtual import VirtualConnection, answer

LISTED = (
    "close corrupt delay drop duplicate fin fragment ignore_pings invalid_json invalid_utf8 late_chunk missing_ack"
    " odd_split oversized pace pings refuse reorder reserved_bits reset rest_broken_body rest_reset rest_status"
    " second_end slow_handshake stall truncate wrong_order wrong_type"
)
"""Those that users count on."""


def test_every_file_is_a_kind() -> None:
    files = {path.stem for path in Path(package.__path__[0]).glob("*.py")} - {"__init__"}
    assert list(kinds()) == sorted(files)
    assert set(LISTED.split()) <= files


@pytest.mark.parametrize("name", kinds())
def test_kind_is_documented_and_can_be_armed_as_it_is_and_as_its_example(name: str) -> None:
    kind = kinds()[name]
    assert kind.summary[0].isupper()
    assert kind.summary.endswith(".")
    assert kind.example.startswith(name)
    assert read_fault(kind.example).kind == name
    assert isinstance(read_fault(name).make(), Fault | HttpFault)
    for parameter in parameters_of(kind).values():
        assert parameter.meaning.endswith(".")
        assert parameter.accept(name, parameter.default) == parameter.default


@pytest.mark.parametrize("event", ["ack", "chunk", "end"])
@pytest.mark.parametrize("first", kinds())
def test_any_two_faults_can_be_combined(first: str, event: str) -> None:
    for second in kinds():
        connection = VirtualConnection()
        for name in (first, second):
            if event in kinds()[name].events:
                parameters = "(10000)" if name == "oversized" else ""
                connection.board.arm(f"{name}{parameters} {kinds()[name].places[0]} {event}")
        connection.step(answer())
        connection.wait(3600)
        assert connection.stage.deadline is None


@pytest.mark.parametrize("name", kinds())
def test_kind_can_stand_where_it_says(name: str) -> None:
    kind = kinds()[name]
    assert set(kind.places) <= set(PLACES)
    assert set(kind.events) <= {*CONNECTION, "request", "answer"}
    for place in kind.places:
        for event in kind.events:
            assert read_fault(f"{name} {place} {event}").as_text().endswith(f"{place} {event}")
