"""Targets that nobody can work with: the cause in plain words, the right verdict and exit code, no hang."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import trustme

from hamsa_kit.exit_codes import ExitCode
from tests.conformance.foreign.bad_targets import bad_target, nobody
from tests.conformance.foreign.running import ENVIRONMENT

pytestmark = pytest.mark.slow

CASE = "hamsa.tts.ack_first"
SECONDS_AT_MOST = 60
"""A run that takes longer hangs. Most take three seconds, of which Python's start is one."""


def judged(target: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """A run of the command."""
    return subprocess.run(
        [sys.executable, "-m", "hamsa_conformance", "server", "--target", target, "--timeout", "1", *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS_AT_MOST,
        env={**os.environ, **ENVIRONMENT},
        check=False,
    )


def run_of_one_case(target: str) -> "subprocess.CompletedProcess[str]":
    """At a target at which a run begins."""
    ended = judged(f"ws://{target}/v1/realtime/ws", "--only", CASE, "--requests-per-minute", "1000")
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended


def assert_cannot_judge(ended: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """Nothing is tried, and one line says why."""
    assert ended.returncode == ExitCode.COULD_NOT_RUN, ended.stdout + ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("hamsa-conformance: ")
    for word in words:
        assert word in line
    assert CASE not in ended.stdout


CANNOT_BE_JUDGED: Mapping[str, tuple[str, ...]] = {
    "closes_at_once": ("ended",),
    "silent": ("nothing came in 1 s",),
    "garbage": ("speaks no WebSocket",),
    "http_500": ("HTTP 500",),
    "http_200": ("HTTP 200",),
    "key_refused": ("HAMSA_API_KEY", "refused", "401"),
    "drips": ("not answered in full in 1 s",),
    "endless_headers": ("headers",),
    "endless_body": ("bytes",),
    "mute": ("opened", "nothing came in 1 s"),
}


@pytest.mark.parametrize("name", CANNOT_BE_JUDGED)
def test_target_that_cannot_be_judged_is_told_in_one_line(name: str) -> None:
    with bad_target(name) as at:
        assert_cannot_judge(judged(f"ws://{at}/v1/realtime/ws", "--only", CASE), *CANNOT_BE_JUDGED[name])


def test_port_at_which_nobody_listens_is_told_in_one_line() -> None:
    with nobody() as at:
        assert_cannot_judge(judged(f"ws://{at}/v1/realtime/ws", "--only", CASE), "cannot connect", at)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for loopback with its key, and its CA, which nobody trusts by itself."""
    ca = trustme.CA()
    issued, trusted = tmp_path / "server.pem", tmp_path / "ca.pem"
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(issued))
    ca.cert_pem.write_to_path(str(trusted))
    return issued, trusted


def test_untrusted_certificate_is_told_with_the_option_that_helps(certificate: tuple[Path, Path]) -> None:
    with bad_target("never_closes", certificate[0]) as at:
        ended = judged(f"wss://{at}/v1/realtime/ws", "--only", CASE)
    assert_cannot_judge(ended, "certificate", "not trusted", "--ca-file")


def test_certificate_of_a_trusted_ca_is_taken(certificate: tuple[Path, Path]) -> None:
    issued, trusted = certificate
    with bad_target("never_closes", issued) as at:
        ended = judged(f"wss://{at}/v1/realtime/ws", "--only", CASE, "--ca-file", str(trusted), "--timeout", "10")
    assert ended.returncode == ExitCode.PASS, ended.stdout + ended.stderr


def test_tls_to_a_server_without_it_is_told_in_one_line() -> None:
    with bad_target("garbage") as at:
        assert_cannot_judge(judged(f"wss://{at}/v1/realtime/ws", "--only", CASE), "TLS")


def test_server_with_tls_that_is_asked_without_it_is_told_in_one_line(certificate: tuple[Path, Path]) -> None:
    with bad_target("never_closes", certificate[0]) as at:
        assert_cannot_judge(judged(f"ws://{at}/v1/realtime/ws", "--only", CASE))


@pytest.mark.parametrize("name", ["endless_frames", "endless_message"])
def test_flood_is_a_finding_and_is_not_kept(name: str) -> None:
    with bad_target(name) as at:
        ended = run_of_one_case(at)
    assert ended.returncode == ExitCode.FINDINGS
    assert "a flood" in ended.stdout
    assert "1 FAIL" in ended.stdout


def test_connection_that_dies_in_the_middle_of_an_answer_is_a_finding() -> None:
    with bad_target("dies_in_the_middle") as at:
        ended = run_of_one_case(at)
    assert ended.returncode == ExitCode.FINDINGS
    assert "the end of the connection without a close frame" in ended.stdout


def test_answer_that_never_ends_is_a_finding() -> None:
    with bad_target("never_ends_an_answer") as at:
        ended = run_of_one_case(at)
    assert ended.returncode == ExitCode.FINDINGS
    assert "1 FAIL" in ended.stdout


def test_answers_that_are_all_cut_short_are_inconclusive_and_nothing_was_judged() -> None:
    with bad_target("always_cuts") as at:
        ended = judged(
            f"ws://{at}/v1/realtime/ws", "--only", "hamsa.audio.half_the_rate", "--requests-per-minute", "1000"
        )
    assert ended.returncode == ExitCode.COULD_NOT_RUN, ended.stdout + ended.stderr
    assert "incomplete: no answer was ever whole: 4 were cut short" in ended.stdout
    assert "1 INCONCLUSIVE" in ended.stdout


def test_close_that_is_not_answered_is_not_strict() -> None:
    with bad_target("never_closes") as at:
        ended = run_of_one_case(at)
    assert ended.returncode == ExitCode.PASS
    assert "it stays open" in ended.stdout
    assert "1 NON-STRICT" in ended.stdout


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("ftp://127.0.0.1/", ("ftp",)),
        ("ws://", ("host",)),
        ("not a url", ("not a url",)),
        ("ws://127.0.0.1:99999/", ("port",)),
    ],
)
def test_url_that_is_none_is_a_mistake_in_the_command_line(target: str, words: tuple[str, ...]) -> None:
    ended = judged(target, "--only", CASE)
    assert ended.returncode == ExitCode.USAGE
    [line] = ended.stderr.splitlines()
    for word in words:
        assert word in line
