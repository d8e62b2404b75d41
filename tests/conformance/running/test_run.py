"""Cases in worker processes."""

import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from hamsa_conformance.case import Case
from hamsa_conformance.result import Result
from hamsa_conformance.running.bench import Place
from hamsa_conformance.running.finding_cases import load_cases, select
from hamsa_conformance.running.gate import Limits
from hamsa_conformance.running.run import Listener, run_cases
from hamsa_conformance.verdict import Verdict
from hamsa_mock import MockServer
from tests.conformance.bench import place_of
from tests.conformance.scripted_workers import (
    PID_FILE,
    changes_a_mock_and_hangs,
    dies_at_the_second,
    starts_a_process_and_hangs,
    waits_longer_than_a_case_may_take,
)

pytestmark = pytest.mark.slow

FEW = select(
    load_cases(), ("hamsa.tts.ack_first", "hamsa.tts.ack_once", "hamsa.tts.end_last", "hamsa.tts.message_shape")
)
QUICK = Limits(connections_per_minute=1000, requests_per_minute=1000)


class Heard(Listener):
    """Writes down how a run went, and may do something when a case begins."""

    def __init__(self) -> None:
        self.slugs: list[str] = []
        self.results: list[Result] = []
        self.unjudged: list[str] = []
        self.waited: list[str] = []

    def begun(self, slug: str) -> None:
        self.slugs.append(slug)

    def waits(self, seconds: float, why: str) -> None:
        self.waited.append(why)

    def result(self, result: Result) -> None:
        self.results.append(result)

    def incomplete(self, why: str) -> None:
        self.unjudged.append(why)


class Killer(Heard):
    """Ends the process of a worker in the middle of a case."""

    def __init__(self, slug: str) -> None:
        super().__init__()
        self._slug = slug

    def begun(self, slug: str) -> None:
        super().begun(slug)
        if slug == self._slug and len(self.slugs) == 1:
            for child in multiprocessing.active_children():
                child.kill()


@pytest.fixture
def hanging() -> Iterator[Place]:
    """A server that opens nothing: it goes on sending, a byte at a time, and never comes to an end."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)

        def serve() -> None:
            taken: list[socket.socket] = []
            while not over.is_set():
                with suppress(TimeoutError):
                    taken.append(listener.accept()[0])
                for connection in taken:
                    with suppress(OSError):
                        connection.send(b"H")
            for connection in taken:
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        yield Place(ws_url=f"ws://127.0.0.1:{port}/v1/realtime/ws", http_url=f"http://127.0.0.1:{port}", timeout=60)
        over.set()
        thread.join()


def verdicts(results: Sequence[Result]) -> list[Verdict]:
    return [result.verdict for result in results]


def test_results_come_in_the_order_of_the_cases_from_however_many_workers(mock: MockServer) -> None:
    with MockServer() as other:
        heard = Heard()
        results = run_cases(FEW, [place_of(mock), place_of(other)], heard)
    assert [result.slug for result in results] == [case.slug for case in FEW]
    assert verdicts(results) == [Verdict.PASS] * len(FEW)
    assert sorted(heard.slugs) == sorted(case.slug for case in FEW)
    assert len(heard.results) == len(FEW)
    assert not heard.unjudged


def test_nothing_is_started_for_no_case() -> None:
    assert run_cases([], []) == []


def test_case_whose_process_ends_is_inconclusive_and_the_others_are_tried(mock: MockServer) -> None:
    killer = Killer(FEW[0].slug)
    results = run_cases(FEW, [place_of(mock)], killer)
    assert verdicts(results) == [Verdict.INCONCLUSIVE, *[Verdict.PASS] * (len(FEW) - 1)]
    assert "ended in the middle of it" in (results[0].reason or "")
    assert killer.unjudged == [f"{FEW[0].slug}: {results[0].reason}"]


def test_case_that_never_ends_is_ended(hanging: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "k")
    heard = Heard()
    results = run_cases(FEW[:1], [hanging], heard, QUICK, attempt_seconds=2)
    assert verdicts(results) == [Verdict.INCONCLUSIVE]
    assert results[0].reason == "it took longer than 2 s, and was ended"
    assert results[0].spent == FEW[0].takes, "it may have been spent"
    assert heard.unjudged


def test_mock_that_is_not_there_ends_the_run_at_once(mock: MockServer) -> None:
    place = place_of(mock)
    mock.stop()
    heard = Heard()
    results = run_cases(FEW, [place], heard)
    assert verdicts(results) == [Verdict.INCONCLUSIVE] * len(FEW)
    assert len(heard.unjudged) == 1
    assert "no mock answers" in heard.unjudged[0]


def test_mock_that_ends_in_the_middle_ends_the_run_at_once(mock: MockServer) -> None:
    class Stopper(Heard):
        def result(self, result: Result) -> None:
            super().result(result)
            if len(self.results) == 1:
                mock.stop()

    heard = Stopper()
    results = run_cases(FEW, [place_of(mock)], heard)
    assert results[0].verdict is Verdict.PASS
    assert results[-1].verdict is Verdict.INCONCLUSIVE
    assert "no mock answers" in (results[-1].reason or "")


def test_server_that_ends_in_the_middle_ends_the_run_at_once(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", mock.key)

    class Stopper(Heard):
        def result(self, result: Result) -> None:
            super().result(result)
            if len(self.results) == 1:
                mock.stop()

    cases: list[Case] = [*FEW]
    heard = Stopper()
    results = run_cases(cases, [place_of(mock, steered=False)], heard, QUICK)
    assert results[-1].verdict is Verdict.INCONCLUSIVE
    assert results[-1].attempts == 1
    assert "ended in the middle of the run: cannot connect" in (results[-1].reason or "")
    assert len(heard.unjudged) == 1


def test_waiting_is_told(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", mock.key)

    class Enough(Heard):
        def waits(self, seconds: float, why: str) -> None:
            super().waits(seconds, why)
            raise KeyboardInterrupt

    heard = Enough()
    with pytest.raises(KeyboardInterrupt):
        run_cases(FEW, [place_of(mock, steered=False)], heard, Limits(connections_per_minute=1))
    assert heard.waited == ["no more than 1 new connections a minute (--connections-per-minute)"]
    assert len(heard.results) == 1
    assert not multiprocessing.active_children()


def test_worker_that_replaces_another_may_spend_what_is_left(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hamsa_conformance.running.run.work", dies_at_the_second)
    places = [place_of(mock, steered=False)]
    cases = FEW[:4]
    assert {case.takes.characters for case in cases} == {37}
    results = run_cases(cases, places, Heard(), Limits(characters=200))
    assert verdicts(results) == [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.PASS, Verdict.INCONCLUSIVE]
    assert results[1].spent.characters == 2 * 37, "both attempts may have been spent"
    assert [results[0].reason, results[2].reason] == ["200 False", f"{200 - 3 - 2 * 37} True"]


def test_time_for_which_a_case_is_held_back_is_not_its_own(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hamsa_conformance.running.run.work", waits_longer_than_a_case_may_take)
    results = run_cases(FEW[:1], [place_of(mock, steered=False)], Heard(), QUICK, attempt_seconds=1)
    assert verdicts(results) == [Verdict.PASS]


class Interrupter(Heard):
    """Presses Ctrl-C when a case begins."""

    def begun(self, slug: str) -> None:
        raise KeyboardInterrupt


def changed(mock: MockServer) -> None:
    """As no mock is at its start."""
    mock.behaviours["hamsa.error.end"] = "end"
    mock.clock.scale(2)


def assert_left_as_found(mock: MockServer) -> None:
    assert mock.behaviours["hamsa.error.end"] == "end"
    clock = mock.client.clock.reading()
    assert (clock.scale, clock.frozen) == (2, False)


def test_mock_is_left_as_found_after_ctrl_c(mock: MockServer) -> None:
    changed(mock)
    with pytest.raises(KeyboardInterrupt):
        run_cases(FEW, [place_of(mock)], Interrupter())
    assert_left_as_found(mock)


def test_mock_is_left_as_found_by_a_worker_that_was_killed(mock: MockServer) -> None:
    changed(mock)
    results = run_cases(FEW, [place_of(mock)], Killer(FEW[0].slug))
    assert verdicts(results) == [Verdict.INCONCLUSIVE, *[Verdict.PASS] * (len(FEW) - 1)]
    assert_left_as_found(mock)


def test_mock_is_left_as_found_by_a_case_that_never_ends(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(mock)
    monkeypatch.setattr("hamsa_conformance.running.run.work", changes_a_mock_and_hangs)
    monkeypatch.setattr("hamsa_conformance.running.run.ENDING_SECONDS", 0.5)
    results = run_cases(FEW[:1], [place_of(mock)], Heard(), attempt_seconds=1)
    assert verdicts(results) == [Verdict.INCONCLUSIVE]
    assert_left_as_found(mock)


@pytest.mark.skipif(os.name != "posix", reason="there are no groups of processes")
def test_what_a_worker_has_started_ends_with_it(
    mock: MockServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("hamsa_conformance.running.run.work", starts_a_process_and_hangs)
    monkeypatch.setattr("hamsa_conformance.running.run.ENDING_SECONDS", 0.5)
    monkeypatch.setenv(PID_FILE, str(tmp_path / "pid"))
    run_cases(FEW[:1], [place_of(mock)], Heard(), attempt_seconds=2)
    started = int((tmp_path / "pid").read_text())
    _, alive = psutil.wait_procs([psutil.Process(started)] if psutil.pid_exists(started) else [], timeout=10)
    assert not alive


def test_mock_that_a_case_has_started_ends_with_the_run(mock: MockServer) -> None:
    spares: list[psutil.Process] = []

    class AtTheSpare(Heard):
        """Presses Ctrl-C once a case has started a mock."""

        def begun(self, slug: str) -> None:
            end = time.monotonic() + 30
            while not spares and time.monotonic() < end:
                spares.extend(
                    child for child in psutil.Process().children(recursive=True) if "hamsa_mock" in child.cmdline()
                )
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cases(select(load_cases(), ["hamsa.closes.shutdown"]), [place_of(mock)], AtTheSpare())
    assert spares
    _, alive = psutil.wait_procs(spares, timeout=10)
    assert not alive
