"""How the banner says that a mock with TLS is trusted and reached."""

from datetime import UTC, datetime
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from hamsa_mock.cli.trust import trust_lines
from hamsa_mock.core.clock import Clock
from hamsa_mock.core.world import World
from hamsa_mock.mock import Mock
from hamsa_mock.shell.addresses import Addresses
from hamsa_mock.shell.tls import Tls
from hamsa_schemas import load_behaviours

EXPIRES = datetime(2027, 4, 2, tzinfo=UTC)


def lines(tls: Tls | None, host: str = "127.0.0.1", port: int = 8765) -> list[str]:
    mock = Mock(World(Clock(lambda: 0), load_behaviours("instant")))
    return [line.strip() for line in trust_lines(Addresses(mock, host, port, tls))]


def made(*names: str, ca_file: str = "/folder/ca.pem") -> Tls:
    return Tls(SSLContext(PROTOCOL_TLS_SERVER), Path(ca_file), names, EXPIRES)


def test_without_a_certificate_of_the_mocks_there_is_nothing_to_say() -> None:
    assert lines(None) == lines(Tls(SSLContext(PROTOCOL_TLS_SERVER))) == []


def test_made_certificate_is_trusted_by_a_setting_of_each_kind_of_client() -> None:
    ca = str(Path("/folder/ca.pem"))
    assert lines(made()) == [
        f"trust     {ca} (until 2027-04-02)",
        f"SSL_CERT_FILE={ca}  for Python, Go, Ruby",
        f"NODE_EXTRA_CA_CERTS={ca}  for Node",
        f"curl --cacert {ca}",
    ]


def test_path_with_spaces_can_be_pasted_into_a_shell() -> None:
    ca = Path("/my folder/ca.pem")
    assert f'curl --cacert "{ca}"' in lines(made(ca_file=str(ca)))


def test_other_host_names_need_a_line_in_the_hosts_file_and_port_443() -> None:
    tls = made("192.0.2.7", "*.example", "api.tryhamsa.com", "other.example")
    entry = "hosts     127.0.0.1 api.tryhamsa.com other.example  (a line for /etc/hosts"
    assert lines(tls)[-1] == f"{entry}; a client without a port in its URL also needs --port 443)"
    assert lines(tls, port=443)[-1] == f"{entry})"
    assert lines(tls, host="::1", port=443)[-1].startswith("hosts     ::1 api")
    assert lines(tls, host="0.0.0.0", port=443)[-1] == f"{entry})"
