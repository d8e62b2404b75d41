"""Foreign clients of a mock with TLS, each told to trust it as the banner says, under the service's own name.

The name leads to this machine by each client's own means instead of a hosts entry, which would change the machine.
"""

import asyncio
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import websockets
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from hamsa_mock.shell.certificates import SERVER_FILE
from tests.mock_server.command import RunningCommand, needs_signals, running_mock
from tests.peers.browser import Browser
from tests.peers.test_browser import heard, speaking
from tests.peers.test_node_client import EXAMPLES, answers, run_client, said_or_message
from tests.peers.wire import ACK, END, INFO, SECONDS_TO_WAIT, SENTENCES, said, tts
from tests.tools.leftout import leave_out

pytestmark = pytest.mark.slow

NAME = "api.tryhamsa.com"
NAMES = ("127.0.0.1", "localhost", NAME)


@pytest.fixture
def tls_mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCommand]:
    """The command with a certificate that names the service, kept in a folder that is not the browser's."""
    tls = ("--tls", "--tls-name", NAME, "--tls-dir", str(tmp_path_factory.mktemp("tls")))
    with running_mock("--profile", "instant", "--log-format", "json", *tls) as command:
        yield command


def port(mock: RunningCommand) -> int:
    return int(urlsplit(mock.ready["http_url"]).port or 0)


def at(mock: RunningCommand, name: str) -> str:
    """The endpoint under a name, with a key."""
    return mock.url.replace("127.0.0.1", name)


def trusting(mock: RunningCommand) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=mock.ready["ca_file"])


def told_of_tls(mock: RunningCommand) -> str:
    """What the mock told of handshakes, when nothing more can come."""
    mock.process.terminate()
    output, _ = mock.process.communicate(timeout=SECONDS_TO_WAIT)
    return "".join(line for line in output.decode().splitlines() if json.loads(line)["event"] == "tls")


# Python


@pytest.mark.parametrize("name", NAMES)
async def test_websockets_gets_the_whole_audio(tls_mock: RunningCommand, name: str) -> None:
    async with websockets.connect(
        at(tls_mock, name), ssl=trusting(tls_mock), host="127.0.0.1", port=port(tls_mock)
    ) as connection:
        assert json.loads(await connection.recv()) == INFO
        await connection.send(tts(SENTENCES[0]))
        assert json.loads(await connection.recv()) == ACK
        audio = b""
        while isinstance(message := await connection.recv(), bytes):
            audio += message
        assert json.loads(message) == END
    assert said(audio) == SENTENCES[0]


class ThisMachine(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("name", NAMES)
async def test_aiohttp_speaks_over_both_wss_and_https(tls_mock: RunningCommand, name: str) -> None:
    sockets: list[socket.socket] = []

    def open_socket(address: tuple[Any, ...]) -> socket.socket:
        sockets.append(socket.socket(*address[:3]))
        sockets[-1].setblocking(False)
        return sockets[-1]

    connector = aiohttp.TCPConnector(ssl=trusting(tls_mock), resolver=ThisMachine(), socket_factory=open_socket)
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"https://{name}:{port(tls_mock)}/__mock__/health") as answer:
            assert answer.status == 200
        async with session.ws_connect(at(tls_mock, name)) as websocket:
            assert await websocket.receive_json(timeout=SECONDS_TO_WAIT) == INFO
    while any(sock.fileno() != -1 for sock in sockets):  # noqa: ASYNC110 - nobody tells when a TLS transport is closed
        await asyncio.sleep(0)


def test_http_client_of_the_standard_library_is_answered(tls_mock: RunningCommand) -> None:
    connection = http.client.HTTPSConnection("localhost", port(tls_mock), context=trusting(tls_mock))
    connection.request("GET", "/__mock__/health")
    with connection.getresponse() as response:
        assert json.load(response) == {"status": "ok"}
    connection.close()


def test_python_example_trusts_by_the_variable_that_the_banner_names(tls_mock: RunningCommand) -> None:
    trust = {"SSL_CERT_FILE": tls_mock.ready["ca_file"]}
    assert "bytes of audio" in run_example(tls_mock, sys.executable, EXAMPLES / "tts_client.py", trust).stdout
    refused = run_example(tls_mock, sys.executable, EXAMPLES / "tts_client.py", {})
    assert "CERTIFICATE_VERIFY_FAILED" in refused.stderr


def run_example(
    mock: RunningCommand, program: str, example: Path, trust: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [program, str(example)],
        env={**os.environ, "HAMSA_WS_URL": mock.ready["ws_url"], "HAMSA_API_KEY": mock.ready["keys"][0], **trust},
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_WAIT,
        check=False,
    )


def test_curl_trusts_by_the_flag_that_the_banner_names(tls_mock: RunningCommand) -> None:
    curl = shutil.which("curl")
    if curl is None:
        leave_out("curl", "install curl")
    url = f"https://{NAME}:{port(tls_mock)}/__mock__/health"
    arguments = [curl, "--silent", "--show-error", "--resolve", f"{NAME}:{port(tls_mock)}:127.0.0.1", url]
    trust = ["--cacert", tls_mock.ready["ca_file"]]
    answer = subprocess.run([*arguments, *trust], capture_output=True, text=True, timeout=SECONDS_TO_WAIT, check=True)
    assert json.loads(answer.stdout) == {"status": "ok"}
    plain = [argument.replace("https:", "http:") for argument in arguments]
    answer = subprocess.run(plain, capture_output=True, text=True, timeout=SECONDS_TO_WAIT, check=True)
    assert json.loads(answer.stdout)["message"].startswith("this looks like plain HTTP")


# Node


@pytest.mark.parametrize("name", NAMES)
def test_node_gets_the_whole_audio(
    node: str, tls_mock: RunningCommand, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """`servername` is the name that Node asks for and finds in the certificate."""
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", tls_mock.ready["ca_file"])
    options = {} if name != NAME else {"servername": NAME, "headers": {"Host": NAME}}
    url = at(tls_mock, "127.0.0.1" if name == NAME else name)
    events = run_client(node, url, tts(SENTENCES[0]), options=options)
    assert [said_or_message(answer) for answer in answers(events)] == [INFO, ACK, SENTENCES[0], END]
    assert events[-1] == {"event": "close", "code": 1000, "reason": ""}


def test_node_refuses_a_name_that_is_not_in_the_certificate(
    node: str, tls_mock: RunningCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", tls_mock.ready["ca_file"])
    events = run_client(node, tls_mock.url, options={"servername": "other.example"})
    assert "does not match certificate's altnames" in events[0]["message"]


def test_node_that_was_not_told_to_trust_the_mock_refuses_it(node: str, tls_mock: RunningCommand) -> None:
    events = run_client(node, tls_mock.url)
    assert [event["event"] for event in events] == ["error", "close"]
    assert "certificate" in events[0]["message"]


# Chromium


def fingerprint(server_file: Path) -> str:
    """Of the server's public key, as --ignore-certificate-errors-spki-list wants it."""
    key = load_pem_x509_certificate(server_file.read_bytes()).public_key()
    return b64encode(sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()).decode()


@needs_signals
def test_browser_that_trusts_the_servers_key_gets_the_whole_audio(browser: Browser, tls_mock: RunningCommand) -> None:
    """Chromium has no flag for a CA. On Linux it reads the user's NSS database, which only certutil can write; the flag
    for a key needs no other program and changes nothing of the user's."""
    server_file = Path(tls_mock.ready["ca_file"]).with_name(SERVER_FILE)
    browser.flags = [
        f"--ignore-certificate-errors-spki-list={fingerprint(server_file)}",
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
    ]
    url = at(tls_mock, NAME).partition("?")[0]
    with speaking(browser, url, SENTENCES[0], key=tls_mock.ready["keys"][0]) as page:
        assert heard(page.until("done")) == SENTENCES[0]
    assert told_of_tls(tls_mock) == ""


@needs_signals
def test_browser_that_does_not_trust_the_mock_is_told_in_the_log(browser: Browser, tls_mock: RunningCommand) -> None:
    with speaking(browser, tls_mock.ready["ws_url"], SENTENCES[0], key=tls_mock.ready["keys"][0]) as page:
        assert "1006" in page.until("closed")["status"]
    assert "does it trust the CA, and the name?" in told_of_tls(tls_mock)
