"""A process that tries cases at one server: pytest beneath, isolated from the configuration and plugins of others."""

import os
import signal
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from hamsa_conformance.case import Case
from hamsa_conformance.client.server import Server
from hamsa_conformance.result import Result
from hamsa_conformance.running.bench import Bench, Place, bench_at
from hamsa_conformance.running.budget import estimate
from hamsa_conformance.running.finding_cases import cases_folder, load_cases
from hamsa_conformance.running.gate import Limits
from hamsa_conformance.running.judging import judge
from hamsa_conformance.running.preflight import CannotJudge, look
from hamsa_conformance.verdict import Verdict
from hamsa_kit.admin_calls import MockUnreachable

if TYPE_CHECKING:
    import pytest

CONFIGURATION = Path(__file__).with_name("worker.ini")
FOREIGN_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")

DEFECT = "defect of the suite: "
"""How the reason begins where the suite itself is wrong."""


@dataclass(frozen=True, slots=True)
class Job:
    """Cases to try, by slug, in this order. `limits`: of a server that is not ours."""

    provider: str
    place: Place
    slugs: tuple[str, ...]
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt at a case begins."""

    slug: str


@dataclass(frozen=True, slots=True)
class Waits:
    """What comes next is held back for so many seconds. `why`: in words."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Something cannot be judged that should have been. `why`: in words."""

    why: str


@dataclass(frozen=True, slots=True)
class Broke:
    """The worker cannot go on, and no other could. `why`: in words."""

    why: str


News: TypeAlias = Begun | Waits | Result | Incomplete | Broke
"""What a worker tells."""


def work(job: Job, to_parent: Connection) -> None:
    """Try the cases of a job and tell what comes of each. The process is given up afterwards."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told of Ctrl-C too, and ends this process
    signal.signal(signal.SIGTERM, _end)
    if os.name == "posix":
        os.setpgrp()  # so that what it has started can be ended with it
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        with (
            TemporaryDirectory(prefix="hamsa-conformance-") as folder,
            bench_at(job.place, job.limits, lambda seconds, why: to_parent.send(Waits(seconds, why))) as bench,
        ):
            os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder  # and not the folder in which the command is run
            run_pytest(job, bench, to_parent)
    except (BrokenPipeError, KeyboardInterrupt):  # there is no parent any more, or it wants nothing more
        return
    except (OSError, ValueError) as error:
        to_parent.send(Broke(str(error)))
    except Exception as error:
        to_parent.send(Broke(DEFECT + _where(error)))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends now
        to_parent.close()


def _end(number: int, frame: FrameType | None) -> None:
    """The parent ends this process: what was changed is put back on the way out. pytest takes SystemExit for a failure
    of one test, and goes on."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def run_pytest(job: Job, bench: Bench, to_parent: Connection) -> None:
    """Let pytest run the cases."""
    import pytest

    folder = cases_folder(job.provider)
    arguments = [
        str(folder),
        f"--rootdir={folder}",
        f"--config-file={CONFIGURATION}",
        "--noconftest",
        "--capture=no",
        "-pno:cacheprovider",
        "-pno:terminal",
        "-pno:faulthandler",
    ]
    ends = (
        pytest.ExitCode.OK,
        pytest.ExitCode.TESTS_FAILED,
        pytest.ExitCode.NO_TESTS_COLLECTED,
        pytest.ExitCode.INTERRUPTED,
    )
    outcome = pytest.main(arguments, plugins=[CasePlugin(job, bench, to_parent)])
    if outcome not in ends:
        to_parent.send(Broke(f"{DEFECT}pytest ended with {outcome!r}"))


def make_items(parent: "pytest.Collector", plugin: "CasePlugin", cases: Iterable[Case]) -> "list[pytest.Item]":
    """pytest's view of cases."""
    import pytest

    class CaseItem(pytest.Item):
        """A case as a test of pytest's."""

        def runtest(self) -> None:
            result = plugin.try_case(self.name)
            if result.verdict is Verdict.SKIPPED:
                pytest.skip(result.reason or "")
            if result.verdict is Verdict.FAIL:
                pytest.fail(f"{self.name} fails", pytrace=False)

    return [CaseItem.from_parent(parent, name=case.slug) for case in cases]


class CasePlugin:
    """Gives pytest the cases of a job, by the modules in which they stand, and tells what came of each."""

    def __init__(self, job: Job, bench: Bench, to_parent: Connection) -> None:
        known = {case.slug: case for case in load_cases(job.provider)}
        self._cases = {slug: known[slug] for slug in job.slugs}
        self._to_come = list(self._cases.values())
        self._bench = bench
        self._to_parent = to_parent
        self._gone: str | None = None

    def pytest_collect_file(self, file_path: Path, parent: "pytest.Collector") -> "pytest.Collector | None":
        """A module of cases is a file of tests."""
        import pytest

        plugin = self
        cases = [case for case in self._cases.values() if case.run.__module__.endswith(f".{file_path.stem}")]

        class CaseFile(pytest.File):
            """A module of cases."""

            def collect(self) -> "list[pytest.Item]":
                return make_items(self, plugin, cases)

        return CaseFile.from_parent(parent, path=file_path) if cases else None

    def pytest_collection_modifyitems(self, items: "list[pytest.Item]") -> None:
        """In the order of the job, whatever the order of the modules."""
        order: Sequence[str] = list(self._cases)
        items.sort(key=lambda item: order.index(item.name))

    def try_case(self, slug: str) -> Result:
        """Try a case and tell of it; at once where the server is gone."""
        case = self._cases[slug]
        self._to_come.remove(case)
        result = self._judged(case) if self._gone is None else _inconclusive(slug, self._gone)
        self._to_parent.send(result)
        return result

    def _judged(self, case: Case) -> Result:
        def server() -> Server:
            self._to_parent.send(Begun(case.slug))
            return self._bench.server()

        kept = estimate(other for other in self._to_come if other.kind == case.kind)
        self._bench.begin(case.slug, case.takes.characters, kept.characters)
        try:
            result = judge(case, server)
            if not heard_nothing(result):
                return result
            self._gone = self._look()
        except MockUnreachable as error:
            self._gone = f"the mock has ended in the middle of the run: {error}"
            result = _inconclusive(case.slug, self._gone)
        except BrokenPipeError:
            raise
        except Exception as error:
            self._to_parent.send(Incomplete(f"{case.slug}: {DEFECT}{error!r}"))
            return _inconclusive(case.slug, DEFECT + _where(error))
        if self._gone is None:
            return result
        self._to_parent.send(Incomplete(self._gone))
        return replace(result, verdict=Verdict.INCONCLUSIVE, reason=self._gone)

    def _look(self) -> str | None:
        """Whether the server is still there; why not, if it is not."""
        self._bench.begin("")
        try:
            look(self._bench.server())
        except CannotJudge as error:
            return f"the server has ended in the middle of the run: {error}"
        return None


def heard_nothing(result: Result) -> bool:
    """Whether connections were made, or tried, and nothing that the protocols have came on any."""
    if result.verdict not in (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NON_STRICT):
        return False
    ours = ("disconnect", "note")
    return not any(entry.direction == "to_client" and entry.kind not in ours for entry in result.transcript)


def _inconclusive(slug: str, reason: str) -> Result:
    return Result(slug=slug, verdict=Verdict.INCONCLUSIVE, reason=reason)


def _where(error: Exception) -> str:
    """What was raised, and in which lines."""
    return "".join(traceback.format_exception(error, limit=-4)).strip()


__all__ = ["Begun", "Broke", "Incomplete", "Job", "News", "Waits", "work"]
