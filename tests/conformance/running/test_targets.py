"""What a run is pointed at."""

import threading

import pytest

from hamsa_conformance.running.bench import bench_at
from hamsa_conformance.running.own_mock import NoMock
from hamsa_conformance.running.preflight import CannotJudge
from hamsa_conformance.running.targets import Access, inspect, own_places, places_at, reach, steering
from hamsa_kit.mock_client import MockClient
from hamsa_kit.target import TargetError, TargetUrl, parse_target
from hamsa_mock import MockServer


def url_of(mock: MockServer) -> TargetUrl:
    return parse_target(mock.ws_url)


def test_mock_is_steered_and_has_its_own_keys(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAMSA_API_KEY", raising=False)
    steered = steering(url_of(mock), Access())
    assert steered is not None
    reached = reach(url_of(mock), Access(timeout=3, seed=7), steered)
    assert (reached.kind, reached.credentials.get("key", "valid")) == ("mock", mock.key)
    assert (reached.place.admin_url, reached.place.timeout, reached.place.seed) == (mock.client.admin_url, 3, 7)
    assert inspect(reached) == {"kind": "mock"}
    with places_at(reached, 1) as places:
        assert places == [reached.place]


def test_other_server_is_asked_with_a_key_of_the_environment(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAMSA_API_KEY", raising=False)
    with pytest.raises(TargetError, match="give it in HAMSA_API_KEY"):
        reach(url_of(mock), Access(), None)
    monkeypatch.setenv("HAMSA_API_KEY", mock.key)
    reached = reach(url_of(mock), Access(), None)
    assert (reached.kind, reached.place.admin_url) == ("local", None)
    assert inspect(reached)["kind"] == "local"


def test_mock_that_is_not_at_the_target_is_told(mock: MockServer) -> None:
    with MockServer() as other:
        reached = reach(url_of(mock), Access(), other.client)
        with pytest.raises(CannotJudge, match="is not what answers at"):
            inspect(reached)


def test_what_says_nothing_for_too_long_is_no_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def find(*_: object) -> None:
        over.wait()

    monkeypatch.setattr("hamsa_conformance.running.targets.find_mock", find)
    monkeypatch.setattr("hamsa_conformance.running.targets.PROBE_SECONDS", 0.01)
    assert steering(parse_target("ws://127.0.0.1:9"), Access()) is None
    over.set()


def test_certificates_that_cannot_be_read_are_told() -> None:
    with pytest.raises(TargetError, match="/nowhere holds no certificates"):
        steering(parse_target("ws://127.0.0.1:9"), Access(ca_file="/nowhere"))


@pytest.mark.slow
def test_each_worker_has_a_mock_of_its_own_which_ends_with_the_run(mock: MockServer) -> None:
    mock.behaviours["hamsa.error.end"] = "end"
    reached = reach(url_of(mock), Access(), mock.client)
    with places_at(reached, 2) as places:
        mocks = [MockClient(place.admin_url or "") for place in places]
        assert len({place.ws_url for place in places} | {mock.ws_url}) == 3
        assert [each.behaviours["hamsa.error.end"] for each in mocks] == ["end", "end"]
        with bench_at(places[0]) as bench:
            assert bench.server().key("expired")
    with pytest.raises(OSError, match="no mock answers"):
        mocks[0].is_ready()


@pytest.mark.slow
def test_mock_that_cannot_be_started_is_told() -> None:
    with (
        pytest.raises(NoMock, match=r"the mock did not start: .*no_such_setting"),
        own_places(1, 1, 0, "no_such_setting: 1"),
    ):
        pytest.fail("there is none")
