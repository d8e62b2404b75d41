"""Workers that try nothing, and tell what a test wants."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from hamsa_conformance.case import Cost
from hamsa_conformance.result import Result
from hamsa_conformance.running.worker import Begun, Job, Waits
from hamsa_conformance.verdict import Verdict
from hamsa_kit.mock_client import MockClient

PID_FILE = "TESTS_PID_FILE"
"""The variable that names where a worker writes down what it has started."""


def dies_at_the_second(job: Job, to_parent: Connection) -> None:
    """Spends three characters on its first case, and dies in the second attempt at the next. The reason of a result is
    what the job may spend."""
    first, *others = job.slugs
    limits = job.limits
    assert limits is not None
    reason = f"{limits.characters} {limits.is_used_up}"
    to_parent.send(Begun(first))
    to_parent.send(Result(slug=first, verdict=Verdict.PASS, reason=reason, spent=Cost(characters=3)))
    for slug in others:
        to_parent.send(Begun(slug))
        to_parent.send(Begun(slug))
        return


def waits_longer_than_a_case_may_take(job: Job, to_parent: Connection) -> None:
    """Is held back for a second, which is told."""
    to_parent.send(Begun(job.slugs[0]))
    to_parent.send(Waits(60, "no more than that"))
    time.sleep(1.5)
    to_parent.send(Result(slug=job.slugs[0], verdict=Verdict.PASS))


def changes_a_mock_and_hangs(job: Job, to_parent: Connection) -> None:
    """Leaves a mock frozen, and heeds nothing that asks it to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    mock = MockClient(job.place.admin_url or "")
    mock.clock.freeze()
    mock.behaviours["hamsa.error.end"] = "nothing"
    to_parent.send(Begun(job.slugs[0]))
    time.sleep(60)


def starts_a_process_and_hangs(job: Job, to_parent: Connection) -> None:
    """Starts a process whose number it writes down, and heeds nothing that asks it to end."""
    os.setpgrp()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(os.environ[PID_FILE]).write_text(str(started.pid))
    to_parent.send(Begun(job.slugs[0]))
    time.sleep(60)
