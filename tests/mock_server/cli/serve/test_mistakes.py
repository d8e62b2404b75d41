"""Mistakes on the command line of `hamsa-mock`, each told in one line."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_server.command import run_to_end

pytestmark = pytest.mark.slow


def one_line(text: str) -> str:
    """The only line of an output."""
    (line,) = text.splitlines()
    return line


def test_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run_to_end("serve", "--port", str(port))
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert one_line(ended.stderr) == (
        f"hamsa-mock: port {port} on 127.0.0.1 is taken; end what holds it, or use --port 0 for a free one"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("serve", "--profile", "documentd"), "documented"),
        (("serve", "--prot", "1"), "--port"),
        (("serve", "--port", "many"), "many"),
        (("serve", "--port", "65536"), "65535"),
        (("serve", "--log-format", "xml"), "json"),
        (("serve", "--loop", "twisted"), "asyncio"),
        (("serve", "--allow-host", "["), "no name of a host"),
        (("serve", "extra"), "extra"),
        (("sevre",), "sevre"),
    ],
)
def test_mistake_on_the_command_line_is_told_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    ended = run_to_end(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert one_line(ended.stderr).startswith("hamsa-mock: ")
    assert words in ended.stderr


@pytest.mark.parametrize("host", ["203.0.113.7", "..", "a" * 80])
def test_host_that_is_no_address_is_told_in_one_line(host: str) -> None:
    ended = run_to_end("serve", "--host", host, "--port", "0")
    assert ended.returncode == 3
    assert host in one_line(ended.stderr)


def test_ready_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--port", "0", "--quiet", "--ready-file", str(tmp_path / "missing" / "ready.json"))
    assert ended.returncode == 3
    assert "cannot write" in one_line(ended.stderr)


def test_ready_file_needs_a_name() -> None:
    ended = run_to_end("serve", "--port", "0", "--ready-file", "")
    assert ended.returncode == 2
    assert "--ready-file needs the name of a file" in one_line(ended.stderr)


def test_ready_file_does_not_replace_what_is_no_file(tmp_path: Path) -> None:
    ended = run_to_end("serve", "--port", "0", "--quiet", "--ready-file", str(tmp_path))
    assert ended.returncode == 3
    assert one_line(ended.stderr).endswith("it exists and is no regular file")
    assert tmp_path.is_dir()


def test_ready_file_of_an_earlier_run_is_gone_even_if_the_mock_cannot_start(tmp_path: Path) -> None:
    old = tmp_path / "ready.json"
    old.write_text("{}")
    assert run_to_end("serve", "--host", "203.0.113.7", "--ready-file", str(old)).returncode == 3
    assert not old.exists()


def test_uvloop_that_is_not_installed_is_told_in_one_line() -> None:
    code = 'import sys; sys.modules["uvloop"] = None; from hamsa_mock.cli.main import main; main()'
    ended = subprocess.run(
        [sys.executable, "-c", code, "serve", "--loop", "uvloop"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "--loop asyncio" in one_line(ended.stderr)


def test_command_without_arguments_shows_its_help() -> None:
    ended = run_to_end()
    assert ended.returncode == 2
    assert "serve" in ended.stdout + ended.stderr
    assert run_to_end("--help").returncode == 0
    assert run_to_end("--version").stdout.startswith("hamsa-mock, version ")
