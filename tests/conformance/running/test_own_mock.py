"""Mocks that the suite starts by itself."""

import os
import sys
from pathlib import Path

import psutil
import pytest

from hamsa_conformance.running.own_mock import own_mock

STUBBORN = """#!{python}
import json, os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
ready = pathlib.Path(sys.argv[sys.argv.index("--ready-file") + 1])
part = ready.with_suffix(".part")
part.write_text(json.dumps({{"pid": os.getpid()}}))
part.rename(ready)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="a program without a name of its own cannot be started")
def test_mock_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = tmp_path / "mock"
    stubborn.write_text(STUBBORN.format(python=sys.executable))
    stubborn.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stubborn))
    monkeypatch.setattr("hamsa_conformance.running.own_mock.ENDING_SECONDS", 0.1)
    with own_mock() as ready:
        assert psutil.pid_exists(ready["pid"])
    assert not psutil.pid_exists(ready["pid"])
