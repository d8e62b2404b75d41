"""Mocks that the suite starts by itself, as a command: this package imports nothing of the mock's."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STARTING_SECONDS = 20.0

ENDING_SECONDS = 5.0
"""So long a mock may take to end before it is killed."""


class NoMock(RuntimeError):
    """A mock could not be started. The text says why."""


@contextmanager
def own_mock(config: str | None = None) -> Iterator[dict[str, Any]]:
    """A mock on a free port of loopback, for as long as the context lasts; what its ready file says.

    `config`: the configuration in YAML that it starts with. Errors: NoMock.
    """
    with tempfile.TemporaryDirectory(prefix="hamsa-conformance-") as folder:
        ready, log, config_file = (Path(folder) / name for name in ("ready.json", "log.txt", "config.yaml"))
        command = [sys.executable, "-m", "hamsa_mock", "serve", "--port", "0", "--ready-file", str(ready)]
        if config is not None:
            config_file.write_text(config, encoding="utf-8")
            command += ["--config", str(config_file)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            try:
                yield _wait(process, ready, log)
            finally:
                _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", ready: Path, log: Path) -> dict[str, Any]:
    end = time.monotonic() + STARTING_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if ready.exists():
            content: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
            return content
        time.sleep(0.01)
    said = log.read_text(encoding="utf-8", errors="replace").strip()
    raise NoMock(f"the mock did not start: {said or f'not ready in {STARTING_SECONDS:g} s'}")
