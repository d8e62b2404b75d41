"""`hamsa-mock serve --tls` as users run it."""

import json
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
import trustme

from hamsa_mock.shell.certificates import CA_FILE, SERVER_FILE
from tests.mock_server.command import needs_signals, run_to_end, running_mock
from tests.mock_server.raw import RawSocket, RawWebSocket
from tests.mock_server.shell.test_back_pressure import MEBIBYTE, OFFERED, PADDING, offer, request, url

pytestmark = pytest.mark.slow


def one_line(text: str) -> str:
    """The only line of an output."""
    (line,) = text.splitlines()
    return line


def test_ready_file_names_the_urls_and_what_to_trust(tmp_path: Path) -> None:
    with running_mock("--tls", "--tls-dir", str(tmp_path)) as command:
        ready = command.ready
        context = ssl.create_default_context(cafile=ready["ca_file"])
        with RawSocket(f"{ready['http_url']}/__mock__/health", context) as connection:
            connection.upgrade(Upgrade=None, Connection=None)
            assert connection.read_http()[0] == 200
        with RawWebSocket(command.url, context):
            pass
    assert ready["ca_file"] == str(tmp_path / CA_FILE)
    assert ready["ws_url"].startswith("wss://127.0.0.1:")
    assert ready["http_url"].startswith("https://127.0.0.1:")
    assert ready["admin_url"] == f"{ready['http_url']}/__mock__"
    assert ready["providers"]["hamsa"] == {"ws_url": ready["ws_url"], "http_url": ready["http_url"]}


def test_without_tls_there_is_nothing_to_trust_and_nothing_is_written(tmp_path: Path) -> None:
    with running_mock(environment={"HAMSA_MOCK_TLS_DIR": str(tmp_path)}) as command:
        assert command.ready["ca_file"] is None
        assert command.ready["ws_url"].startswith("ws://")
    assert list(tmp_path.iterdir()) == []


@needs_signals
def test_second_run_uses_the_same_certificate_and_the_banner_says_how_to_trust_it(tmp_path: Path) -> None:
    environment = {"HAMSA_MOCK_TLS": "1", "HAMSA_MOCK_TLS_DIR": str(tmp_path)}
    certificates: list[bytes] = []
    for _ in range(2):
        with running_mock("--tls-name", "api.tryhamsa.com", environment=environment) as command:
            certificates.append((tmp_path / SERVER_FILE).read_bytes())
            code, output = command.end(signal.SIGTERM)
        assert code == 0
        assert f"SSL_CERT_FILE={tmp_path / CA_FILE}" in output
        assert "127.0.0.1 api.tryhamsa.com" in output
        assert command.url in output
    assert certificates[0] == certificates[1]


@needs_signals
def test_own_certificate_that_has_expired_is_served_with_a_warning(tmp_path: Path) -> None:
    now, both = datetime.now(UTC), tmp_path / "own.pem"
    leaf = trustme.CA().issue_cert("localhost", not_before=now - timedelta(2), not_after=now - timedelta(1))
    both.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
    with running_mock("--tls", "--cert", str(both), "--log-format", "json") as command:
        assert command.ready["ca_file"] is None
        _, output = command.end(signal.SIGTERM)
    _, warning = map(json.loads, output.splitlines())
    assert warning == {
        "event": "warning",
        "message": f"clients will refuse the certificate in {both}: certificate has expired",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tls-name", "api.tryhamsa.com"), "add --tls"),
        (("--cert", "missing.pem"), "add --tls"),
        (("--tls", "--key", "missing.pem"), "--key needs --cert"),
        (("--tls", "--cert", "missing.pem"), "cannot read the certificate in missing.pem: "),
        (
            ("--tls", "--tls-name", "https://api.tryhamsa.com"),
            "'https://api.tryhamsa.com' is no name for a certificate",
        ),
    ],
)
def test_mistake_is_told_in_one_line(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    ended = run_to_end("serve", "--port", "0", "--tls-dir", str(tmp_path), *arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert words in one_line(ended.stderr)


def test_folder_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run_to_end("serve", "--port", "0", "--tls", "--tls-dir", str(tmp_path / "file"))
    assert ended.returncode == 3
    assert one_line(ended.stderr).startswith(f"hamsa-mock: cannot keep certificates in {tmp_path / 'file'}: ")


WITHOUT_TRUSTME = 'import sys; sys.modules["trustme"] = None; from hamsa_mock.cli.main import main; main()'

WITHOUT_RIGHTS = """
import errno, os, socket
class Unprivileged(socket.socket):
    def bind(self, address):
        if address[1] == 443:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        super().bind(address)
socket.socket = Unprivileged
from hamsa_mock.cli.main import main
main()
"""


def run_code(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process that lacks something."""
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_missing_trustme_is_told_in_one_line_and_only_where_it_is_needed(tmp_path: Path) -> None:
    ended = run_code(WITHOUT_TRUSTME, "serve", "--port", "0", "--tls", "--tls-dir", str(tmp_path))
    assert ended.returncode == 2
    assert "pip install 'hamsa-harness[tls]'" in one_line(ended.stderr)
    both = tmp_path / "own.pem"
    both.write_bytes(trustme.CA().issue_cert("localhost").private_key_and_cert_chain_pem.bytes())
    start = (sys.executable, "-c", WITHOUT_TRUSTME)
    with running_mock("--tls", "--cert", str(both), start=start) as command:
        assert command.ready["ws_url"].startswith("wss://")


def test_port_443_without_the_right_to_it_is_told_in_one_line(tmp_path: Path) -> None:
    ended = run_code(WITHOUT_RIGHTS, "serve", "--tls", "--port", "443", "--tls-dir", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert one_line(ended.stderr) == (
        "hamsa-mock: port 443 on 127.0.0.1 needs more rights; use a port above 1023, or --port 0 for a free one"
    )


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_client_that_never_reads_costs_bounded_memory(tmp_path: Path, loop: str) -> None:
    """As without TLS: the transport's buffer fills, the session makes nothing more, and the client is not read."""
    with running_mock(
        "--loop", loop, "--profile", "instant", "--quiet", "--tls", "--tls-dir", str(tmp_path)
    ) as command:
        context = ssl.create_default_context(cafile=command.ready["ca_file"])
        process = psutil.Process(command.process.pid)
        with RawWebSocket(url(command), context) as warm_up:
            warm_up.send(request(-1))
            warm_up.next()
            warm_up.audio()
        before = process.memory_info().rss
        with RawWebSocket(url(command), context) as connection:
            sent = offer(connection, 0, PADDING)
            assert sent < OFFERED, "the mock stopped reading"
            assert process.memory_info().rss - before < 16 * MEBIBYTE
            with RawWebSocket(url(command), context) as other:
                other.send(request(-1))
                assert other.next_json()["type"] == "ack"
