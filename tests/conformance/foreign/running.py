"""Starts the servers of this folder, each in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conformance.foreign.documents import CUSTOM_VOICE, FOREIGN_VOICE, VALID

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[2]

KEYS = ("expired", "inactive-user", "inactive-project", "no-funds", "nearly-broke", "internal-error", "rate-limited")
ENVIRONMENT: Mapping[str, str] = {
    "HAMSA_API_KEY": VALID,
    "HAMSA_VOICE_CUSTOM": CUSTOM_VOICE,
    "HAMSA_VOICE_FOREIGN": FOREIGN_VOICE,
    **{f"HAMSA_KEY_{name.upper().replace('-', '_')}": f"foreign-{name}" for name in KEYS},
}
"""The keys and voices of these servers, as the suite takes them."""


MANY = "1000000"
"""Requests in a minute, for those who do not want to wait at the limit."""


def command(name: str, mistake: str | None = None, requests: str = MANY, node: str = "node") -> Sequence[str]:
    """What starts a server: `aiohttp`, `starlette` or `ws`. `requests`: so many a key may make in a minute."""
    program = [node, str(FOLDER / "ws_server.mjs")]
    if name != "ws":
        program = [sys.executable, "-m", f"tests.conformance.foreign.{name}_server"]
    return [*program, "--requests", requests, *(["--mistake", mistake] if mistake else [])]


@contextmanager
def running(start: Sequence[str]) -> Iterator[str]:
    """The origin of a server while it runs, such as `ws://127.0.0.1:4711`."""
    with subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), f"the server did not start: {port!r}"
            yield f"ws://127.0.0.1:{port}"
        finally:
            process.kill()
