"""Where cases are tried."""

import pytest

from hamsa_conformance.client.server import Server
from hamsa_conformance.judgement import NotTried
from hamsa_conformance.running.bench import Bench, LimitedBench, MockBench, Place, bench_at, credentials_of, seed_of
from hamsa_conformance.running.gate import Limits
from hamsa_kit.admin_calls import MockUnreachable
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of, place_of

CASE = "hamsa.tts.ack_first"
QUICK = Limits(connections_per_minute=1000, requests_per_minute=1000)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch, mock: MockServer) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", mock.key)


def test_mock_is_given_as_it_was_found(mock: MockServer) -> None:
    mock.behaviours["hamsa.error.end"] = "end"
    mock.faults.arm("close(4003) after chunk 3")
    with bench_of(mock) as bench:
        assert isinstance(bench, MockBench)
        first = bench.server()
        first.mock.behaviours["hamsa.tts.chunk_gap"] = 3
        first.mock.faults.clear()
        second = bench.server()
        assert second.mock.behaviours["hamsa.tts.chunk_gap"] == 0.04
        assert second.mock.behaviours["hamsa.error.end"] == "end"
        assert [fault["kind"] for fault in second.mock.faults.armed()] == ["close"]


def test_chance_is_another_in_each_attempt_and_the_same_in_equal_runs(mock: MockServer) -> None:
    """Of 60 first answers, each in an attempt of its own, about so many are cut short as the mock is set to."""
    mock.behaviours.update({"hamsa.tts.truncation": "random", "hamsa.tts.truncation_probability": 0.4})
    with bench_of(mock) as bench:
        runs = [[first_is_cut(bench, case) for case in ("a", "b", "c")] for _ in range(2)]
    assert runs[0] == runs[1]
    assert len({tuple(cuts) for cuts in runs[0]}) == 3, "cases have their own"
    assert 14 <= sum(map(sum, runs[0])) <= 34


def first_is_cut(bench: Bench, case: str) -> list[bool]:
    """Of 20 attempts at a case: whether the first answer is cut short."""
    bench.begin(case)
    return [attempt_is_cut(bench.server()) for _ in range(20)]


def attempt_is_cut(server: Server) -> bool:
    client = server.connect()
    answer = client.speak(judges_cut=True)
    client.release()
    return answer.is_truncated


def test_chance_differs_by_seed_case_and_attempt() -> None:
    seeds = [seed_of(seed, case, attempt) for seed in (0, 1) for case in ("a", "b") for attempt in (1, 2)]
    assert len(set(seeds)) == 8


def test_seed_of_a_mock_is_its_own_again_at_the_end() -> None:
    with MockServer(seed=7) as mock:
        with bench_of(mock) as bench:
            bench.server()
            assert "seed: 7\n" not in mock.client.config()
        assert "seed: 7\n" in mock.client.config()


def test_clock_of_a_mock_stands_still_until_it_is_left(mock: MockServer) -> None:
    with bench_of(mock) as bench:
        server = bench.server()
        assert mock.clock.now() == mock.clock.now() == server.now()
    assert mock.clock.now() < mock.clock.now()


def test_mock_that_is_gone_is_told(mock: MockServer) -> None:
    place = place_of(mock)
    mock.stop()
    with pytest.raises(MockUnreachable), bench_at(place):
        pytest.fail("there is none")


def test_keys_of_any_other_server_come_from_the_environment(mock: MockServer) -> None:
    with bench_of(mock, steered=False) as bench:
        assert type(bench) is Bench
        assert bench.server().key() == mock.key
        with pytest.raises(NotTried, match="HAMSA_KEY_EXPIRED"):
            bench.server().key("expired")


def test_keys_of_a_mock_are_its_own(mock: MockServer) -> None:
    assert credentials_of(mock.client).get("key", "expired") == "hamsa-test-expired"


def limited(mock: MockServer, limits: Limits) -> LimitedBench:
    with bench_at(place_of(mock, steered=False), limits) as bench:
        assert isinstance(bench, LimitedBench)
        return bench


def test_budget_ends_a_case_before_it_is_passed(mock: MockServer) -> None:
    bench = limited(mock, Limits(characters=5))
    bench.begin(CASE)
    server = bench.server()
    client = server.connect()
    client.ask("12345")
    with pytest.raises(NotTried, match="--budget-chars 5"):
        client.ask("6")
    client.release()
    assert server.meter.spent.characters == 5


def test_second_attempt_leaves_what_other_cases_need(mock: MockServer) -> None:
    bench = limited(mock, Limits(characters=100))
    bench.begin(CASE, characters=40, kept=60)
    bench.server().meter.request(characters=40)
    with pytest.raises(NotTried, match="40 characters more"):
        bench.server()
    bench.begin(CASE, characters=60, kept=0)
    bench.server().meter.request(characters=60)


def test_second_attempt_is_made_where_there_is_money_for_it(mock: MockServer) -> None:
    bench = limited(mock, Limits(characters=100))
    bench.begin(CASE, characters=40, kept=20)
    bench.server().meter.request(characters=40)
    again = bench.server()
    with pytest.raises(NotTried):
        again.meter.request(characters=41)
    again.meter.request(characters=40)


def test_pings_are_answered_while_a_request_is_held_back(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    mock.behaviours["hamsa.keepalive.ping_interval"] = 0.05
    monkeypatch.setattr("hamsa_conformance.running.pace.WINDOW", 0.3)
    told: list[str] = []
    monkeypatch.setattr("hamsa_conformance.running.pace.LONG_WAIT", 0.1)
    with bench_at(
        place_of(mock, steered=False), Limits(requests_per_minute=2), lambda _, why: told.append(why)
    ) as bench:
        bench.begin(CASE)
        client = bench.server().connect()
        client.send("one")
        client.send("two")
        client.release()
    assert client.pings
    assert told == ["no more than 2 requests a minute (--requests-per-minute)"]


def test_place_does_not_show_its_token() -> None:
    assert "5ca1ab1e" not in repr(Place(ws_url="ws://mock", http_url="http://mock", admin_token="5ca1ab1e"))


def test_clock_that_was_frozen_or_scaled_is_so_again(mock: MockServer) -> None:
    mock.clock.scale(5)
    mock.clock.freeze()
    with bench_of(mock) as bench:
        bench.server().wait(60)
    reading = mock.client.clock.reading()
    assert (reading.scale, reading.frozen) == (5, True)
