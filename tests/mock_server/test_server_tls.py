"""MockServer with TLS, as tests in the same process use it."""

import logging
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from hamsa_mock import MockServer
from hamsa_mock.shell.certificates import CA_FILE, TlsMistake
from tests.mock_server.raw import RawWebSocket, speech


def test_client_that_trusts_the_ca_file_is_served(tmp_path: Path) -> None:
    with MockServer(profile="instant", tls=True, tls_names=["api.tryhamsa.com"], tls_dir=str(tmp_path)) as mock:
        assert mock.ca_file == tmp_path / CA_FILE
        assert mock.ws_url.startswith("wss://")
        assert mock.http_url.startswith("https://")
        context = ssl.create_default_context(cafile=mock.ca_file)
        url = f"{mock.ws_url}?api_key={mock.key}"
        with RawWebSocket(url, context, "api.tryhamsa.com") as connection:
            connection.send(speech())
            assert connection.next_json()["type"] == "ack"


def test_two_mocks_share_a_certificate_and_both_can_be_restarted(tmp_path: Path) -> None:
    first = MockServer(profile="instant", tls=True, tls_dir=tmp_path)
    with first, MockServer(profile="instant", tls=True, tls_dir=tmp_path) as second:
        context = ssl.create_default_context(cafile=second.ca_file)
        first.stop()
        first.start()
        for mock in (first, second):
            with RawWebSocket(f"{mock.ws_url}?api_key={mock.key}", context) as connection:
                connection.send(speech())
                assert connection.next_json()["type"] == "ack"


def test_mock_without_tls_has_nothing_to_trust() -> None:
    with MockServer(profile="instant") as mock:
        assert mock.ca_file is None
    with pytest.raises(TlsMistake, match="need TLS"):
        MockServer(tls_names=["api.tryhamsa.com"])


def test_own_certificate_that_clients_will_refuse_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now, both = datetime.now(UTC), tmp_path / "own.pem"
    leaf = trustme.CA().issue_cert("localhost", not_before=now - timedelta(2), not_after=now - timedelta(1))
    both.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
    with caplog.at_level(logging.WARNING, "hamsa_mock.tls"):
        MockServer(tls=True, tls_cert=both)
    assert caplog.messages == [f"clients will refuse the certificate in {both}: certificate has expired"]
