"""A mock is left as it was found."""

from hamsa_conformance.running.found_mock import FoundMock
from hamsa_mock import MockServer


def test_mock_is_as_it_was_found_whatever_was_done_to_it(mock: MockServer) -> None:
    mock.behaviours["hamsa.error.end"] = "end"
    mock.faults.arm("close(4003) after chunk 3")
    mock.clock.scale(7)
    mock.clock.freeze()
    found = FoundMock(mock.client)
    mock.behaviours["hamsa.tts.chunk_gap"] = 3
    mock.faults.clear()
    mock.clock.scale(2)
    mock.clock.unfreeze()
    found.restore_with_clock()
    assert mock.behaviours["hamsa.error.end"] == "end"
    assert mock.behaviours["hamsa.tts.chunk_gap"] == 0.04
    assert [fault["kind"] for fault in mock.faults.armed()] == ["close"]
    clock = mock.client.clock.reading()
    assert (clock.scale, clock.frozen) == (7, True)


def test_clock_that_ran_runs_again(mock: MockServer) -> None:
    found = FoundMock(mock.client)
    mock.clock.freeze()
    found.restore_with_clock()
    clock = mock.client.clock.reading()
    assert (clock.scale, clock.frozen) == (1, False)


def test_mock_that_began_with_a_clock_that_stands_still_may_be_found_with_one_that_runs() -> None:
    with MockServer() as mock:
        found = FoundMock(mock.client)
        mock.clock.scale(3)
        found.restore()
        assert mock.client.clock.reading().scale == 1, "as at its start"
