"""`make demo`: the mock in its own process, a client in another, and what came out of it; then what the suite finds."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUTPUT = ROOT / "demo-output"
REPORT = OUTPUT / "conformance"
SECONDS_TO_START = 20
INTERRUPTED = 128 + signal.SIGINT


def main() -> int:
    """Run the demo; the exit code is the client's or the suite's, or 3 if the mock did not start or stop as it should.

    Both processes get a session of their own, so that Ctrl-C reaches this one only, which then ends them.
    """
    OUTPUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ready_file = Path(folder) / "ready.json"
        command = [
            sys.executable,
            "-m",
            "hamsa_mock",
            "serve",
            "--port",
            "0",
            "--ready-file",
            str(ready_file),
        ]
        log = OUTPUT / "mock.log"
        with log.open("w", encoding="utf-8") as stream:
            # A Ctrl-C has to wait until the process is known that it must end.
            early: list[int] = []
            signal.signal(signal.SIGINT, lambda number, _: early.append(number))
            mock = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
                    if hasattr(signal, name):
                        signal.signal(getattr(signal, name), signal.default_int_handler)
                if early:
                    raise KeyboardInterrupt
                ready = wait_until_ready(mock, ready_file)
                print(f"The mock listens at {ready['ws_url']} (process {mock.pid}).")
                print("A client in another process sends five Arabic sentences over one connection:\n")
                code = run_client(ready) or run_suite(ready)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave the mock behind
                mock.terminate()
                ended = mock.wait(timeout=SECONDS_TO_START)
    if ended != 0:
        print(f"The mock ended with exit code {ended}; see {log}", file=sys.stderr)
        return 3
    print(f"\nThe WAV files and the mock's log are in {OUTPUT}, the report is {REPORT / 'report.html'}")
    return code


def wait_until_ready(mock: "subprocess.Popen[bytes]", ready_file: Path) -> dict[str, str]:
    """The contents of the ready file. Raises SystemExit when the mock ends or takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if ready_file.exists():
            ready = json.loads(ready_file.read_text(encoding="utf-8"))
            return {"ws_url": ready["ws_url"], "key": ready["keys"][0]}
        if mock.poll() is not None:
            break
        time.sleep(0.01)
    print(f"The mock did not start; see {OUTPUT / 'mock.log'}", file=sys.stderr)
    raise SystemExit(3)


def run_client(ready: dict[str, str]) -> int:
    """The exit code of the client."""
    environment = {**os.environ, "HAMSA_WS_URL": ready["ws_url"], "HAMSA_API_KEY": ready["key"]}
    client = [sys.executable, str(Path(__file__).with_name("demo_client.py")), str(OUTPUT)]
    return subprocess.run(client, env=environment, check=False, start_new_session=True).returncode


def run_suite(ready: dict[str, str]) -> int:
    """The exit code of the conformance suite."""
    print("\nThe conformance suite judges the mock:\n", flush=True)
    command = [sys.executable, "-m", "hamsa_conformance", "server"]
    options = ["--target", ready["ws_url"], "--report-dir", str(REPORT)]
    return subprocess.run([*command, *options], check=False, start_new_session=True).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
