"""Lateness as a fault."""

from tests.mock_server.faults.virtual import VirtualConnection, answer, played


def test_event_comes_later_and_what_is_behind_it_stays_behind_it() -> None:
    assert played("delay(2) before chunk 1").times == ["0 ack", "2 chunk 1", "2 chunk 2", "2 chunk 3", "2 end"]


def test_every_event_is_late_by_the_same_time() -> None:
    connection = VirtualConnection("delay(2) before message")
    connection.step(answer())
    connection.now = 1
    connection.step(answer())
    connection.wait(10)
    times = [float(line.split()[0]) for line in connection.times]
    assert times == [2.0] * 5 + [3.0] * 5


def test_what_comes_behind_an_event_keeps_a_distance() -> None:
    assert played("delay(2) after chunk").times == ["0 ack", "0 chunk 1", "2 chunk 2", "4 chunk 3", "6 end"]


def test_jitter_is_up_to_so_much_more_by_chance() -> None:
    connection = VirtualConnection("delay(2, jitter=1) before ack")
    for _ in range(50):
        connection.step(answer())
        connection.wait(10)
    delays = [at % 10 for at, _ in connection.sent]
    assert all(2 <= delay < 3 for delay in delays)
    assert max(delays) - min(delays) > 0.5
