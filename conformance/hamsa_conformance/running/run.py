"""Runs cases in worker processes and hands on what comes of them."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from hamsa_conformance.case import Case, Cost
from hamsa_conformance.result import Result
from hamsa_conformance.running.bench import Place
from hamsa_conformance.running.found_mock import FoundMock
from hamsa_conformance.running.gate import Limits
from hamsa_conformance.running.worker import Begun, Broke, Incomplete, Job, Waits, work
from hamsa_conformance.verdict import Verdict
from hamsa_kit.admin_calls import MockRefused, MockUnreachable
from hamsa_kit.mock_client import MockClient

LOOK_SECONDS = 0.5
"""How often the parent looks whether a worker hangs."""

ATTEMPT_SECONDS = 300.0
"""So much real time an attempt at a case may take, beside what it is held back."""

SLOW_ATTEMPT_SECONDS = 2 * 3600.0
"""The same for a case that waits long, at a server whose clock cannot be moved: the longest limit is an hour."""

STARTING_SECONDS = 60.0
"""So long a worker may take to its first case."""

ENDING_SECONDS = 5.0
"""So long a worker may take to put everything back and end, before it is killed."""


class Listener:
    """Is told how a run goes. Does nothing with it."""

    def begun(self, slug: str) -> None:
        """An attempt at a case begins."""

    def waits(self, seconds: float, why: str) -> None:
        """What comes next is held back for so long."""

    def result(self, result: Result) -> None:
        """This came of a case."""

    def incomplete(self, why: str) -> None:
        """Something could not be judged that should have been, for a reason that is not the case's own."""


SILENT = Listener()


@dataclass(slots=True)
class Worker:
    """A process, what of its job is left, how long it may take for it, and by when it has to be heard of."""

    process: BaseProcess
    connection: Connection
    job: Job
    left: list[str]
    seconds: float
    due: float
    attempts: int = 0


def run_cases(
    cases: Sequence[Case],
    places: Sequence[Place],
    listener: Listener = SILENT,
    limits: Limits | None = None,
    attempt_seconds: float = ATTEMPT_SECONDS,
) -> list[Result]:
    """The results, in the order of the cases. `places`: one worker at each; `limits`: of a server that is not ours, and
    has one place.

    A worker that takes too long for a case, or ends in the middle of one, is replaced, and the case is inconclusive.
    Where a worker says that none could go on, all that it still had to do is.
    """
    running = _Running(cases, listener, limits, attempt_seconds)
    with running.ended_at_last():
        for number, place in enumerate(places):
            share = tuple(case.slug for case in cases[number :: len(places)])
            if share:
                running.find(place)
                running.start(Job(cases[0].provider, place, share, limits))
        while running.workers:
            wait([worker.connection for worker in running.workers], LOOK_SECONDS)
            for worker in list(running.workers):
                running.look_at(worker)
    return [running.results[case.slug] for case in cases]


class _Running:
    """The workers of a run."""

    def __init__(
        self, cases: Sequence[Case], listener: Listener, limits: Limits | None, attempt_seconds: float
    ) -> None:
        self.workers: list[Worker] = []
        self.results: dict[str, Result] = {}
        self._cases: Mapping[str, Case] = {case.slug: case for case in cases}
        self._listener = listener
        self._limits = limits
        self._attempt_seconds = attempt_seconds
        self._spent = Cost()
        self._found: dict[Place, FoundMock] = {}

    @contextmanager
    def ended_at_last(self) -> Iterator[None]:
        """No worker is left, whatever happens, and mocks are as they were found."""
        try:
            yield
        finally:
            for worker in self.workers:
                worker.process.terminate()
            for worker in self.workers:
                _stop(worker)
                self._restore(worker.job.place)

    def find(self, place: Place) -> None:
        """Remember how the mock at a place is, which a worker that is killed cannot put back."""
        if place.admin_url is None:
            return
        with suppress(MockUnreachable, MockRefused):  # the worker tells of it
            found = FoundMock(MockClient(place.admin_url, place.admin_token, place.ca_file))
            found.restore_with_clock()
            self._found[place] = found

    def start(self, job: Job) -> None:
        """Start a worker."""
        context = multiprocessing.get_context("spawn")
        mine, other = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(job, other), daemon=True)
        process.start()
        other.close()
        due = time.monotonic() + STARTING_SECONDS
        self.workers.append(Worker(process, mine, job, list(job.slugs), STARTING_SECONDS, due))

    def look_at(self, worker: Worker) -> None:
        """Take what a worker tells, and end or replace one that has to be."""
        try:
            why = self._hear(worker)
        except EOFError:
            why = "the process that tried it ended in the middle of it"
        if why is None and time.monotonic() > worker.due:
            why = f"it took longer than {worker.seconds:g} s, and was ended"
        if why is None:
            return
        self.workers.remove(worker)
        _stop(worker)
        if not worker.left:
            return
        self._restore(worker.job.place)
        slug = worker.left.pop(0)
        self._listener.incomplete(f"{slug}: {why}")
        self._take(Result(slug=slug, verdict=Verdict.INCONCLUSIVE, reason=why, spent=self._lost(worker, slug)))
        if worker.left:
            self.start(replace(worker.job, slugs=tuple(worker.left), limits=self._limits_now()))

    def _hear(self, worker: Worker) -> str | None:
        """Why the worker has to be replaced; None: it goes on. Errors: EOFError where it has ended."""
        while worker.connection.poll():
            match worker.connection.recv():
                case Begun(slug):
                    worker.attempts += 1
                    worker.seconds = self._seconds(worker.job, slug)
                    worker.due = time.monotonic() + worker.seconds
                    self._listener.begun(slug)
                case Waits(seconds, why):
                    worker.due += seconds
                    self._listener.waits(seconds, why)
                case Result() as result:
                    worker.left.remove(result.slug)
                    worker.attempts = 0
                    self._take(result)
                case Incomplete(why):
                    self._listener.incomplete(why)
                case Broke(why):
                    self._listener.incomplete(why)
                    for slug in worker.left:
                        self._take(Result(slug=slug, verdict=Verdict.INCONCLUSIVE, reason=why))
                    worker.left.clear()
        return None

    def _take(self, result: Result) -> None:
        self._spent += result.spent
        self.results[result.slug] = result
        self._listener.result(result)

    def _restore(self, place: Place) -> None:
        """After a worker that may have been killed."""
        try:
            if place in self._found:
                self._found[place].restore_with_clock()
        except MockUnreachable:  # it is gone, and what was changed is gone with it
            return
        except MockRefused as error:
            self._listener.incomplete(f"the mock could not be left as it was found: {error}")

    def _seconds(self, job: Job, slug: str) -> float:
        """How long an attempt may take."""
        is_slow = job.place.admin_url is None and "slow" in self._cases[slug].needs
        return max(SLOW_ATTEMPT_SECONDS, self._attempt_seconds) if is_slow else self._attempt_seconds

    def _lost(self, worker: Worker, slug: str) -> Cost:
        """What a case may have cost of which nothing was heard."""
        return sum((self._cases[slug].takes for _ in range(worker.attempts)), Cost())

    def _limits_now(self) -> Limits | None:
        """What the next worker may do."""
        if self._limits is None:
            return None
        cap = self._limits.characters
        left = None if cap is None else max(cap - self._spent.characters, 0)
        return replace(self._limits, is_used_up=True, characters=left)


def _stop(worker: Worker) -> None:
    worker.process.terminate()
    worker.process.join(ENDING_SECONDS)
    if worker.process.exitcode != 0:
        _kill(worker.process)
    worker.connection.close()
    worker.process.close()


def _kill(process: BaseProcess) -> None:
    """End a worker, and the mock that it may have started."""
    if os.name == "posix" and process.pid is not None:
        with suppress(ProcessLookupError):  # it has no group yet, or nothing is left of it
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
