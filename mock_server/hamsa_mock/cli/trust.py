"""How clients come to trust a mock that serves TLS, and how those with a hard-wired host come to it."""

from hamsa_mock.shell.addresses import Addresses

HTTPS_PORT = 443


def trust_lines(addresses: Addresses) -> list[str]:
    """Lines of the banner; none without TLS, nor with a certificate of the user's."""
    tls = addresses.tls
    if tls is None or tls.ca_file is None or tls.expires is None:
        return []
    ca = str(tls.ca_file)
    if " " in ca:
        ca = f'"{ca}"'
    lines = [
        f"  {'trust':10}{ca} (until {tls.expires:%Y-%m-%d})",
        f"  {'':10}SSL_CERT_FILE={ca}  for Python, Go, Ruby",
        f"  {'':10}NODE_EXTRA_CA_CERTS={ca}  for Node",
        f"  {'':10}curl --cacert {ca}",
    ]
    if tls.redirected:
        address = addresses.origin.rpartition(":")[0].strip("[]")
        port = "" if addresses.port == HTTPS_PORT else "; a client without a port in its URL also needs --port 443"
        lines.append(f"  {'hosts':10}{address} {' '.join(tls.redirected)}  (a line for /etc/hosts{port})")
    return lines
