"""What a worker process does with its cases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest

from hamsa_conformance.case import Case, Kind
from hamsa_conformance.client.endpoint import Endpoint
from hamsa_conformance.client.keys import Credentials
from hamsa_conformance.client.server import Server
from hamsa_conformance.client.timekeeping import RealTime
from hamsa_conformance.judgement import CannotTell, unmet
from hamsa_conformance.result import Result
from hamsa_conformance.running.bench import Bench
from hamsa_conformance.running.worker import Begun, CasePlugin, Incomplete, Job, heard_nothing
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from tests.conformance.bench import bench_of, judged, place_of, story

SLUG = "hamsa.tests.story"
Told = list[object]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses before further attempts."""
    monkeypatch.setattr("hamsa_conformance.running.judging.judge.__defaults__", ((0.0, 0.0, 0.0),))


@pytest.fixture
def pipe() -> Iterator[tuple[Connection, Connection]]:
    mine, other = Pipe(duplex=False)
    with mine, other:
        yield mine, other


def everything(connection: Connection) -> Told:
    """What was told."""
    told: Told = []
    while connection.poll():
        told.append(connection.recv())
    return told


def plugin_of(
    cases: list[Case], bench: Bench, mock: MockServer, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> CasePlugin:
    """What tries these cases."""
    monkeypatch.setattr("hamsa_conformance.running.worker.load_cases", lambda provider: cases)
    return CasePlugin(Job("hamsa", place_of(mock), tuple(case.slug for case in cases)), bench, connection)


def tried(
    run: Callable[[Server], None],
    mock: MockServer,
    pipe: tuple[Connection, Connection],
    monkeypatch: pytest.MonkeyPatch,
    kind: Kind = "required",
) -> tuple[Result, Told]:
    """What comes of a story, and what is told of it."""
    with bench_of(mock) as bench:
        plugin = plugin_of([story(run, kind)], bench, mock, pipe[1], monkeypatch)
        return plugin.try_case(SLUG), everything(pipe[0])


def test_begin_and_result_of_a_case_are_told(
    mock: MockServer, pipe: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(server: Server) -> None:
        server.connect()

    result, told = tried(run, mock, pipe, monkeypatch)
    assert result.verdict is Verdict.PASS
    assert told == [Begun(SLUG), result]


def test_begin_of_each_attempt_is_told(
    mock: MockServer, pipe: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(server: Server) -> None:
        server.connect()
        raise CannotTell("an answer was cut short")

    result, told = tried(run, mock, pipe, monkeypatch)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert told == [*[Begun(SLUG)] * 4, result]


def test_defect_of_the_suite_says_where_it_is_and_is_no_verdict_on_the_server(
    mock: MockServer, pipe: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(server: Server) -> None:
        raise KeyError("no such thing")

    result, told = tried(run, mock, pipe, monkeypatch)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason is not None
    assert result.reason.startswith("defect of the suite: ")
    assert "test_worker.py" in result.reason
    assert Incomplete(f"{SLUG}: defect of the suite: KeyError('no such thing')") in told


def test_case_that_hears_nothing_of_a_server_that_is_there_keeps_its_verdict(
    mock: MockServer, pipe: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, told = tried(lambda server: unmet("something", "nothing"), mock, pipe, monkeypatch)
    assert result.verdict is Verdict.FAIL
    assert heard_nothing(result)
    assert told[-1] == result


def test_server_that_is_gone_is_not_tried_again(
    mock: MockServer, pipe: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def case_of(name: str) -> Case:
        def run(server: Server) -> None:
            tries.append(name)
            server.connect()

        return replace(story(run), slug=f"hamsa.tests.{name}")

    endpoint = Endpoint(
        ws_url="ws://127.0.0.1:9/v1/realtime/ws",
        http_url="http://127.0.0.1:9",
        time=RealTime(),
        credentials=Credentials({("key", "valid"): "k"}),
    )
    cases = [case_of("first"), case_of("second"), case_of("third")]
    plugin = plugin_of(cases, Bench(endpoint), mock, pipe[1], monkeypatch)
    results = [plugin.try_case(case.slug) for case in cases]
    assert [result.verdict for result in results] == [Verdict.INCONCLUSIVE] * 3
    assert tries == ["first"] * 4, "it was tried as often as it takes, and no other was"
    why = "the server has ended in the middle of the run: cannot connect to 127.0.0.1:9: Connection refused"
    assert {result.reason for result in results} == {why}
    assert [news for news in everything(pipe[0]) if isinstance(news, Incomplete)] == [Incomplete(why)]


def test_answers_of_the_server_show_that_it_is_there(mock: MockServer) -> None:
    def run(server: Server) -> None:
        server.connect()
        unmet("something", "something else")

    result = judged(mock, run)
    assert result.verdict is Verdict.FAIL
    assert not heard_nothing(result)
