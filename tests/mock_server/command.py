"""The command `hamsa-mock` in a process of its own."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import IO, Any

import pytest

SECONDS_TO_START = 30

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@dataclass
class RunningCommand:
    """A started mock: its process, and what its ready file holds."""

    process: "subprocess.Popen[bytes]"
    ready: dict[str, Any]

    @property
    def url(self) -> str:
        """The endpoint with a key that is accepted."""
        return f"{self.ready['ws_url']}?api_key={self.ready['keys'][0]}"

    def end(self, signal: int) -> tuple[int, str]:
        """Send a signal; exit code and all that was printed."""
        self.process.send_signal(signal)
        output, _ = self.process.communicate(timeout=SECONDS_TO_START)
        return self.process.returncode, output.decode()


@contextmanager
def running_mock(
    *flags: str,
    environment: Mapping[str, str] | None = None,
    start: Sequence[str] = (sys.executable, "-m", "hamsa_mock"),
    stdout: int | IO[bytes] = subprocess.PIPE,
    ready_file: Path | None = None,
) -> Iterator[RunningCommand]:
    """Start `serve` on a free port, and end it whatever happens. `start`: what runs instead of `-m hamsa_mock`."""
    with TemporaryDirectory() as folder:
        ready_file = ready_file or Path(folder) / "ready.json"
        process = subprocess.Popen(
            [*start, "serve", "--port", "0", "--ready-file", str(ready_file), *flags],
            stdout=stdout,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        try:
            yield RunningCommand(process, wait_until_ready(process, ready_file))
        finally:
            process.kill()
            process.communicate()


def wait_until_ready(process: "subprocess.Popen[bytes]", ready_file: Path) -> dict[str, Any]:
    """What the ready file holds, as soon as it is there. Fails with the output of a process that ended instead."""
    deadline = monotonic() + SECONDS_TO_START
    while not ready_file.exists():
        if process.poll() is not None:
            output, _ = process.communicate()
            raise AssertionError(f"the mock ended with {process.returncode}: {output.decode()}")
        assert monotonic() < deadline, "the mock did not become ready"
        sleep(0.005)
    ready: dict[str, Any] = json.loads(ready_file.read_text(encoding="utf-8"))
    return ready


def run_to_end(*arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the command with these arguments till it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "hamsa_mock", *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
        env={**os.environ, **(environment or {})},
        check=False,
    )


def has_ipv6_loopback() -> bool:
    """Whether this machine has ::1."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
