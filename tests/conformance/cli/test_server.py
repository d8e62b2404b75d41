"""`hamsa-conformance server`, from the options to the exit code."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from hamsa_conformance.cli.main import main
from hamsa_conformance.running.finding_cases import load_cases
from hamsa_kit.exit_codes import ExitCode
from hamsa_mock import MockServer
from tests.conformance.hiding_proxy import HidingProxy

ACK = "hamsa.tts.ack_first"
SPEECH = "hamsa.tts.end_last"
KEY = "5ca1ab1e-0000-4000-8000-00000000beef"
QUICK = ("--connections-per-minute", "10000", "--requests-per-minute", "10000", "--timeout", "5")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HAMSA_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def hidden(mock: MockServer) -> Iterator[HidingProxy]:
    """A server that nobody can tell from any other, with one key."""
    mock.client.put("hamsa", "keys", [{"key": KEY}])
    with HidingProxy(urlsplit(mock.ws_url).port or 0) as proxy:
        yield proxy


class Ended:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> "Run":
    return Run(capfd)


class Run:
    """Runs the command in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *options: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(["server", *options])
        out, err = self._capture.readouterr()
        assert "Traceback" not in out + err
        return Ended(int(ended.value.code or 0), out, err)


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "hamsa_conformance", "server", *options]


def environment(**variables: str) -> dict[str, str]:
    """Of a process that finds this project."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **variables}


def group_of(number: int) -> list[psutil.Process]:
    """The processes of a group that still run."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getpgid(process.pid) == number and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


# What is asked for


def test_cases_are_listed(run: Run) -> None:
    ended = run("--list")
    assert ended.code == ExitCode.PASS
    listed = [line.split()[0] for line in ended.out.splitlines() if line.startswith("hamsa.")]
    assert len(listed) == len(load_cases())
    assert "--intrusive: " in ended.out


def test_choice_that_fits_nothing_is_refused_with_the_nearest_name(run: Run) -> None:
    ended = run("--only", "hamsa.ttss")
    assert ended.code == ExitCode.USAGE
    assert "did you mean 'hamsa.tts'" in ended.err


def test_choice_that_leaves_nothing_is_refused(run: Run) -> None:
    ended = run("--only", ACK, "--exclude", "hamsa.tts")
    assert (ended.code, "leave no case" in ended.err) == (ExitCode.USAGE, True)


def test_missing_key_is_asked_for_where_a_server_is(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = run("--target", f"ws://127.0.0.1:{server.getsockname()[1]}", "--timeout", "1")
    assert (ended.code, "give it in HAMSA_API_KEY" in ended.err) == (ExitCode.USAGE, True)
    nobody = run("--target", "ws://127.0.0.1:9")
    assert (nobody.code, "Connection refused" in nobody.err) == (ExitCode.COULD_NOT_RUN, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--target", "127.0.0.1:8765"], "write ws://127.0.0.1:8765"),
        (["--target", "wsx://127.0.0.1"], "did you mean 'ws'"),
        (["--target", "ws://127.0.0.1:9", "-n", "2"], "-n 2 is for mocks"),
        (["--target", "ws://127.0.0.1:9", "--ca-file", "/nowhere.pem"], "/nowhere.pem holds no certificates"),
        (["--target", "wss://api.tryhamsa.com"], "--live says that you mean it"),
        (["--target", "wss://api.tryhamsa.com", "--live"], "--budget-chars"),
        (["--target", "wss://staging.example"], "staging.example is not this machine"),
        (["--target", "wss://staging.example", "--live"], "The chosen cases cost at most 37 characters"),
        (["--target", "wss://api.tryhamsa.com", "--admin-url", "http://127.0.0.1:9"], "vendor's host"),
        (["--timeout", "0"], "--timeout"),
        (["--budget-chars", "-1"], "--budget-chars"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(run: Run, options: Sequence[str], words: str) -> None:
    ended = run(*options, "--only", ACK)
    assert ended.code == ExitCode.USAGE
    assert ended.out == ""
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_vendor_is_not_connected_to_without_consent_whatever_its_name_means(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object, **__: object) -> None:
        pytest.fail("a connection")

    monkeypatch.setattr("socket.create_connection", connect)
    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    assert run("--target", "ws://api.tryhamsa.com:8765", "--only", ACK).code == ExitCode.USAGE


def test_folder_that_cannot_be_written_is_told_before_anything_is_tried(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run("--only", ACK, "--report-dir", str(tmp_path / "file" / "reports"))
    assert (ended.code, ended.out) == (ExitCode.COULD_NOT_RUN, "")
    assert ended.err == f"hamsa-conformance: cannot write into {tmp_path / 'file' / 'reports'}: Not a directory\n"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="nobody can write there, not even root")
def test_folder_of_the_system_is_told_before_anything_is_tried(run: Run) -> None:
    for options in (["--report-dir", "/proc/x"], ["--write-profile", "/proc/seen.json"]):
        ended = run("--only", ACK, *options)
        assert (ended.code, ended.out) == (ExitCode.COULD_NOT_RUN, "")
        assert "cannot write into /proc" in ended.err
        assert ended.err.count("\n") == 1


def test_folder_for_a_profile_that_is_not_there_is_a_mistake(run: Run, tmp_path: Path) -> None:
    ended = run("--only", ACK, "--write-profile", str(tmp_path / "none" / "seen.json"))
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert f"there is no folder {tmp_path / 'none'}" in ended.err
    assert not list(tmp_path.iterdir())


# Against the mock


@pytest.mark.slow
def test_mock_of_its_own_is_judged_without_a_target(run: Run, tmp_path: Path) -> None:
    ended = run("--only", ACK, "--report-dir", str(tmp_path))
    assert ended.code == ExitCode.PASS
    assert "hamsa.tts                    1 PASS" in ended.out
    assert "1 PASS in " in ended.out
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [case["slug"] for case in report["cases"]] == [ACK]
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "junit.xml", "report.html"}


@pytest.mark.slow
def test_mock_at_the_target_is_found_steered_and_left_as_it_was(run: Run, mock: MockServer) -> None:
    mock.behaviours["hamsa.error.end"] = "end"
    ended = run("--target", f"{mock.ws_url}?api_key={KEY}", "--only", "hamsa.keepalive")
    assert ended.code == ExitCode.PASS, ended.out
    assert "kind: mock" in ended.out
    assert "the key in --target is not used" in ended.out
    assert mock.behaviours["hamsa.error.end"] == "end"


@pytest.mark.slow
def test_workers_have_mocks_like_the_one_at_the_target_which_is_left_alone(run: Run, mock: MockServer) -> None:
    mock.behaviours["hamsa.error.end"] = "end"
    ended = run("--target", mock.http_url, "-n", "2", "--only", "hamsa.observed.error_end", "--only", SPEECH)
    assert ended.code == ExitCode.PASS, ended.out
    assert not mock.journal.entries(kind="handshake_request")


@pytest.mark.slow
def test_finding_is_shown_in_full_and_decides_the_exit_code(run: Run, mock: MockServer) -> None:
    mock.faults.arm("missing_ack instead of ack")
    ended = run("--target", mock.ws_url, "--only", ACK)
    assert ended.code == ExitCode.FINDINGS
    assert f"FAIL         {ACK}: " in ended.out
    for words in ("WST-5: ", "FAIL: expected ", "got ", "→ tts"):
        assert words in ended.out


@pytest.mark.slow
def test_admin_api_of_another_mock_is_noticed(run: Run, mock: MockServer, hidden: HidingProxy) -> None:
    with MockServer() as other:
        ended = run("--target", hidden.url, "--admin-url", other.client.admin_url, "--only", ACK)
    assert ended.code == ExitCode.COULD_NOT_RUN
    assert "is not what answers at" in ended.err
    assert run("--target", hidden.url, "--admin-url", mock.client.admin_url, "--only", ACK).code == ExitCode.PASS


# Against anything else


@pytest.mark.slow
def test_keys_appear_in_no_report_and_no_output(
    run: Run, mock: MockServer, hidden: HidingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    mock.faults.arm("missing_ack instead of ack")
    options = ("--only", "hamsa.auth", "--only", ACK, "--only", "hamsa.rest", "--report-dir", str(tmp_path))
    ended = run("--target", f"{hidden.url}?api_key={KEY}", *QUICK, *options)
    assert ended.code == ExitCode.FINDINGS, ended.err
    assert any(KEY.encode() in sent for sent in hidden.sent), "it was used"
    for text in (ended.out, ended.err, *(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())):
        assert KEY not in text
        assert KEY[:18] not in text


@pytest.mark.slow
def test_cost_is_told_before_and_after_and_capped(
    run: Run, hidden: HidingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    only = ("--only", ACK, "--only", SPEECH)
    ended = run("--target", hidden.url, *QUICK, *only, "--budget-chars", "40")
    assert ended.code == ExitCode.PASS, ended.err
    assert "cost at most 37 characters" in ended.out
    assert "37 characters more would exceed --budget-chars 40" in ended.out
    assert "spent 37 characters and " in ended.out


@pytest.mark.slow
def test_run_in_which_nothing_required_could_be_judged_could_not_run(
    run: Run, hidden: HidingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    ended = run("--target", hidden.url, *QUICK, "--only", ACK, "--budget-chars", "0")
    assert ended.code == ExitCode.COULD_NOT_RUN
    assert "1 SKIPPED" in ended.out


@pytest.mark.slow
def test_run_that_has_seen_nothing_says_so_and_writes_no_profile(
    run: Run, hidden: HidingProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    path = tmp_path / "seen.json"
    ended = run("--target", hidden.url, *QUICK, "--only", "hamsa.rest.voices", "--write-profile", str(path))
    assert ended.code == ExitCode.COULD_NOT_RUN
    assert f"{path} is not written: the run has seen no behaviour of the server" in ended.out
    assert not path.exists()


@pytest.mark.slow
def test_key_that_is_refused_is_told(run: Run, hidden: HidingProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", "nobody-has-this-key")
    ended = run("--target", hidden.url, *QUICK, "--only", ACK)
    assert ended.code == ExitCode.COULD_NOT_RUN
    assert "the key in HAMSA_API_KEY is refused" in ended.err
    assert "nobody-has-this-key" not in ended.out + ended.err


def test_place_where_nobody_listens_could_not_be_judged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMSA_API_KEY", KEY)
    ended = run("--target", "ws://127.0.0.1:9", "--only", ACK)
    assert ended.code == ExitCode.COULD_NOT_RUN
    assert ended.err == "hamsa-conformance: cannot connect to 127.0.0.1:9: Connection refused\n"


# The process


@pytest.mark.slow
def test_pytest_of_the_user_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("raise RuntimeError('loaded')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "sitecustomize.py").write_text("")
    variables = environment(PYTEST_ADDOPTS="--no-such-option", PYTEST_PLUGINS="no_such_plugin")
    ended = subprocess.run(
        command("--only", ACK), cwd=tmp_path, env=variables, capture_output=True, text=True, encoding="utf-8"
    )
    assert (ended.returncode, ended.stderr) == (ExitCode.PASS, "")
    assert "1 PASS" in ended.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"conftest.py", "pytest.ini", "sitecustomize.py"}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_run_and_writes_what_there_is(
    hidden: HidingProxy, tmp_path: Path, number: signal.Signals
) -> None:
    slow = ("--connections-per-minute", "1", "--only", "hamsa.tts", "--report-dir", str(tmp_path))
    variables = environment(HAMSA_API_KEY=KEY, PYTHONUNBUFFERED="1")
    with subprocess.Popen(
        command("--target", hidden.url, *slow),
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("waiting "):
                break
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "")
    assert "the run was ended before it was tried" in out
    assert "\ninterrupted\n" in out
    assert ": the run was ended in the middle of it" in out
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert len(report["cases"]) > 10
    _, alive = psutil.wait_procs(group_of(process.pid), timeout=10)
    assert not alive
